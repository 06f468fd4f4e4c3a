// SPDX-License-Identifier: GPL-2.0-only
/** Free indices of an XArray, and walks over it. After include/linux/xarray.h and lib/xarray.c. */
import { composite, type Kind, type Op, request, storable } from '../machine';
import { EBUSY, EINVAL, ENOMEM } from './err';
import { failed, outcomesOf } from './may-fail';
import type { out } from './types';
import { locked } from './xarray';
import { changing, type Entries, entriesOf, put, type xarray } from './xarray-object';

/** The indices that xa_alloc() may give, both ends included. */
export interface xa_limit {
  /** The lowest. */
  readonly min: number;
  /** The highest. */
  readonly max: number;
}

/** Any index of 32 bits. @kernel include/linux/xarray.h */
export const xa_limit_32b: xa_limit = Object.freeze({ min: 0, max: 0xffffffff });
/** Any index of 31 bits: none is negative as an int. @kernel include/linux/xarray.h */
export const xa_limit_31b: xa_limit = Object.freeze({ min: 0, max: 0x7fffffff });
/** Any index of 16 bits. @kernel include/linux/xarray.h */
export const xa_limit_16b: xa_limit = Object.freeze({ min: 0, max: 0xffff });
/** Finds indices that have a pointer. @kernel include/linux/xarray.h */
export const XA_PRESENT = 8;

const ALLOC: Kind<Entries, [entry: unknown, limit: xa_limit], number> = {
  ...changing<[entry: unknown, limit: xa_limit], number>(
    'xa_alloc',
    (entries, { a: entry, b: { min, max }, site }, machine) => {
      if (entries.lowest === null) {
        machine.complain({ check: 'warn', message: '', object: entries, site });
        return -EINVAL;
      }
      if (failed('xa_alloc', machine, machine.task)) return -ENOMEM;
      let index = Math.max(min, entries.lowest);
      while (entries.at.has(index)) index++;
      if (index > max) return -EBUSY;
      put(machine, entries, index, entry);
      return index;
    },
  ),
  outcomes: outcomesOf('xa_alloc'),
};

const NEXT: Kind<Entries, [from: number, last: number], Found | null> = {
  name: 'xa_find',
  access: 'read',
  perform(machine, task, { object: entries, a: from, b: last }) {
    const index = entries.next(from, last);
    if (index === null) return null;
    machine.acquire(task, entries.point(index)); // the address dependency
    return { index, entry: entries.find(index) };
  },
};

interface Found {
  readonly index: number;
  readonly entry: unknown;
}

function* allocating(xa: xarray, id: out<number>, entry: unknown, limit: xa_limit): Op<number> {
  const index = yield* request(ALLOC, entriesOf(xa), entry, limit);
  if (index < 0) return index;
  id.value = index;
  return 0;
}

function* finding(xa: xarray, index: out<number>, from: number, last: number): Op<unknown> {
  const found = yield* request(NEXT, entriesOf(xa), from, last);
  if (found === null) return null;
  index.value = found.index;
  return found.entry;
}

/** A copy of a limit: an object of a driver's own could give other numbers later. */
function limitOf({ min, max }: xa_limit): xa_limit {
  if (typeof min !== 'number' || typeof max !== 'number')
    throw new TypeError('xa_alloc: a limit is two numbers');
  return { min, max };
}

/**
 * The limit from one index to another one.
 *
 * @param min the lowest index
 * @param max the highest index
 * @returns the limit
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering none
 */
export function XA_LIMIT(min: number, max: number): xa_limit {
  return { min, max };
}

