// SPDX-License-Identifier: GPL-2.0-only
/** Spinlocks. After include/linux/spinlock.h, with the checks of kernel/locking/spinlock_debug.c. */
import {
  type Branded,
  type Embeddable,
  embeddable,
  makeHandle,
  objectOf,
  type Op,
  request,
  SyncObject,
} from '../machine';
import { spinningRules } from './lock-rules';
import { ownedLockKinds } from './owned-lock';

/** A lock for which tasks spin: its holder must not sleep. Embed it as `lock: spinlock_t`. */
export interface spinlock_t extends Branded<'spinlock_t', Spinlock> {}

class Spinlock extends SyncObject {
  readonly typeName = 'spinlock_t';
  readonly handle: spinlock_t = makeHandle(this);
}

/** Type of a spinlock member of a structure. Unusable until spin_lock_init() has run on it. */
export const spinlock_t: Embeddable<spinlock_t> = embeddable('spinlock_t', () => new Spinlock());

/**
 * Defines a static spinlock, unlocked.
 *
 * @kernel include/linux/spinlock_types.h
 */
export function DEFINE_SPINLOCK(name: string): spinlock_t {
  return new Spinlock().makeStatic(name).handle;
}

const KINDS = ownedLockKinds<Spinlock>(spinningRules, {
  init: 'spin_lock_init',
  lock: 'spin_lock',
  tryLock: 'spin_trylock',
  unlock: 'spin_unlock',
});

/**
 * Makes a spinlock usable, unlocked.
 *
 * @kernel include/linux/spinlock.h
 * @context any; does not sleep
 * @ordering none
 */
export function spin_lock_init(lock: spinlock_t): Op<void> {
  return request(KINDS.init, objectOf(lock));
}

/**
 * Takes the lock, spinning while another CPU holds it. It is not recursive; preemption is off until spin_unlock().
 *
 * @example
 * const lock = DEFINE_SPINLOCK('lock');
 * const count = static_var('count', 0);
 * function* count_up() {
 *   yield* spin_lock(lock);
 *   count.value++;
 *   yield* spin_unlock(lock);
 * }
 * const b = yield* spawn_task('b', count_up);
 * yield* count_up();
 * yield* join(b);
 * count.value; // => 2
 * @kernel include/linux/spinlock.h
 * @context any but the holder of this lock; does not sleep
 * @ordering acquire
 * @divergence any spinning CPU may get the lock next, not only the first one
 */
export function spin_lock(lock: spinlock_t): Op<void> {
  return request(KINDS.lock, objectOf(lock), 0);
}

/**
 * spin_lock() with a lockdep subclass, for taking two locks of one class in a known order. This changes only lockdep's analysis.
 *
 * @example
 * const from = DEFINE_SPINLOCK('from');
 * const to = DEFINE_SPINLOCK('to');
 * yield* spin_lock(from);
 * yield* spin_lock_nested(to, 1);
 * yield* spin_unlock(to);
 * yield* spin_unlock(from);
 * @param subclass 0 is that of spin_lock(), 1 is SINGLE_DEPTH_NESTING
 * @kernel include/linux/spinlock.h
 * @context any but the holder of this lock; does not sleep
 * @ordering acquire
 */
export function spin_lock_nested(lock: spinlock_t, subclass: number): Op<void> {
  return request(KINDS.lock, objectOf(lock), subclass);
}

/**
 * Takes the lock if it is free; does not spin.
 *
 * @example
 * const client = struct('client', { lock: spinlock_t });
 * const one = DEFINE_STATIC('one', client);
 * yield* spin_lock_init(one.lock);
 * yield* spin_trylock(one.lock); // => 1
 * yield* spin_unlock(one.lock);
 * @returns 1 if it took the lock, 0 if another CPU holds it
 * @kernel include/linux/spinlock.h
 * @context any; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function spin_trylock(lock: spinlock_t): Op<number> {
  return request(KINDS.tryLock, objectOf(lock));
}

/**
 * Releases the lock; only its holder may call it.
 *
 * @kernel include/linux/spinlock.h
 * @context any; does not sleep
 * @ordering release
 */
export function spin_unlock(lock: spinlock_t): Op<void> {
  return request(KINDS.unlock, objectOf(lock));
}
