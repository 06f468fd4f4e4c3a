// SPDX-License-Identifier: GPL-2.0-only
/** XArray: pointers by index, with a lock for changes inside. After include/linux/xarray.h and lib/xarray.c. */
import { composite, type Kind, type Machine, type Op, request, storable } from '../machine';
import { type errptr, ERR_PTR, ENOMEM, EBUSY, PTR_ERR } from './err';
import { failed, outcomesOf } from './may-fail';
import { spin_lock, spin_unlock } from './spinlock';
import { changing, type Entries, entriesOf, mayAllocate, put, type xarray } from './xarray-object';

/** What a changing operation works with: the index, and what is stored. */
interface Wanted {
  readonly index: number;
  readonly entry: unknown;
}

const LOAD: Kind<Entries, [index: number]> = {
  name: 'xa_load',
  access: 'read',
  perform(machine, task, { object: entries, a: index }) {
    machine.acquire(task, entries.point(index)); // the address dependency
    return entries.find(index);
  },
};

const EMPTY: Kind<Entries, [], boolean> = {
  name: 'xa_empty',
  access: 'read',
  perform: (_machine, _task, { object }) => object.at.size === 0,
};

/** Puts an entry in the place of another, which it returns; NULL leaves nothing there. */
function replace(machine: Machine, entries: Entries, { index, entry }: Wanted): unknown {
  const old = entries.find(index);
  if (entry === null) entries.at.delete(index);
  else put(machine, entries, index, entry);
  return old;
}

const STORE: Kind<Entries, [wanted: Wanted]> = {
  ...changing<[wanted: Wanted], unknown>(
    'xa_store',
    (entries, { a: { index, entry } }, machine) => {
      if (entry !== null && failed('xa_store', machine, machine.task)) return ERR_PTR(-ENOMEM);
      return replace(machine, entries, { index, entry });
    },
  ),
  outcomes: outcomesOf('xa_store'),
};

const INSERT: Kind<Entries, [wanted: Wanted], number> = {
  ...changing<[wanted: Wanted], number>(
    'xa_insert',
    (entries, { a: { index, entry } }, machine) => {
      if (failed('xa_insert', machine, machine.task)) return -ENOMEM;
      if (entries.at.has(index)) return -EBUSY;
      put(machine, entries, index, entry);
      return 0;
    },
  ),
  outcomes: outcomesOf('xa_insert'),
};

const CMPXCHG = changing<[wanted: Wanted, old: unknown], unknown>(
  'xa_cmpxchg',
  (entries, { a: wanted, b: expected }, machine) => {
    const old = entries.find(wanted.index);
    return old === expected ? replace(machine, entries, wanted) : old;
  },
);

const ERASE = changing<[index: number], unknown>('xa_erase', (entries, { a: index }, machine) =>
  replace(machine, entries, { index, entry: null }),
);

const DESTROY = changing<[], undefined>('xa_destroy', (entries) => {
  entries.at.clear();
});

/** A change with the lock taken for it. */
export function* locked<R>(xa: xarray, name: string, gfp: number, change: () => Op<R>): Op<R> {
  mayAllocate(name, gfp);
  yield* spin_lock(xa.xa_lock);
  const result = yield* change();
  yield* spin_unlock(xa.xa_lock);
  return result;
}

/**
 * Looks up an index. The object may be removed and freed at any time, unless the caller holds the lock or is in a read section.
 *
 * @param index the index
 * @returns the pointer; NULL if there is none
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 * @divergence acquire, from the operation that stored the pointer
 */
export function xa_load<T>(xa: xarray<T>, index: number): Op<T | null> {
  return request(LOAD, entriesOf(xa), index) as Op<T | null>; // an xarray<T> contains nothing else
}

/**
 * Whether nothing is stored at any index.
 *
 * @returns whether there is nothing; it may already be stale
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering none
 */
export function xa_empty(xa: xarray): Op<boolean> {
  return request(EMPTY, entriesOf(xa));
}

