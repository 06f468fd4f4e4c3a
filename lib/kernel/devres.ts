// SPDX-License-Identifier: GPL-2.0-only
/**
 * Resources that go with the driver of a device: last come, first gone. After include/linux/device/devres.h
 * (device.h before Linux 6.15) and drivers/base/devres.c. Left out: groups, and resources that a driver defines itself.
 */
import {
  type AnyStruct,
  composite,
  type Fields,
  type Handle,
  objectOf,
  type Op,
  request,
  struct,
  type StructHandle,
  type StructOf,
  type StructType,
} from '../machine';
import { allocator } from './allocator';
import type { device } from './device';
import { ENOENT, ENOMEM } from './err';
import {
  INIT_LIST_HEAD,
  list_add_tail,
  list_del,
  list_empty,
  list_entry,
  list_for_each_entry,
  list_head,
} from './list';
import { GFP_KERNEL, kfree } from './slab';
import { spin_lock_init, spinlock_t } from './spinlock';
import { spin_lock_irqsave, spin_unlock_irqrestore } from './spinlock-irq';
import { fn, ptr } from './types';

type Action = (data: Handle | null) => Op<unknown>;

/** What a device has of its resources. */
export const devres_head = struct('devres_head', {
  /** Held while the list changes. */
  lock: spinlock_t,
  /** The resources, the oldest first. */
  list: list_head,
});
export interface devres_head extends StructOf<typeof devres_head> {}

/** One resource: memory, or a function that will be called. */
const devres = struct('devres', {
  entry: list_head,
  data: ptr<Handle>(),
  action: fn<Action>(),
});
interface devres extends StructOf<typeof devres> {}

const KZALLOC = allocator('devm_kzalloc', true);
const ADD_ACTION = allocator('devm_add_action', true);
/** The memory of devm_kzalloc() and its place in the list are one allocation in Linux, which fails as one. */
const NODE = allocator('devres_alloc', true);

/** For device_initialize(). */
export function* devresInit(head: devres_head): Op<void> {
  yield* spin_lock_init(head.lock);
  INIT_LIST_HEAD(head.list);
}

function* locked<T>({ lock }: devres_head, act: () => T): Op<T> {
  const flags = yield* spin_lock_irqsave(lock);
  const result = act();
  yield* spin_unlock_irqrestore(lock, flags);
  return result;
}

function* adding(dev: device, node: Handle, data: Handle | null, action: Action | null): Op<void> {
  const one = node as devres; // the kind was asked for one
  one.data = data;
  one.action = action;
  yield* locked(dev.devres_head, () => {
    list_add_tail(one.entry, dev.devres_head.list);
  });
}

/** Takes the youngest resource off the list that is meant. */
function removing(
  { devres_head: head }: device,
  action: Action | null,
  data: Handle | null,
): Op<devres | null> {
  return locked(head, () => {
    let found: devres | null = null;
    for (const one of list_for_each_entry(head.list, devres, 'entry'))
      if (one.action === action && one.data === data) found = one;
    if (found !== null) list_del(found.entry);
    return found;
  });
}

function* allocating(dev: device, type: AnyStruct, flags: number): Op<Handle | null> {
  const made = yield* request(KZALLOC, null, type, flags);
  if (made === null) return null;
  const node = yield* request(NODE, null, devres, flags);
  if (node !== null) yield* adding(dev, node, made, null);
  else yield* kfree(made);
  return node === null ? null : made;
}

function* freeing(dev: device, object: Handle | null): Op<void> {
  const one = yield* removing(dev, null, object);
  yield* kfree(object);
  yield* kfree(one);
}

function* addingAction(dev: device, action: Action, data: Handle | null): Op<number> {
  const node = yield* request(ADD_ACTION, null, devres, GFP_KERNEL);
  if (node === null) return -ENOMEM;
  yield* adding(dev, node, data, action);
  return 0;
}

function* orReset(dev: device, action: Action, data: Handle | null): Op<number> {
  const ret = yield* addingAction(dev, action, data);
  if (ret !== 0) yield* action(data);
  return ret;
}

function* without(dev: device, action: Action, data: Handle | null, call: boolean): Op<number> {
  const one = yield* removing(dev, action, data);
  if (one === null) return -ENOENT;
  yield* kfree(one);
  if (call) yield* action(data);
  return 0;
}

function* releasing({ devres_head: head }: device): Op<number> {
  let released = 0;
  for (;;) {
    const one = yield* locked(head, () => {
      if (list_empty(head.list)) return null;
      const last = list_entry(head.list.prev as list_head, devres, 'entry'); // the list is not empty
      list_del(last.entry);
      return last;
    });
    if (one === null) return released;
    const { action, data } = one;
    if (action === null) yield* kfree(data);
    else yield* action(data);
    yield* kfree(one);
    released++;
  }
}

