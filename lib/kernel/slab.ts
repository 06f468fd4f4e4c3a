// SPDX-License-Identifier: GPL-2.0-only
/** Memory. After include/linux/slab.h. */
import {
  type AnyStruct,
  composite,
  type Fields,
  type Handle,
  type Kind,
  objectOf,
  type Op,
  request,
  type StructHandle,
  type StructType,
  writing,
  makeStruct,
} from '../machine';
import { failed, outcomesOf } from './may-fail';
import { freeing, keep, reusable, reuse } from './slab-reuse';

/** Allocation may sleep: process context only. @kernel include/linux/gfp.h */
export const GFP_KERNEL = 0xcc0;
/** Allocation must not sleep: for atomic context. @kernel include/linux/gfp.h */
export const GFP_ATOMIC = 0x820;
/** Allocation must not sleep and uses no reserves. @kernel include/linux/gfp.h */
export const GFP_NOWAIT = 0x800;
const GFP_DIRECT_RECLAIM = 0x400;

/**
 * Whether an allocation with these flags may sleep.
 *
 * @param flags GFP_KERNEL, GFP_ATOMIC or GFP_NOWAIT
 * @returns true for GFP_KERNEL
 * @kernel include/linux/gfp.h
 * @context any; does not sleep
 * @ordering none
 */
export function gfpflags_allow_blocking(flags: number): boolean {
  return (flags & GFP_DIRECT_RECLAIM) !== 0;
}

/** How memory is allocated by a function of that name, which a scenario may let fail. */
export function allocator(
  name: string,
  zeroed: boolean,
): Kind<null, [type: AnyStruct, flags: number], Handle | null> {
  return {
    name,
    access: 'none',
    outcomes: outcomesOf(name),
    announce(machine, task, { b: flags, site }) {
      if (gfpflags_allow_blocking(flags)) machine.mightSleep(task, name, site);
    },
    perform(machine, task, { a: type, site }) {
      if (failed(name, machine, task)) return null;
      const object = makeStruct(type);
      object.clear(zeroed);
      machine.allocate(object, site);
      return object.handle;
    },
  };
}

const KMALLOC = allocator('kmalloc', false);
const KZALLOC = allocator('kzalloc', true);

const KFREE: Kind<null, [object: Handle | null], void> = {
  name: 'kfree',
  access: 'none',
  extra({ a }) {
    const footprint: number[] = [];
    if (a === null) return footprint;
    const object = objectOf(a);
    for (let i = 0; i < object.size; i++) footprint.push(writing(object.base + i));
    return footprint.concat(freeing(object));
  },
  perform(machine, _task, { a, site }) {
    if (a === null) return;
    const object = objectOf(a);
    const { memory } = object;
    if (memory?.region !== 'slab' || memory.object !== object) {
      const message = `invalid-free of ${object.label}`;
      machine.complain({ check: 'slab', message, object, site });
      return;
    }
    if (!memory.freed) keep(machine, object);
    machine.free(memory, site);
  },
};

function* reusing(type: AnyStruct, flags: number, zeroed: boolean): Op<Handle | null> {
  const old = yield* reuse(type, zeroed, gfpflags_allow_blocking(flags));
  return old ?? (yield* request(zeroed ? KZALLOC : KMALLOC, null, type, flags));
}

function allocate<F extends Fields>(
  type: StructType<F>,
  flags: number,
  zeroed: boolean,
): Op<StructHandle<F> | null> {
  const kind = zeroed ? KZALLOC : KMALLOC;
  const op = reusable(type.typeName)
    ? composite(kind.name, reusing(type, flags, zeroed))
    : request(kind, null, type, flags);
  return op as Op<StructHandle<F> | null>; // kinds do not know the type they are given
}

/**
 * Allocates a structure with undefined contents: KMSAN reports a read of a field before it is written.
 *
 * @example
 * const client = struct('client', { id: int, name: text });
 * const one = yield* kmalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * one.id = 7;
 * one.id; // => 7
 * yield* kfree(one);
 * alive(one); // => false
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the structure, or NULL if the scenario lets `kmalloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size; memory is reused only if the scenario says so
 */
export function kmalloc<F extends Fields>(
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  return allocate(type, flags, false);
}

/**
 * Allocates a zeroed structure. Locks and lists in it still need their init functions.
 *
 * @example
 * const client = struct('client', { id: int, name: text });
 * const one = yield* kzalloc(client, GFP_ATOMIC);
 * if (one === null) return;
 * one.id; // => 0
 * yield* memset(one, 0);
 * yield* kfree(one);
 * gfpflags_allow_blocking(GFP_ATOMIC); // => false
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the structure, or NULL if the scenario lets `kzalloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size
 */
export function kzalloc<F extends Fields>(
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  return allocate(type, flags, true);
}

/**
 * Frees memory. NULL is allowed; anything else must come from an allocation and not be freed yet.
 *
 * @param object the result of an allocation, or NULL
 * @kernel include/linux/slab.h
 * @context any; does not sleep
 * @ordering none
 */
export function kfree(object: Handle | null): Op<void> {
  if (object !== null) objectOf(object); // a wild pointer faults here, at the call
  return request(KFREE, null, object);
}