/**
 * Stores a pointer at an index.
 *
 * @example
 * const device = struct('device', { id: int });
 * const table = struct('table', { devices: xarray });
 * const t = DEFINE_STATIC('t', table);
 * const one = DEFINE_STATIC('one', device);
 * const two = DEFINE_STATIC('two', device);
 * yield* xa_init(t.devices);
 * yield* xa_store(t.devices, 3, one, GFP_KERNEL); // => null
 * (yield* xa_store(t.devices, 3, two, GFP_KERNEL)) === one; // => true
 * (yield* xa_load(t.devices, 3)) === two; // => true
 * yield* xa_insert(t.devices, 3, one, GFP_KERNEL); // => -16
 * (yield* xa_cmpxchg(t.devices, 3, two, one, GFP_KERNEL)) === two; // => true
 * xa_err(yield* xa_erase(t.devices, 3)); // => 0
 * xa_is_err(null); // => false
 * yield* xa_empty(t.devices); // => true
 * yield* xa_destroy(t.devices);
 * @param index the index
 * @param entry the pointer; NULL erases
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the pointer that was there, or NULL; an error for xa_err(), -ENOMEM, if the scenario lets `xa_store` fail
 * @kernel include/linux/xarray.h
 * @context any but the holder of the lock; may sleep with GFP_KERNEL
 * @ordering release, to xa_load() of the index
 * @divergence the error is an ERR_PTR(); in Linux it is an entry of its own kind, and only xa_err() gives its number
 */
export function xa_store<T>(
  xa: xarray<T>,
  index: number,
  entry: T | null,
  gfp: number,
): Op<T | errptr | null> {
  storable(entry);
  const store = (): Op<T | errptr | null> => __xa_store(xa, index, entry, gfp);
  return composite('xa_store', locked(xa, 'xa_store', gfp, store));
}

/**
 * xa_store() for the holder of the lock.
 *
 * @param index the index
 * @param entry the pointer; NULL erases
 * @returns the pointer that was there, or NULL; an error for xa_err(), -ENOMEM, if the scenario lets `xa_store` fail
 * @kernel include/linux/xarray.h
 * @context under the lock; does not sleep
 * @ordering release, to xa_load() of the index
 * @divergence the error is as that of xa_store(); `gfp` is not looked at: it never releases the lock to allocate, which Linux may
 *   do with GFP_KERNEL
 */
export function __xa_store<T>(
  xa: xarray<T>,
  index: number,
  entry: T | null,
  _gfp: number,
): Op<T | errptr | null> {
  storable(entry);
  return request(STORE, entriesOf(xa), { index, entry }) as Op<T | errptr | null>; // an xarray<T> contains nothing else
}

/**
 * Stores a pointer at an index that has none and is not reserved.
 *
 * @param index the index
 * @param entry the pointer; NULL reserves the index
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns 0, -EBUSY if there is one, -ENOMEM if the scenario lets `xa_insert` fail
 * @kernel include/linux/xarray.h
 * @context any but the holder of the lock; may sleep with GFP_KERNEL
 * @ordering release, to xa_load() of the index, when it returns 0
 */
export function xa_insert<T>(
  xa: xarray<T>,
  index: number,
  entry: T | null,
  gfp: number,
): Op<number> {
  storable(entry);
  const insert = (): Op<number> => __xa_insert(xa, index, entry, gfp);
  return composite('xa_insert', locked(xa, 'xa_insert', gfp, insert));
}

/**
 * xa_insert() for the holder of the lock.
 *
 * @param index the index
 * @param entry the pointer; NULL reserves the index
 * @returns 0, -EBUSY if there is one, -ENOMEM if the scenario lets `xa_insert` fail
 * @kernel include/linux/xarray.h
 * @context under the lock; does not sleep
 * @ordering release, to xa_load() of the index, when it returns 0
 * @divergence `gfp` is not looked at: it never releases the lock to allocate, which Linux may do with GFP_KERNEL
 */