/**
 * Allocates zeroed memory that is freed when the driver leaves the device.
 *
 * @example
 * const client = struct('client', { dev: device });
 * const buffer = struct('buffer', { size: int });
 * function* client_release(dev: device) {
 *   yield* kfree(container_of(dev, client, 'dev'));
 * }
 * function* stop(data: Handle | null) {
 *   yield* might_sleep();
 * }
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * one.dev.release = client_release;
 * yield* device_initialize(one.dev);
 * const first = yield* devm_kzalloc(one.dev, buffer, GFP_KERNEL);
 * const second = yield* devm_kzalloc(one.dev, buffer, GFP_KERNEL);
 * yield* devm_add_action(one.dev, stop, first); // => 0
 * yield* devm_add_action_or_reset(one.dev, stop, second); // => 0
 * yield* devm_remove_action(one.dev, stop, first); // => 0
 * yield* devm_release_action(one.dev, stop, second); // => 0
 * yield* devm_release_action(one.dev, stop, second); // => -2
 * yield* devm_kfree(one.dev, second);
 * yield* devres_release_all(one.dev); // => 1
 * yield* put_device(one.dev);
 * alive(one); // => false
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the structure, or NULL if the scenario lets `devm_kzalloc` fail
 * @kernel include/linux/device/devres.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 * @divergence takes the type, not a size
 */
export function devm_kzalloc<F extends Fields>(
  dev: device,
  type: StructType<F>,
  gfp: number,
): Op<StructHandle<F> | null> {
  objectOf(dev); // a wild pointer faults here, at the call
  const op = composite('devm_kzalloc', allocating(dev, type, gfp));
  return op as Op<StructHandle<F> | null>; // kinds do not know the type they are given
}

/**
 * Frees memory of devm_kzalloc() before its time. NULL is allowed.
 *
 * @param p the memory, or NULL
 * @kernel include/linux/device/devres.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 * @divergence memory that is not the device's is freed, too; in Linux it is not, and there is a warning
 */
export function devm_kfree(dev: device, p: Handle | null): Op<void> {
  return composite('devm_kfree', p === null ? kfree(null) : freeing(dev, p));
}

/**
 * Has a function called when the driver leaves the device.
 *
 * @param action the function
 * @param data its argument, or NULL
 * @returns 0, or -ENOMEM if the scenario lets `devm_add_action` fail
 * @kernel include/linux/device/devres.h
 * @context process context; may sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function devm_add_action(
  dev: device,
  action: (data: Handle | null) => Op<unknown>,
  data: Handle | null,
): Op<number> {
  return composite('devm_add_action', addingAction(dev, action, data));
}

/**
 * devm_add_action(), which calls the function at once when there is no memory.
 *
 * @param action the function
 * @param data its argument, or NULL
 * @returns 0, or -ENOMEM if the scenario lets `devm_add_action` fail
 * @kernel include/linux/device/devres.h
 * @context process context; may sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function devm_add_action_or_reset(
  dev: device,
  action: (data: Handle | null) => Op<unknown>,
  data: Handle | null,
): Op<number> {
  return composite('devm_add_action_or_reset', orReset(dev, action, data));
}

/**
 * Takes an action back that devm_add_action() has added, without calling it.
 *
 * @param action the function
 * @param data its argument, or NULL
 * @returns 0, or -ENOENT if there is no such action
 * @kernel include/linux/device/devres.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 * @divergence returns the error, as devm_remove_action_nowarn() does, and does not warn
 */
export function devm_remove_action(
  dev: device,
  action: (data: Handle | null) => Op<unknown>,
  data: Handle | null,
): Op<number> {
  return composite('devm_remove_action', without(dev, action, data, false));
}

/**
 * Calls an action before its time, and takes it back.
 *
 * @param action the function
 * @param data its argument, or NULL
 * @returns 0, or -ENOENT if there is no such action
 * @kernel include/linux/device/devres.h
 * @context any in which the function may run; sleeps if it does
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 * @divergence returns the error, and does not warn
 */
export function devm_release_action(
  dev: device,
  action: (data: Handle | null) => Op<unknown>,
  data: Handle | null,
): Op<number> {
  return composite('devm_release_action', without(dev, action, data, true));
}

/**
 * Releases all resources of a device, the youngest first. For subsystems: after the driver's remove(), or when its probe() has failed.
 *
 * @returns how many there were
 * @kernel drivers/base/base.h
 * @context process context; may sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 * @divergence in Linux all resources leave the list in one step
 */
export function devres_release_all(dev: device): Op<number> {
  return composite('devres_release_all', releasing(dev));
}
