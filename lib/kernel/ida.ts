// SPDX-License-Identifier: GPL-2.0-only
/** IDA: small numbers without pointers, with a lock of its own inside. After include/linux/idr.h and lib/idr.c of 5.14. */
import {
  type Arguments,
  type Branded,
  type Embeddable,
  embeddable,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  SyncObject,
} from '../machine';
import { ENOMEM, ENOSPC } from './err';
import { failed, outcomesOf } from './may-fail';
import { gfpflags_allow_blocking } from './slab';

/** A set of numbers. Embed it as `ids: ida`. */
export interface ida extends Branded<'ida', Ida> {}

class Ida extends SyncObject {
  readonly typeName = 'ida';
  readonly handle: ida = makeHandle(this);
  readonly used = new Set<number>();

  init(): void {
    this.used.clear();
    this.initialised = true;
  }

  protected override reset(): void {
    super.reset();
    this.init();
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.used.clear();
    this.initialised = zeroed;
  }
}

/** Type of an IDA member of a structure. Unusable until ida_init() has run on it. */
export const ida: Embeddable<ida> = embeddable('ida', () => new Ida());

/**
 * Defines a static IDA, empty.
 *
 * @kernel include/linux/idr.h
 */
export function DEFINE_IDA(name: string): ida {
  return new Ida().makeStatic(name).handle;
}

/** Both ends included. */
interface Range {
  readonly min: number;
  readonly max: number;
}

const INT_MAX = 0x7fffffff;

const INIT: Kind<Ida, [], void> = {
  name: 'ida_init',
  access: 'write',
  perform(_machine, _task, { object }) {
    object.init();
  },
};

/** A step under the lock inside. */
function locked<A extends Arguments, R>(kind: Kind<Ida, A, R>): Kind<Ida, A, R> {
  return {
    ...kind,
    perform(machine, task, request) {
      machine.acquire(task, request.object);
      const result = kind.perform(machine, task, request);
      machine.release(task, request.object, true);
      return result;
    },
  };
}

const DESTROY: Kind<Ida, [], void> = locked({ ...INIT, name: 'ida_destroy' });

const ALLOC = locked<[range: Range, gfp: number], number>({
  name: 'ida_alloc',
  access: 'write',
  outcomes: outcomesOf('ida_alloc'),
  announce(machine, task, { b: gfp, site }) {
    if (gfpflags_allow_blocking(gfp)) machine.mightSleep(task, 'ida_alloc', site);
  },
  perform(machine, task, { object: { used }, a: { min, max } }) {
    if (min < 0) return -ENOSPC;
    if (failed('ida_alloc', machine, task)) return -ENOMEM;
    let id = min;
    while (used.has(id)) id++;
    if (id > max) return -ENOSPC;
    used.add(id);
    return id;
  },
});

const FREE: Kind<Ida, [id: number], void> = locked({
  name: 'ida_free',
  access: 'write',
  perform(machine, _task, { object, a: id, site }) {
    if (object.used.delete(id)) return;
    const message = `ida_free called for id=${id} which is not allocated.`;
    machine.complain({ check: 'warn', message, object, site });
  },
});

const EMPTY: Kind<Ida, [], boolean> = {
  name: 'ida_is_empty',
  access: 'read',
  perform: (_machine, _task, { object }) => object.used.size === 0,
};

/**
 * Makes an IDA usable, empty.
 *
 * @kernel include/linux/idr.h
 * @context any; does not sleep
 * @ordering none
 */
export function ida_init(ida: ida): Op<void> {
  return request(INIT, objectOf(ida));
}

/**
 * Takes the lowest free number.
 *
 * @example
 * const table = struct('table', { ids: ida });
 * const ids = DEFINE_IDA('ids');
 * const t = DEFINE_STATIC('t', table);
 * yield* ida_init(t.ids);
 * yield* ida_alloc(t.ids, GFP_KERNEL); // => 0
 * yield* ida_alloc_min(t.ids, 4, GFP_KERNEL); // => 4
 * yield* ida_alloc_max(t.ids, 0, GFP_KERNEL); // => -28
 * yield* ida_alloc_range(t.ids, 0, 9, GFP_KERNEL); // => 1
 * yield* ida_free(t.ids, 4);
 * yield* ida_is_empty(ids); // => true
 * yield* ida_destroy(t.ids);
 * yield* ida_is_empty(t.ids); // => true
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the number, -ENOSPC if there is none, -ENOMEM if the scenario lets `ida_alloc` fail
 * @kernel include/linux/idr.h
 * @context any with GFP_ATOMIC; process context with GFP_KERNEL, may sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function ida_alloc(ida: ida, gfp: number): Op<number> {
  return ida_alloc_range(ida, 0, INT_MAX, gfp);
}

/**
 * ida_alloc() from a number on.
 *
 * @param min the lowest acceptable number
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the number, -ENOSPC if there is none, -ENOMEM if the scenario lets `ida_alloc` fail
 * @kernel include/linux/idr.h
 * @context any with GFP_ATOMIC; process context with GFP_KERNEL, may sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function ida_alloc_min(ida: ida, min: number, gfp: number): Op<number> {
  return ida_alloc_range(ida, min, INT_MAX, gfp);
}

/**
 * ida_alloc() up to a number.
 *
 * @param max the highest acceptable number
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the number, -ENOSPC if there is none, -ENOMEM if the scenario lets `ida_alloc` fail
 * @kernel include/linux/idr.h
 * @context any with GFP_ATOMIC; process context with GFP_KERNEL, may sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function ida_alloc_max(ida: ida, max: number, gfp: number): Op<number> {
  return ida_alloc_range(ida, 0, max, gfp);
}

/**
 * ida_alloc() from one number up to another one, both included.
 *
 * @param min the lowest acceptable number
 * @param max the highest acceptable number
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the number, -ENOSPC if there is none, -ENOMEM if the scenario lets `ida_alloc` fail
 * @kernel include/linux/idr.h
 * @context any with GFP_ATOMIC; process context with GFP_KERNEL, may sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function ida_alloc_range(ida: ida, min: number, max: number, gfp: number): Op<number> {
  return request(ALLOC, objectOf(ida), { min, max: max < 0 ? INT_MAX : max }, gfp);
}

/**
 * Frees a number. One that is free already is reported.
 *
 * @param id the number
 * @kernel include/linux/idr.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 * @divergence a negative number is reported as any other that is free; before Linux 5.19 it is a BUG, and nothing since
 */
export function ida_free(ida: ida, id: number): Op<void> {
  return request(FREE, objectOf(ida), id);
}

/**
 * Frees all numbers.
 *
 * @kernel include/linux/idr.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function ida_destroy(ida: ida): Op<void> {
  return request(DESTROY, objectOf(ida));
}

/**
 * Whether no number is in use.
 *
 * @returns whether none is; it may already be stale
 * @kernel include/linux/idr.h
 * @context any; does not sleep
 * @ordering none
 */
export function ida_is_empty(ida: ida): Op<boolean> {
  return request(EMPTY, objectOf(ida));
}
