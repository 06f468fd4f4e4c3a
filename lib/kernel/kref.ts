// SPDX-License-Identifier: GPL-2.0-only
/** kref: a reference count together with the function that frees the object. After include/linux/kref.h. */
import {
  type Branded,
  composite,
  type Embeddable,
  embeddable,
  makeHandle,
  objectOf,
  type Op,
} from '../machine';
import { type mutex } from './mutex';
import {
  Refcount,
  refcount_dec_and_test,
  refcount_inc,
  refcount_inc_not_zero,
  refcount_read,
  refcount_set,
  type refcount_t,
} from './refcount';
import { refcount_dec_and_lock, refcount_dec_and_mutex_lock } from './refcount-lock';
import { type spinlock_t } from './spinlock';

/** A reference count that is embedded in the counted object: `kref: kref`. */
export interface kref extends Branded<'kref', Refcount> {}

/** Type of a kref member of a structure. */
export const kref: Embeddable<kref> = embeddable('kref', () => new Refcount('kref'));

/** Frees the object that contains a kref; it finds the object with container_of(). */
export type kref_release = (kref: kref) => Op<unknown>;

/** The refcount_t in a kref. */
function refcount(k: kref): refcount_t {
  return makeHandle<refcount_t>(objectOf(k));
}

/**
 * Sets the count to 1, the creator's reference.
 *
 * @kernel include/linux/kref.h
 * @context any; does not sleep
 * @ordering none
 */
export function kref_init(k: kref): Op<void> {
  return refcount_set(refcount(k), 1);
}

/**
 * Reads the count.
 *
 * @returns the count; it may already be stale
 * @kernel include/linux/kref.h
 * @context any; does not sleep
 * @ordering none
 */
export function kref_read(k: kref): Op<number> {
  return refcount_read(refcount(k));
}

/**
 * Takes a reference; the caller must hold one, or the lock under which the last one is dropped.
 *
 * @kernel include/linux/kref.h
 * @context any; does not sleep
 * @ordering none
 */
export function kref_get(k: kref): Op<void> {
  return refcount_inc(refcount(k));
}

/**
 * Takes a reference unless the count is 0.
 *
 * @returns 1 if it took one, 0 if the object is being freed; check the result
 * @kernel include/linux/kref.h
 * @context any; does not sleep
 * @ordering none
 */
export function kref_get_unless_zero(k: kref): Op<number> {
  return composite('kref_get_unless_zero', getUnlessZero(k));
}

function* getUnlessZero(k: kref): Op<number> {
  return (yield* refcount_inc_not_zero(refcount(k))) ? 1 : 0;
}

/**
 * Drops a reference and runs `release` if it was the last.
 *
 * @example
 * const client = struct('client', { kref: kref });
 * function* release(k: kref) {
 *   yield* kfree(container_of(k, client, 'kref'));
 * }
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * yield* kref_init(one.kref);
 * yield* kref_get(one.kref);
 * yield* kref_get_unless_zero(one.kref); // => 1
 * yield* kref_read(one.kref); // => 3
 * yield* kref_put(one.kref, release); // => 0
 * yield* kref_put(one.kref, release); // => 0
 * yield* kref_put(one.kref, release); // => 1
 * @param release ends the object; receives the kref and finds the object with container_of()
 * @returns 1 if it was the last; 0 does not prove that the object still exists
 * @kernel include/linux/kref.h
 * @context any; sleeps if `release` does
 * @ordering release, and acquire before `release` runs
 */
export function kref_put(k: kref, release: kref_release): Op<number> {
  return composite('kref_put', put(refcount_dec_and_test(refcount(k)), k, release));
}

/**
 * kref_put() that drops the last reference with the spinlock held. `release` is called with the lock and must unlock it.
 *
 * @example
 * const client = struct('client', { kref: kref, node: list_head });
 * const clients = LIST_HEAD('clients');
 * const lock = DEFINE_SPINLOCK('lock');
 * function* release(k: kref) {
 *   const client_of = container_of(k, client, 'kref');
 *   list_del(client_of.node);
 *   yield* spin_unlock(lock);
 *   yield* kfree(client_of);
 * }
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * yield* kref_init(one.kref);
 * list_add_tail(one.node, clients);
 * yield* kref_put_lock(one.kref, release, lock); // => 1
 * list_empty(clients); // => true
 * @param release ends the object, and unlocks the spinlock
 * @param lock taken before the count becomes 0
 * @returns 1 if it was the last; 0 does not prove that the object still exists
 * @kernel include/linux/kref.h
 * @context any but the holder of the lock; sleeps if `release` does after unlocking
 * @ordering as refcount_dec_and_lock()
 */
export function kref_put_lock(k: kref, release: kref_release, lock: spinlock_t): Op<number> {
  return composite('kref_put_lock', put(refcount_dec_and_lock(refcount(k), lock), k, release));
}

/**
 * kref_put() that drops the last reference with the mutex held. `release` is called with the mutex and must unlock it.
 *
 * @example
 * const client = struct('client', { kref: kref });
 * const lock = DEFINE_MUTEX('lock');
 * function* release(k: kref) {
 *   yield* kfree(container_of(k, client, 'kref'));
 *   yield* mutex_unlock(lock);
 * }
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * yield* kref_init(one.kref);
 * yield* kref_put_mutex(one.kref, release, lock); // => 1
 * @param release ends the object, and unlocks the mutex
 * @param lock taken before the count becomes 0
 * @returns 1 if it was the last; 0 does not prove that the object still exists
 * @kernel include/linux/kref.h
 * @context process context, not holding the mutex; may sleep
 * @ordering as refcount_dec_and_mutex_lock()
 */
export function kref_put_mutex(k: kref, release: kref_release, lock: mutex): Op<number> {
  const last = refcount_dec_and_mutex_lock(refcount(k), lock);
  return composite('kref_put_mutex', put(last, k, release));
}

function* put(last: Op<boolean>, k: kref, release: kref_release): Op<number> {
  if (!(yield* last)) return 0;
  yield* release(k);
  return 1;
}
