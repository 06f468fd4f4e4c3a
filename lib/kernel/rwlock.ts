// SPDX-License-Identifier: GPL-2.0-only
/** Reader-writer spinlocks. After include/linux/rwlock.h, with the checks of kernel/locking/spinlock_debug.c. */
import {
  type Branded,
  type Embeddable,
  embeddable,
  makeHandle,
  objectOf,
  type Op,
  request,
} from '../machine';
import { spinningRules } from './lock-rules';
import { SharedLock, sharedLockKinds, writeLocking } from './shared-lock';

/** A spinning lock for many readers or one writer; a holder must not sleep. Embed it as `map_lock: rwlock_t`. */
export interface rwlock_t extends Branded<'rwlock_t', RwLock> {}

class RwLock extends SharedLock {
  readonly typeName = 'rwlock_t';
  readonly handle: rwlock_t = makeHandle(this);
}

/** Type of a reader-writer spinlock member of a structure. Unusable until rwlock_init() has run on it. */
export const rwlock_t: Embeddable<rwlock_t> = embeddable('rwlock_t', () => new RwLock());

/**
 * Defines a static reader-writer spinlock, free.
 *
 * @kernel include/linux/rwlock_types.h
 */
export function DEFINE_RWLOCK(name: string): rwlock_t {
  return new RwLock().makeStatic(name).handle;
}

const KINDS = sharedLockKinds<RwLock>(spinningRules, {
  init: 'rwlock_init',
  readLock: 'read_lock',
  readUnlock: 'read_unlock',
  writeLock: 'write_lock',
  writeUnlock: 'write_unlock',
  tryRead: 'read_trylock',
  tryWrite: 'write_trylock',
});

/**
 * Makes a reader-writer spinlock usable, free.
 *
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering none
 */
export function rwlock_init(lock: rwlock_t): Op<void> {
  return request(KINDS.init, objectOf(lock));
}

/**
 * Takes the lock for reading, spinning while a writer holds it. One task must not take it twice: outside of interrupts the second
 * call queues after a waiting writer, which lockdep reports.
 *
 * @example
 * const client = struct('client', { lock: rwlock_t, name: text });
 * const one = DEFINE_STATIC('one', client);
 * yield* rwlock_init(one.lock);
 * yield* write_lock(one.lock);
 * one.name = 'nbd0';
 * yield* write_unlock(one.lock);
 * yield* read_lock(one.lock);
 * yield* read_trylock(one.lock); // => 1
 * yield* write_trylock(one.lock); // => 0
 * yield* read_unlock(one.lock);
 * yield* read_unlock(one.lock);
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering acquire
 * @divergence does not queue after a waiting writer, unless the scenario is `fair`
 */
export function read_lock(lock: rwlock_t): Op<void> {
  return request(KINDS.readLock, objectOf(lock), 0);
}

/**
 * Takes the lock for reading unless a writer holds it; does not wait.
 *
 * @returns 1 if it took the lock, 0 if a writer holds it
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 * @divergence takes it although a writer waits, unless the scenario is `fair`; in Linux, it then returns 0
 */
export function read_trylock(lock: rwlock_t): Op<number> {
  return request(KINDS.tryRead, objectOf(lock));
}

/**
 * Releases a lock that read_lock() took.
 *
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering release
 */
export function read_unlock(lock: rwlock_t): Op<void> {
  return request(KINDS.readUnlock, objectOf(lock));
}

/**
 * Takes the lock for writing, spinning while another task holds it. Not recursive.
 *
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering acquire
 */
export function write_lock(lock: rwlock_t): Op<void> {
  return writeLocking(KINDS, objectOf(lock), 0);
}

/**
 * Takes the lock for writing if it is free; does not wait.
 *
 * @example
 * const lock = DEFINE_RWLOCK('lock');
 * yield* write_trylock(lock); // => 1
 * yield* read_trylock(lock); // => 0
 * yield* write_unlock(lock);
 * @returns 1 if it took the lock, 0 if another task holds it
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function write_trylock(lock: rwlock_t): Op<number> {
  return request(KINDS.tryWrite, objectOf(lock));
}

/**
 * Releases a lock that write_lock() took; only the writer may call it.
 *
 * @kernel include/linux/rwlock.h
 * @context any; does not sleep
 * @ordering release
 */
export function write_unlock(lock: rwlock_t): Op<void> {
  return request(KINDS.writeUnlock, objectOf(lock));
}
