// SPDX-License-Identifier: GPL-2.0-only
/**
 * Mutexes. After include/linux/mutex.h and kernel/locking/mutex.c. There is no spinning on the owner, as no program could observe
 * it.
 */
import {
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
import type { LockRules } from './lock-rules';
import { ownedLockKinds } from './owned-lock';

/** A lock for which tasks sleep. Embed it as `lock: mutex`. */
export interface mutex extends Branded<'mutex', Mutex> {}

class Mutex extends SyncObject {
  readonly typeName = 'mutex';
  readonly handle: mutex = makeHandle(this);
}

/** Type of a mutex member of a structure. Unusable until mutex_init() has run on it. */
export const mutex: Embeddable<mutex> = embeddable('mutex', () => new Mutex());

/**
 * Defines a static mutex, unlocked.
 *
 * @kernel include/linux/mutex.h
 */
export function DEFINE_MUTEX(name: string): mutex {
  return new Mutex().makeStatic(name).handle;
}

const RULES: LockRules = {
  type: 'sleep',
  check(machine, _task, lock, site) {
    if (lock.initialised) return;
    machine.complain({ check: 'mutex', message: 'lock->magic != lock', object: lock, site });
  },
  notHeld(machine, _task, lock, site) {
    const message = 'DEBUG_LOCKS_WARN_ON(__owner_task(owner) != get_current())';
    machine.complain({ check: 'mutex', message, object: lock, site });
  },
};

/** The operations of mutexes. */
export const MUTEX = ownedLockKinds<Mutex>(RULES, {
  init: 'mutex_init',
  lock: 'mutex_lock',
  tryLock: 'mutex_trylock',
  unlock: 'mutex_unlock',
});

const IS_LOCKED: Kind<Mutex, [], boolean> = {
  name: 'mutex_is_locked',
  access: 'read',
  perform: (_machine, _task, { object }) => object.state !== 0,
};

/**
 * Makes a mutex usable, unlocked.
 *
 * @kernel include/linux/mutex.h
 * @context any; does not sleep
 * @ordering none
 */
export function mutex_init(lock: mutex): Op<void> {
  return request(MUTEX.init, objectOf(lock));
}

/**
 * Takes the mutex, sleeping while another task holds it. It is not recursive: locking it twice hangs for ever.
 *
 * @example
 * const lock = DEFINE_MUTEX('lock');
 * const count = static_var('count', 0);
 * function* count_up() {
 *   yield* mutex_lock(lock);
 *   count.value++;
 *   yield* mutex_unlock(lock);
 * }
 * const b = yield* spawn_task('b', count_up);
 * yield* count_up();
 * yield* join(b);
 * count.value; // => 2
 * @kernel include/linux/mutex.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function mutex_lock(lock: mutex): Op<void> {
  return request(MUTEX.lock, objectOf(lock), 0);
}

/**
 * mutex_lock() with a lockdep subclass (1 is SINGLE_DEPTH_NESTING). This changes only lockdep's analysis, not the locking.
 *
 * @example
 * const disk = DEFINE_MUTEX('disk');
 * const partition = DEFINE_MUTEX('partition');
 * yield* mutex_lock(disk);
 * yield* mutex_lock_nested(partition, 1);
 * yield* mutex_unlock(partition);
 * yield* mutex_unlock(disk);
 * @param subclass 0 is that of mutex_lock(), 1 is SINGLE_DEPTH_NESTING
 * @kernel include/linux/mutex.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function mutex_lock_nested(lock: mutex, subclass: number): Op<void> {
  return request(MUTEX.lock, objectOf(lock), subclass);
}

/**
 * Takes the mutex if it is free; does not wait.
 *
 * @example
 * const device = struct('device', { lock: mutex });
 * const one = DEFINE_STATIC('one', device);
 * yield* mutex_init(one.lock);
 * yield* mutex_trylock(one.lock); // => 1
 * yield* mutex_is_locked(one.lock); // => true
 * yield* mutex_unlock(one.lock);
 * @returns 1 if it took the lock, 0 if another task holds it; down_trylock() returns the opposite
 * @kernel include/linux/mutex.h
 * @context process context; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function mutex_trylock(lock: mutex): Op<number> {
  return request(MUTEX.tryLock, objectOf(lock));
}

/**
 * Releases the mutex; only its holder may call it.
 *
 * @kernel include/linux/mutex.h
 * @context process context; does not sleep
 * @ordering release
 */
export function mutex_unlock(lock: mutex): Op<void> {
  return request(MUTEX.unlock, objectOf(lock));
}

/**
 * Whether a task holds the mutex.
 *
 * @returns whether it is held; it may already be stale
 * @kernel include/linux/mutex.h
 * @context any; does not sleep
 * @ordering none
 */
export function mutex_is_locked(lock: mutex): Op<boolean> {
  return request(IS_LOCKED, objectOf(lock));
}
