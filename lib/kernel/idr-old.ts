// SPDX-License-Identifier: GPL-2.0-only
/**
 * The IDR of 2.6. Callers allocate layers in advance, outside of the lock, into a store that all of them share. After lib/idr.c of
 * 2.6.17. For an IDR defined with `{ era: '2.6' }`; idr.ts has the code that both eras share.
 */
import { type Kind, objectOf, type Op, request, storable } from '../machine';
import { EAGAIN, ENOSPC } from './err';
import type { idr, Idr } from './idr';
import { failed, failurePoint } from './may-fail';
import { gfpflags_allow_blocking } from './slab';

/** Receives a number: an int pointer in C. */
export interface id_out {
  /** The number, once the call has succeeded. */
  value: number;
}

const MAX_ID = 0x7fffffff;

/** The names of the failures: an allocation that may not wait can fail when others do not. */
const MAY_WAIT = failurePoint('idr_pre_get');
const ATOMIC = failurePoint('idr_pre_get(GFP_ATOMIC)');

function failureName(gfp: number): string {
  return gfpflags_allow_blocking(gfp) ? MAY_WAIT : ATOMIC;
}

// In Linux the store has a lock of its own; here it is the first location, and each operation on it is one step.
const PRE_GET: Kind<Idr, [gfp: number], number> = {
  name: 'idr_pre_get',
  access: 'write',
  outcomes: (machine, task, { a: gfp }) => machine.outcomesOf(failureName(gfp), task),
  announce(machine, task, { a: gfp, site }) {
    if (gfpflags_allow_blocking(gfp)) machine.mightSleep(task, 'idr_pre_get', site);
  },
  perform(machine, task, { object: idr, a: gfp }) {
    if (failed(failureName(gfp), machine, task)) return 0;
    idr.tree.prepare(idr.options.layersMax);
    return 1;
  },
};

interface Wanted {
  readonly start: number;
  readonly out: id_out;
}

function getter(name: string): Kind<Idr, [pointer: unknown, wanted: Wanted], number> {
  return {
    name,
    access: 'write',
    perform(machine, _task, { object: idr, a: pointer, b: { start, out }, site }) {
      const { tree, old } = idr;
      if (!old) throw new TypeError(`${name}() needs an IDR of { era: '2.6' }`);
      machine.plain(idr, 1, true, site);
      const id = tree.lowestFree(start);
      if (id > MAX_ID) return -ENOSPC;
      if (!tree.take(id, pointer)) return -EAGAIN;
      out.value = id;
      return 0;
    },
  };
}

const GET_NEW = getter('idr_get_new');
const GET_NEW_ABOVE = getter('idr_get_new_above');

/**
 * Prepares the layers that a number may need. Returns 1, or 0 (which is not an error number) if memory is short. Other tasks may
 * use the layers up first.
 *
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns 1, or 0 if the scenario lets `idr_pre_get` fail; `idr_pre_get(GFP_ATOMIC)` with GFP_ATOMIC
 * @kernel include/linux/idr.h
 * @context outside the lock that protects the IDR; may sleep with GFP_KERNEL
 * @ordering none
 */
export function idr_pre_get(idp: idr, gfp: number): Op<number> {
  return request(PRE_GET, objectOf(idp), gfp);
}

/**
 * Gives a pointer the lowest free number.
 *
 * @example
 * const device = struct('device', { id: int });
 * const minors = DEFINE_IDR('minors', { era: '2.6' });
 * const lock = DEFINE_MUTEX('lock');
 * const one = DEFINE_STATIC('one', device);
 * const minor = { value: -1 };
 * yield* idr_pre_get(minors, GFP_KERNEL); // => 1
 * yield* mutex_lock(lock);
 * yield* idr_get_new(minors, one, minor); // => 0
 * minor.value; // => 0
 * yield* idr_get_new_above(minors, one, 2, minor); // => 0
 * minor.value; // => 2
 * yield* mutex_unlock(lock);
 * @param pointer the pointer for the number; may be NULL
 * @param id receives the number
 * @returns 0 and the number in `id`; -EAGAIN if idr_pre_get() has to be called again; -ENOSPC if all are taken
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR; does not sleep
 * @ordering none
 * @divergence if there are too few layers it uses none of them
 */
export function idr_get_new<T>(idp: idr<T>, pointer: T | null, id: id_out): Op<number> {
  return idr_get_new_kind(GET_NEW, idp, pointer, 0, id);
}

/**
 * Gives a pointer the lowest free number from `start` on.
 *
 * @param pointer the pointer for the number; may be NULL
 * @param start the lowest acceptable number
 * @param id receives the number
 * @returns 0 and the number in `id`; -EAGAIN if idr_pre_get() has to be called again; -ENOSPC if all are taken
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR; does not sleep
 * @ordering none
 * @divergence if there are too few layers it uses none of them
 */
export function idr_get_new_above<T>(
  idp: idr<T>,
  pointer: T | null,
  start: number,
  id: id_out,
): Op<number> {
  return idr_get_new_kind(GET_NEW_ABOVE, idp, pointer, start, id);
}

function idr_get_new_kind(
  kind: typeof GET_NEW,
  idp: idr,
  pointer: unknown,
  start: number,
  out: id_out,
): Op<number> {
  storable(pointer);
  return request(kind, objectOf(idp), pointer, { start, out });
}
