// SPDX-License-Identifier: GPL-2.0-only
/** Walks over an IDR, and numbers that are not reused at once. After include/linux/idr.h and lib/idr.c of 5.14. */
import { composite, objectOf, type Op, request } from '../machine';
import { ENOSPC } from './err';
import { changing, type idr, idr_alloc, looking } from './idr';
import type { out } from './types';

/** A lookup of the next number that has a pointer, with the address dependency through it. */
function walking(name: string) {
  const look = looking(name, (idr, after) => idr.tree.next(after));
  const walk: typeof look = {
    ...look,
    perform(machine, task, request) {
      const found = look.perform(machine, task, request);
      const { object: idr } = request;
      if (found !== null && !idr.old) machine.acquire(task, idr.point(found.id));
      return found;
    },
  };
  return walk;
}

const NEXT = walking('idr_for_each');
const NEXT_ENTRY = walking('idr_get_next');
const CURSOR = looking('idr_alloc_cyclic', (idr) => idr.cursor);
const CONTINUE = changing<[id: number], undefined>(
  'idr_alloc_cyclic',
  (idr, _machine, { a: id }) => {
    idr.cursor = id + 1;
  },
  false,
);
const EMPTY = looking('idr_is_empty', (idr) => idr.tree.entries.size === 0);

/** The callback of idr_for_each() for every entry; a result other than 0 stops the walk. */
export type IdrVisit<T, D> = (id: number, pointer: T, data: D) => Op<number>;

function* visiting<T, D>(idr: idr<T>, fn: IdrVisit<T, D>, data: D): Op<number> {
  for (let after = -1; ;) {
    const found = yield* request(NEXT, objectOf(idr), after);
    if (found === null) return 0;
    // An idr<T> contains nothing else.
    const result = yield* fn(found.id, found.entry as T, data);
    if (result !== 0) return result;
    after = found.id;
  }
}

/**
 * Calls a function for each number in ascending order, except those with a NULL pointer. Stops if the function returns a value
 * other than 0.
 *
 * @example
 * const device = struct('device', { id: int });
 * const table = struct('table', { devices: idr });
 * const t = DEFINE_STATIC('t', table);
 * const one = DEFINE_STATIC('one', device);
 * const count = DEFINE_ATOMIC('count', 0);
 * function* visit(id: number) {
 *   yield* atomic_inc(count);
 *   return 0;
 * }
 * yield* idr_init(t.devices);
 * yield* idr_alloc(t.devices, one, 0, 0, GFP_KERNEL); // => 0
 * yield* idr_for_each(t.devices, visit, null); // => 0
 * yield* atomic_read(count); // => 1
 * yield* idr_destroy(t.devices);
 * @param fn receives number, pointer and `data`; a result other than 0 stops the walk
 * @param data passed to `fn`
 * @returns 0, or the result that stopped the walk
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR, or inside rcu_read_lock(); sleeps if the function does
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence acquire, from the idr_alloc() or idr_replace() that stored it; nothing in the form of 2006
 */
export function idr_for_each<T, D>(idr: idr<T>, fn: IdrVisit<T, D>, data: D): Op<number> {
  return composite('idr_for_each', visiting(idr, fn, data));
}

function* nextOf<T>(idr: idr<T>, id: out<number>): Op<T | null> {
  const found = yield* request(NEXT_ENTRY, objectOf(idr), id.value - 1);
  if (found === null) return null;
  id.value = found.id;
  return found.entry as T; // an idr<T> contains nothing else
}

/**
 * The first pointer from a number on: one step of idr_for_each_entry(), whose loop then adds 1 to the number.
 *
 * @example
 * const device = struct('device', { id: int });
 * const devices = DEFINE_IDR<StructOf<typeof device>>('devices');
 * const one = DEFINE_STATIC('one', device);
 * const lock = DEFINE_MUTEX('lock');
 * function* count() {
 *   let found = 0;
 *   const id = { value: 0 };
 *   while ((yield* idr_get_next(devices, id)) !== null) {
 *     found++;
 *     id.value++;
 *   }
 *   return found;
 * }
 * yield* mutex_lock(lock);
 * yield* idr_is_empty(devices); // => true
 * yield* idr_alloc_cyclic(devices, one, 0, 2, GFP_KERNEL); // => 0
 * yield* idr_remove(devices, 0);
 * yield* idr_alloc_cyclic(devices, one, 0, 2, GFP_KERNEL); // => 1
 * yield* idr_alloc_cyclic(devices, one, 0, 2, GFP_KERNEL); // => 0
 * yield* count(); // => 2
 * yield* mutex_unlock(lock);
 * @param id the number to begin with; gets the number that is found
 * @returns the pointer; NULL if there is none
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR, or inside rcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence acquire, from the idr_alloc() or idr_replace() that stored it; nothing in the form of 2006
 */
export function idr_get_next<T>(idr: idr<T>, id: out<number>): Op<T | null> {
  return composite('idr_get_next', nextOf(idr, id));
}

function* cycling<T>(
  idr: idr<T>,
  pointer: T | null,
  start: number,
  end: number,
  gfp: number,
): Op<number> {
  const cursor = yield* request(CURSOR, objectOf(idr), 0);
  let id = yield* idr_alloc(idr, pointer, Math.max(start, cursor), end, gfp);
  if (id === -ENOSPC && start >= 0 && cursor > start)
    id = yield* idr_alloc(idr, pointer, start, end, gfp);
  if (id >= 0) yield* request(CONTINUE, objectOf(idr), id);
  return id;
}

/**
 * idr_alloc() that continues after the number it gave last, so that a number is not used again at once.
 *
 * @param pointer the pointer for the number; may be NULL
 * @param start the lowest acceptable number
 * @param end an upper limit, which is excluded; 0 or less means no limit
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the number, -ENOSPC if there is none, -ENOMEM if the scenario lets `idr_alloc` fail
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR; may sleep with GFP_KERNEL
 * @ordering release, to idr_find() of the number
 */
export function idr_alloc_cyclic<T>(
  idr: idr<T>,
  pointer: T | null,
  start: number,
  end: number,
  gfp: number,
): Op<number> {
  return composite('idr_alloc_cyclic', cycling(idr, pointer, start, end, gfp));
}

/**
 * Whether no number is in use.
 *
 * @returns whether none is; without the lock it may already be stale
 * @kernel include/linux/idr.h
 * @context under the lock that protects the IDR, or inside rcu_read_lock(); does not sleep
 * @ordering none
 */
export function idr_is_empty(idr: idr): Op<boolean> {
  return request(EMPTY, objectOf(idr), 0);
}