export function __xa_insert<T>(
  xa: xarray<T>,
  index: number,
  entry: T | null,
  _gfp: number,
): Op<number> {
  storable(entry);
  return request(INSERT, entriesOf(xa), { index, entry });
}

/**
 * Replaces the pointer at an index if it is what is expected.
 *
 * @param index the index
 * @param old what is expected; may be NULL
 * @param entry the pointer; NULL erases
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the pointer that was there: it was replaced if this is `old`
 * @kernel include/linux/xarray.h
 * @context any but the holder of the lock; may sleep with GFP_KERNEL
 * @ordering release, to xa_load() of the index, when it replaces
 * @divergence always has memory; Linux may return an error for xa_err(), -ENOMEM
 */
export function xa_cmpxchg<T>(
  xa: xarray<T>,
  index: number,
  old: T | null,
  entry: T | null,
  gfp: number,
): Op<T | null> {
  storable(entry);
  const exchange = (): Op<T | null> => __xa_cmpxchg(xa, index, old, entry, gfp);
  return composite('xa_cmpxchg', locked(xa, 'xa_cmpxchg', gfp, exchange));
}

/**
 * xa_cmpxchg() for the holder of the lock.
 *
 * @param index the index
 * @param old what is expected; may be NULL
 * @param entry the pointer; NULL erases
 * @returns as xa_cmpxchg()
 * @kernel include/linux/xarray.h
 * @context under the lock; does not sleep
 * @ordering release, to xa_load() of the index, when it replaces
 * @divergence always has memory, as xa_cmpxchg(); `gfp` is not looked at: it never releases the lock to allocate, which Linux may
 *   do with GFP_KERNEL
 */
export function __xa_cmpxchg<T>(
  xa: xarray<T>,
  index: number,
  old: T | null,
  entry: T | null,
  _gfp: number,
): Op<T | null> {
  storable(old);
  storable(entry);
  return request(CMPXCHG, entriesOf(xa), { index, entry }, old) as Op<T | null>; // an xarray<T> contains nothing else
}

/**
 * Removes what is at an index.
 *
 * @param index the index
 * @returns the pointer that was there, or NULL
 * @kernel include/linux/xarray.h
 * @context any but the holder of the lock; does not sleep
 * @ordering none
 */
export function xa_erase<T>(xa: xarray<T>, index: number): Op<T | null> {
  return composite(
    'xa_erase',
    locked(xa, 'xa_erase', 0, () => __xa_erase(xa, index)),
  );
}

/**
 * xa_erase() for the holder of the lock.
 *
 * @param index the index
 * @returns the pointer that was there, or NULL
 * @kernel include/linux/xarray.h
 * @context under the lock; does not sleep
 * @ordering none
 */
export function __xa_erase<T>(xa: xarray<T>, index: number): Op<T | null> {
  return request(ERASE, entriesOf(xa), index) as Op<T | null>; // an xarray<T> contains nothing else
}

/**
 * Removes everything; what the pointers lead to is not freed.
 *
 * @kernel include/linux/xarray.h
 * @context any but the holder of the lock; does not sleep
 * @ordering none
 * @divergence turns no interrupts off, which Linux does
 */
export function xa_destroy(xa: xarray): Op<void> {
  return composite(
    'xa_destroy',
    locked(xa, 'xa_destroy', 0, () => request(DESTROY, entriesOf(xa))),
  );
}

/**
 * Whether the result of a change is an error.
 *
 * @param entry the result of xa_store() or xa_cmpxchg()
 * @returns whether it is
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering none
 */
export function xa_is_err(entry: unknown): boolean {
  return PTR_ERR(entry) !== 0;
}

/**
 * The error in the result of a change.
 *
 * @param entry the result of xa_store() or xa_cmpxchg()
 * @returns the negative error number; 0 if it is none
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering none
 */
export function xa_err(entry: unknown): number {
  return PTR_ERR(entry);
}
