// SPDX-License-Identifier: GPL-2.0-only
/** Counters that reach zero with a lock held. After lib/refcount.c and lib/dec_and_lock.c. */
import { composite, type Op } from '../machine';
import { type atomic_t, atomic_add_unless, atomic_dec_and_test } from './atomic';
import { type mutex, mutex_lock, mutex_unlock } from './mutex';
import { refcount_dec_and_test, refcount_dec_not_one, type refcount_t } from './refcount';
import { spin_lock, spin_unlock, type spinlock_t } from './spinlock';
import { spin_lock_irqsave, spin_unlock_irqrestore } from './spinlock-irq';
import type { out } from './types';

function* decAndLock(
  notOne: () => Op<boolean>,
  lock: () => Op<void>,
  decAndTest: () => Op<boolean>,
  unlock: () => Op<void>,
): Op<boolean> {
  if (yield* notOne()) return false;
  yield* lock();
  if (!(yield* decAndTest())) {
    yield* unlock();
    return false;
  }
  return true;
}

function* saving(lock: spinlock_t, flags: out<number>): Op<void> {
  flags.value = yield* spin_lock_irqsave(lock);
}

/**
 * Drops a reference. If it is the last, first takes the lock, and keeps it. This differs from dropping first and locking then: a
 * lookup under the lock never sees a count of zero.
 *
 * @example
 * const users = DEFINE_STATIC('users', struct('users', { count: refcount_t }));
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* refcount_set(users.count, 2);
 * yield* refcount_dec_and_lock(users.count, lock); // => false
 * yield* refcount_dec_and_lock(users.count, lock); // => true
 * yield* spin_unlock(lock);
 * @param lock held after the call if the result is true
 * @returns true, with the lock held, if it was the last
 * @kernel include/linux/refcount.h
 * @context any but the holder of the lock; does not sleep
 * @ordering as spin_lock() and refcount_dec_and_test() when it returns true, release otherwise
 */
export function refcount_dec_and_lock(r: refcount_t, lock: spinlock_t): Op<boolean> {
  const steps = decAndLock(
    () => refcount_dec_not_one(r),
    () => spin_lock(lock),
    () => refcount_dec_and_test(r),
    () => spin_unlock(lock),
  );
  return composite('refcount_dec_and_lock', steps);
}

/**
 * refcount_dec_and_lock() with a mutex.
 *
 * @example
 * const users = DEFINE_STATIC('users', struct('users', { count: refcount_t }));
 * const lock = DEFINE_MUTEX('lock');
 * yield* refcount_set(users.count, 2);
 * yield* refcount_dec_and_mutex_lock(users.count, lock); // => false
 * yield* refcount_dec_and_mutex_lock(users.count, lock); // => true
 * yield* mutex_unlock(lock);
 * @param lock held after the call if the result is true
 * @returns true, with the mutex held, if it was the last
 * @kernel include/linux/refcount.h
 * @context process context, not holding the mutex; may sleep
 * @ordering as mutex_lock() and refcount_dec_and_test() when it returns true, release otherwise
 */
export function refcount_dec_and_mutex_lock(r: refcount_t, lock: mutex): Op<boolean> {
  const steps = decAndLock(
    () => refcount_dec_not_one(r),
    () => mutex_lock(lock),
    () => refcount_dec_and_test(r),
    () => mutex_unlock(lock),
  );
  return composite('refcount_dec_and_mutex_lock', steps);
}

/**
 * Subtracts one. If the result is 0, does it with the lock held, and keeps the lock. Has no checks, as any atomic_t.
 *
 * @example
 * const users = DEFINE_ATOMIC('users', 2);
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* atomic_dec_and_lock(users, lock); // => false
 * yield* atomic_dec_and_lock(users, lock); // => true
 * yield* spin_unlock(lock);
 * @param lock held after the call if the result is true
 * @returns true, with the lock held, if that made 0
 * @kernel include/linux/spinlock.h
 * @context any but the holder of the lock; does not sleep
 * @ordering full
 */
export function atomic_dec_and_lock(v: atomic_t, lock: spinlock_t): Op<boolean> {
  const steps = decAndLock(
    () => atomic_add_unless(v, -1, 1),
    () => spin_lock(lock),
    () => atomic_dec_and_test(v),
    () => spin_unlock(lock),
  );
  return composite('atomic_dec_and_lock', steps);
}

/**
 * atomic_dec_and_lock() with a mutex.
 *
 * @example
 * const users = DEFINE_ATOMIC('users', 1);
 * const lock = DEFINE_MUTEX('lock');
 * yield* atomic_dec_and_mutex_lock(users, lock); // => true
 * yield* mutex_unlock(lock);
 * @param lock held after the call if the result is true
 * @returns true, with the mutex held, if that made 0
 * @kernel include/linux/mutex.h
 * @context process context, not holding the mutex; may sleep
 * @ordering full
 */
export function atomic_dec_and_mutex_lock(v: atomic_t, lock: mutex): Op<boolean> {
  const steps = decAndLock(
    () => atomic_add_unless(v, -1, 1),
    () => mutex_lock(lock),
    () => atomic_dec_and_test(v),
    () => mutex_unlock(lock),
  );
  return composite('atomic_dec_and_mutex_lock', steps);
}

/**
 * refcount_dec_and_lock() that turns interrupts off with the lock.
 *
 * @example
 * const users = DEFINE_STATIC('users', struct('users', { count: refcount_t }));
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* refcount_set(users.count, 1);
 * const flags = { value: 0 };
 * if (yield* refcount_dec_and_lock_irqsave(users.count, lock, flags))
 *   yield* spin_unlock_irqrestore(lock, flags.value);
 * @param lock held after the call if the result is true
 * @param flags gets what spin_unlock_irqrestore() needs, if the result is true
 * @returns true, with the lock held and interrupts off, if it was the last
 * @kernel include/linux/refcount.h
 * @context any but the holder of the lock; does not sleep
 * @ordering as refcount_dec_and_lock()
 * @divergence `flags` is a variable that is written to
 */
export function refcount_dec_and_lock_irqsave(
  r: refcount_t,
  lock: spinlock_t,
  flags: out<number>,
): Op<boolean> {
  const steps = decAndLock(
    () => refcount_dec_not_one(r),
    () => saving(lock, flags),
    () => refcount_dec_and_test(r),
    () => spin_unlock_irqrestore(lock, flags.value),
  );
  return composite('refcount_dec_and_lock_irqsave', steps);
}

/**
 * atomic_dec_and_lock() that turns interrupts off with the lock.
 *
 * @example
 * const users = DEFINE_ATOMIC('users', 1);
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* atomic_set(users, 1);
 * const flags = { value: 0 };
 * if (yield* atomic_dec_and_lock_irqsave(users, lock, flags))
 *   yield* spin_unlock_irqrestore(lock, flags.value);
 * @param lock held after the call if the result is true
 * @param flags gets what spin_unlock_irqrestore() needs, if the result is true
 * @returns true, with the lock held and interrupts off, if that made 0
 * @kernel include/linux/spinlock.h
 * @context any but the holder of the lock; does not sleep
 * @ordering as atomic_dec_and_lock()
 * @divergence `flags` is a variable that is written to
 */
export function atomic_dec_and_lock_irqsave(
  v: atomic_t,
  lock: spinlock_t,
  flags: out<number>,
): Op<boolean> {
  const steps = decAndLock(
    () => atomic_add_unless(v, -1, 1),
    () => saving(lock, flags),
    () => atomic_dec_and_test(v),
    () => spin_unlock_irqrestore(lock, flags.value),
  );
  return composite('atomic_dec_and_lock_irqsave', steps);
}
