// SPDX-License-Identifier: GPL-2.0-only
/** Reader-writer semaphores whose readers cost next to nothing, and whose writers cost much. After include/linux/percpu-rwsem.h. */
import {
  type Branded,
  composite,
  type Embeddable,
  embeddable,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
} from '../machine';
import { ENOMEM } from './err';
import type { LockRules } from './lock-rules';
import { failed, outcomesOf } from './may-fail';
import { SharedLock, sharedLockKinds, writeLocking } from './shared-lock';

/** A sleeping lock for many readers or one writer. Embed it as `sem: percpu_rw_semaphore`. @kernel include/linux/percpu-rwsem.h */
export interface percpu_rw_semaphore extends Branded<'percpu_rw_semaphore', PercpuRwSemaphore> {}

class PercpuRwSemaphore extends SharedLock {
  readonly typeName = 'percpu_rw_semaphore';
  readonly handle: percpu_rw_semaphore = makeHandle(this);
}

/** One that was never initialised, or is freed, has no count of readers. */
const RULES: LockRules = {
  type: 'sleep',
  check(_machine, _task, lock) {
    if (!lock.initialised)
      throw new TypeError("Cannot read properties of null (reading 'read_count')");
  },
  notHeld: () => undefined, // lockdep says so
};

const KINDS = sharedLockKinds<PercpuRwSemaphore>(RULES, {
  init: 'percpu_init_rwsem',
  readLock: 'percpu_down_read',
  readUnlock: 'percpu_up_read',
  writeLock: 'percpu_down_write',
  writeUnlock: 'percpu_up_write',
  tryRead: 'percpu_down_read_trylock',
  tryWrite: 'percpu_down_write_trylock',
});

const INIT: Kind<PercpuRwSemaphore, [], number> = {
  ...KINDS.init,
  outcomes: outcomesOf('percpu_init_rwsem'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'percpu_init_rwsem', site),
  perform(machine, task, asked) {
    if (failed('percpu_init_rwsem', machine, task)) return -ENOMEM;
    KINDS.init.perform(machine, task, asked);
    return 0;
  },
};

const FREE: Kind<PercpuRwSemaphore, [], void> = {
  name: 'percpu_free_rwsem',
  access: 'write',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'percpu_free_rwsem', site),
  perform(_machine, _task, { object }) {
    object.initialised = false;
  },
};

/** Type of such a semaphore as a member of a structure. Unusable until percpu_init_rwsem() has run on it. */
export const percpu_rw_semaphore: Embeddable<percpu_rw_semaphore> = embeddable(
  'percpu_rw_semaphore',
  () => new PercpuRwSemaphore(),
);

/**
 * Defines a static one, free.
 *
 * @example
 * const sem = DEFINE_STATIC_PERCPU_RWSEM('sem');
 * yield* percpu_down_read(sem);
 * yield* percpu_up_read(sem);
 * @kernel include/linux/percpu-rwsem.h
 */
export function DEFINE_STATIC_PERCPU_RWSEM(name: string): percpu_rw_semaphore {
  return new PercpuRwSemaphore().makeStatic(name).handle;
}

/**
 * Makes a semaphore usable, free.
 *
 * @example
 * const device = struct('device', { sem: percpu_rw_semaphore, users: int });
 * const one = yield* kzalloc(device, GFP_KERNEL);
 * if (one === null) return;
 * if ((yield* percpu_init_rwsem(one.sem)) === 0) {
 *   yield* percpu_down_write(one.sem);
 *   one.users = 1;
 *   yield* percpu_up_write(one.sem);
 *   yield* percpu_down_read(one.sem);
 *   yield* percpu_down_read_trylock(one.sem); // => true
 *   yield* percpu_up_read(one.sem);
 *   yield* percpu_up_read(one.sem);
 *   yield* percpu_free_rwsem(one.sem);
 * }
 * yield* kfree(one);
 * @returns 0, or -ENOMEM
 * @kernel include/linux/percpu-rwsem.h
 * @context process context only; may sleep
 * @ordering none
 */
export function percpu_init_rwsem(sem: percpu_rw_semaphore): Op<number> {
  return request(INIT, objectOf(sem));
}

/**
 * Frees the counts of a semaphore, which nobody may use any more.
 *
 * @kernel include/linux/percpu-rwsem.h
 * @context process context only; may sleep
 * @ordering none
 */
export function percpu_free_rwsem(sem: percpu_rw_semaphore): Op<void> {
  return request(FREE, objectOf(sem));
}

/**
 * Takes the semaphore for reading, sleeping while a writer holds it.
 *
 * @kernel include/linux/percpu-rwsem.h
 * @context process context only; may sleep
 * @ordering acquire
 * @divergence does not queue after a waiting writer, unless the scenario is `fair`
 */
export function percpu_down_read(sem: percpu_rw_semaphore): Op<void> {
  return request(KINDS.readLock, objectOf(sem), 0);
}

function* tried(sem: PercpuRwSemaphore): Op<boolean> {
  return (yield* request(KINDS.tryRead, sem)) !== 0;
}

/**
 * Takes the semaphore for reading unless a writer holds it; does not wait.
 *
 * @returns whether it took it
 * @kernel include/linux/percpu-rwsem.h
 * @context process context; does not sleep
 * @ordering acquire when it returns true, none otherwise
 * @divergence takes it although a writer waits for readers, unless the scenario is `fair`; in Linux, it then returns false
 */
export function percpu_down_read_trylock(sem: percpu_rw_semaphore): Op<boolean> {
  return composite('percpu_down_read_trylock', tried(objectOf(sem)));
}

/**
 * Releases a semaphore that percpu_down_read() took.
 *
 * @kernel include/linux/percpu-rwsem.h
 * @context process context; does not sleep
 * @ordering release
 */
export function percpu_up_read(sem: percpu_rw_semaphore): Op<void> {
  return request(KINDS.readUnlock, objectOf(sem));
}

/**
 * Takes the semaphore for writing, sleeping while another task holds it.
 *
 * @kernel include/linux/percpu-rwsem.h
 * @context process context only; may sleep, for a grace period
 * @ordering acquire
 */
export function percpu_down_write(sem: percpu_rw_semaphore): Op<void> {
  return writeLocking(KINDS, objectOf(sem), 0);
}

/**
 * Releases a semaphore that percpu_down_write() took.
 *
 * @kernel include/linux/percpu-rwsem.h
 * @context process context; does not sleep
 * @ordering release
 */
export function percpu_up_write(sem: percpu_rw_semaphore): Op<void> {
  return request(KINDS.writeUnlock, objectOf(sem));
}
