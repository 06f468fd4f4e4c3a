// SPDX-License-Identifier: GPL-2.0-only
/** Reader-writer semaphores. After include/linux/rwsem.h. */
import {
  type Branded,
  type Embeddable,
  embeddable,
  makeHandle,
  objectOf,
  type Op,
  request,
} from '../machine';
import type { LockRules } from './lock-rules';
import { downgradeKind, SharedLock, sharedLockKinds, writeLocking } from './shared-lock';

/** A sleeping lock for many readers or one writer. Embed it as `io_lock: rw_semaphore`. */
export interface rw_semaphore extends Branded<'rw_semaphore', RwSemaphore> {}

class RwSemaphore extends SharedLock {
  readonly typeName = 'rw_semaphore';
  readonly handle: rw_semaphore = makeHandle(this);
}

const RULES: LockRules = {
  type: 'sleep',
  check(machine, _task, lock, site) {
    if (lock.initialised) return;
    const message = 'DEBUG_RWSEMS_WARN_ON(sem->magic != sem)';
    machine.complain({ check: 'warn', message, object: lock, site });
  },
  notHeld(machine, _task, lock, site) {
    const message = 'DEBUG_RWSEMS_WARN_ON(!is_rwsem_owned_by_current)';
    machine.complain({ check: 'warn', message, object: lock, site });
  },
};

/** The operations of reader-writer semaphores. */
export const RWSEM = sharedLockKinds<RwSemaphore>(RULES, {
  init: 'init_rwsem',
  readLock: 'down_read',
  readUnlock: 'up_read',
  writeLock: 'down_write',
  writeUnlock: 'up_write',
  tryRead: 'down_read_trylock',
  tryWrite: 'down_write_trylock',
});
const DOWNGRADE = downgradeKind<RwSemaphore>(RULES, 'downgrade_write');

/** Type of a reader-writer semaphore member of a structure. Unusable until init_rwsem() has run on it. */
export const rw_semaphore: Embeddable<rw_semaphore> = embeddable(
  'rw_semaphore',
  () => new RwSemaphore(),
);

/**
 * Defines a static reader-writer semaphore, free.
 *
 * @kernel include/linux/rwsem.h
 */
export function DECLARE_RWSEM(name: string): rw_semaphore {
  return new RwSemaphore().makeStatic(name).handle;
}

/**
 * Makes a reader-writer semaphore usable, free.
 *
 * @kernel include/linux/rwsem.h
 * @context any; does not sleep
 * @ordering none
 */
export function init_rwsem(sem: rw_semaphore): Op<void> {
  return request(RWSEM.init, objectOf(sem));
}

/**
 * Takes the semaphore for reading, sleeping while a writer holds it. One task must not take it twice.
 *
 * @example
 * const device = struct('device', { sem: rw_semaphore, name: text });
 * const one = DEFINE_STATIC('one', device);
 * yield* init_rwsem(one.sem);
 * yield* down_write(one.sem);
 * one.name = 'nbd0';
 * yield* downgrade_write(one.sem);
 * yield* up_read(one.sem);
 * yield* down_read(one.sem);
 * one.name; // => 'nbd0'
 * yield* up_read(one.sem);
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire
 * @divergence does not queue after a waiting writer, unless the scenario is `fair`
 */
export function down_read(sem: rw_semaphore): Op<void> {
  return request(RWSEM.readLock, objectOf(sem), 0);
}

/**
 * down_read() with a lockdep subclass. This changes only lockdep's analysis.
 *
 * @param subclass 0 is that of down_read(), 1 is SINGLE_DEPTH_NESTING
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire
 * @divergence does not queue after a waiting writer, unless the scenario is `fair`
 */
export function down_read_nested(sem: rw_semaphore, subclass: number): Op<void> {
  return request(RWSEM.readLock, objectOf(sem), subclass);
}

/**
 * Takes the semaphore for reading unless a writer holds it; does not wait.
 *
 * @returns 1 if it took the lock, 0 if a writer holds it
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 * @divergence takes it although a writer waits, unless the scenario is `fair`; in Linux, it then returns 0
 */
export function down_read_trylock(sem: rw_semaphore): Op<number> {
  return request(RWSEM.tryRead, objectOf(sem));
}

/**
 * Releases a semaphore that down_read() took.
 *
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering release
 */
export function up_read(sem: rw_semaphore): Op<void> {
  return request(RWSEM.readUnlock, objectOf(sem));
}

/**
 * Takes the semaphore for writing, sleeping while another task holds it.
 *
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function down_write(sem: rw_semaphore): Op<void> {
  return writeLocking(RWSEM, objectOf(sem), 0);
}

/**
 * down_write() with a lockdep subclass, for taking two semaphores of one class in a known order. This changes only lockdep's
 * analysis.
 *
 * @param subclass 0 is that of down_write(), 1 is SINGLE_DEPTH_NESTING
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function down_write_nested(sem: rw_semaphore, subclass: number): Op<void> {
  return writeLocking(RWSEM, objectOf(sem), subclass);
}

/**
 * Takes the semaphore for writing if it is free; does not wait.
 *
 * @example
 * const sem = DECLARE_RWSEM('sem');
 * yield* down_read_trylock(sem); // => 1
 * yield* down_write_trylock(sem); // => 0
 * yield* up_read(sem);
 * yield* down_read_nested(sem, 1);
 * yield* up_read(sem);
 * yield* down_write_nested(sem, 1);
 * yield* up_write(sem);
 * @returns 1 if it took the lock, 0 if another task holds it
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function down_write_trylock(sem: rw_semaphore): Op<number> {
  return request(RWSEM.tryWrite, objectOf(sem));
}

/**
 * Releases a semaphore that down_write() took; only the writer may call it.
 *
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering release
 */
export function up_write(sem: rw_semaphore): Op<void> {
  return request(RWSEM.writeUnlock, objectOf(sem));
}

/**
 * Turns the writer into a reader. No other writer can get in between.
 *
 * @kernel include/linux/rwsem.h
 * @context process context; does not sleep
 * @ordering release
 */
export function downgrade_write(sem: rw_semaphore): Op<void> {
  return request(DOWNGRADE, objectOf(sem));
}