/**
 * Stores a pointer at the lowest free index.
 *
 * @example
 * const device = struct('device', { id: int });
 * const devices = DEFINE_XARRAY_ALLOC<StructOf<typeof device>>('devices');
 * const table = DEFINE_STATIC('table', struct('table', { devices: xarray }));
 * const one = DEFINE_STATIC('one', device);
 * function* ids() {
 *   let all = '';
 *   const index = { value: 0 };
 *   for (
 *     let entry = yield* xa_find(devices, index, 9, XA_PRESENT);
 *     entry !== null;
 *     entry = yield* xa_find_after(devices, index, 9, XA_PRESENT)
 *   )
 *     all += index.value;
 *   return all;
 * }
 * yield* xa_init_flags(table.devices, XA_FLAGS_ALLOC1);
 * const id = { value: 0 };
 * yield* xa_alloc(devices, id, one, XA_LIMIT(4, 5), GFP_KERNEL);
 * yield* xa_lock(devices);
 * yield* __xa_alloc(devices, id, one, xa_limit_31b, GFP_ATOMIC);
 * yield* xa_unlock(devices);
 * yield* ids();
 * yield* xa_erase(devices, 4);
 * @param id gets the index
 * @param entry the pointer; NULL reserves the index
 * @param limit the indices that may be given
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns 0, -EBUSY if no index is free, -ENOMEM if the scenario lets `xa_alloc` fail, -EINVAL without XA_FLAGS_ALLOC
 * @kernel include/linux/xarray.h
 * @context any but the holder of the lock; may sleep with GFP_KERNEL
 * @ordering release, to xa_load() of the index, when it returns 0
 * @divergence `id` is a variable that is written to
 */
export function xa_alloc<T>(
  xa: xarray<T>,
  id: out<number>,
  entry: T | null,
  limit: xa_limit,
  gfp: number,
): Op<number> {
  storable(entry);
  const copy = limitOf(limit);
  return composite(
    'xa_alloc',
    locked(xa, 'xa_alloc', gfp, () => allocating(xa, id, entry, copy)),
  );
}

/**
 * xa_alloc() for the holder of the lock.
 *
 * @param id gets the index
 * @param entry the pointer; NULL reserves the index
 * @param limit the indices that may be given
 * @returns 0, -EBUSY if no index is free, -ENOMEM if the scenario lets `xa_alloc` fail, -EINVAL without XA_FLAGS_ALLOC
 * @kernel include/linux/xarray.h
 * @context under the lock; does not sleep
 * @ordering release, to xa_load() of the index, when it returns 0
 * @divergence `gfp` is not looked at: it never releases the lock to allocate, which Linux may do with GFP_KERNEL
 */
export function __xa_alloc<T>(
  xa: xarray<T>,
  id: out<number>,
  entry: T | null,
  limit: xa_limit,
  _gfp: number,
): Op<number> {
  storable(entry);
  return composite('__xa_alloc', allocating(xa, id, entry, limitOf(limit)));
}

/**
 * The first pointer from an index on, that index included: where xa_for_each() begins.
 *
 * @param index where to begin; gets the index that is found
 * @param max the last index
 * @param _filter XA_PRESENT
 * @returns the pointer; NULL if there is none
 * @kernel include/linux/xarray.h
 * @context any, if the caller keeps the object from being freed; does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence knows no marks
 */
export function xa_find<T>(
  xa: xarray<T>,
  index: out<number>,
  max: number,
  _filter: number,
): Op<T | null> {
  return composite('xa_find', finding(xa, index, index.value, max)) as Op<T | null>; // an xarray<T> contains nothing else
}

/**
 * The first pointer after an index: the next step of xa_for_each().
 *
 * @param index the last index that was found; gets the next one
 * @param max the last index
 * @param _filter XA_PRESENT
 * @returns the pointer; NULL if there is none
 * @kernel include/linux/xarray.h
 * @context any, if the caller keeps the object from being freed; does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence knows no marks
 */
export function xa_find_after<T>(
  xa: xarray<T>,
  index: out<number>,
  max: number,
  _filter: number,
): Op<T | null> {
  return composite('xa_find_after', finding(xa, index, index.value + 1, max)) as Op<T | null>; // as above
}
