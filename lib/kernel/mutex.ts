// SPDX-License-Identifier: GPL-2.0-only
/** Mutexes. After include/linux/mutex.h and kernel/locking/mutex.c, without spinning on the owner: nobody could tell. */
import {
  type Branded,
  type Embeddable,
  embeddable,
  type Kind,
  type Machine,
  makeHandle,
  objectOf,
  type Op,
  request,
  type Request,
  SyncObject,
  type Task,
} from '../machine';

/** A lock that is waited for by sleeping. Embed it as `lock: mutex`. */
export interface mutex extends Branded<'mutex'> {}

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

function check(machine: Machine, lock: SyncObject, site: string): void {
  if (lock.initialised) return;
  machine.complain({ check: 'mutex', message: 'lock->magic != lock', object: lock, site });
}

const INIT: Kind = {
  name: 'mutex_init',
  access: 'write',
  perform(machine, task, { object, site }) {
    const lock = object as Mutex;
    machine.initialising(task, lock, site);
    lock.state = 0;
    lock.initialised = true;
    lock.released = null;
  },
};

function take(machine: Machine, task: Task, { object, site }: Request): void {
  const lock = object as Mutex;
  check(machine, lock, site);
  lock.state = task.id;
  machine.lockTaken(task, lock, 'sleep', site);
}

const LOCK: Kind = {
  name: 'mutex_lock',
  access: 'write',
  enabled: (state) => state === 0,
  announce(machine, task, { object, site, a }) {
    machine.mightSleep(task, 'mutex_lock', site);
    const how = {
      type: 'sleep',
      read: false,
      trylock: false,
      subclass: a as number,
      site,
    } as const;
    machine.wantLock(task, object as Mutex, how);
  },
  perform: take,
};

const TRYLOCK: Kind = {
  name: 'mutex_trylock',
  access: 'write',
  perform(machine, task, request) {
    const lock = request.object as Mutex;
    if (lock.state !== 0) return 0;
    const how = {
      type: 'sleep',
      read: false,
      trylock: true,
      subclass: 0,
      site: request.site,
    } as const;
    machine.wantLock(task, lock, how);
    take(machine, task, request);
    return 1;
  },
};

const UNLOCK: Kind = {
  name: 'mutex_unlock',
  access: 'write',
  perform(machine, task, { object, site }) {
    const lock = object as Mutex;
    check(machine, lock, site);
    if (lock.state !== task.id) {
      const message = 'DEBUG_LOCKS_WARN_ON(__owner_task(owner) != get_current())';
      machine.complain({ check: 'mutex', message, object: lock, site });
    }
    lock.state = 0;
    machine.lockDropped(task, lock, site);
  },
};

const IS_LOCKED: Kind = {
  name: 'mutex_is_locked',
  access: 'read',
  perform: (_machine, _task, { object }) => (object as Mutex).state !== 0,
};

/**
 * Makes a mutex usable, unlocked.
 *
 * @kernel include/linux/mutex.h
 * @context any; does not sleep
 * @ordering none
 */
export function mutex_init(lock: mutex): Op<void> {
  return request(INIT, objectOf(lock));
}

/**
 * Takes the mutex, sleeping while another task holds it. Not recursive: locking it twice hangs for ever.
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
  return request(LOCK, objectOf(lock), 0);
}

/**
 * mutex_lock() with a lockdep subclass (1 is SINGLE_DEPTH_NESTING). Changes the analysis only, never who waits for whom.
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
  return request(LOCK, objectOf(lock), subclass);
}

/**
 * Takes the mutex if it is free, and does not wait if it is not.
 *
 * @example
 * const device = struct('device', { lock: mutex });
 * const one = DEFINE_STATIC('one', device);
 * yield* mutex_init(one.lock);
 * yield* mutex_trylock(one.lock); // => 1
 * yield* mutex_is_locked(one.lock); // => true
 * yield* mutex_unlock(one.lock);
 * @returns 1 if it took it, 0 if somebody has it; down_trylock() has it the other way round
 * @kernel include/linux/mutex.h
 * @context process context; does not sleep
 * @ordering acquire when it returns 1, none otherwise
 */
export function mutex_trylock(lock: mutex): Op<number> {
  return request(TRYLOCK, objectOf(lock));
}

/**
 * Gives the mutex back; only the task that took it may.
 *
 * @kernel include/linux/mutex.h
 * @context process context; does not sleep
 * @ordering release
 */
export function mutex_unlock(lock: mutex): Op<void> {
  return request(UNLOCK, objectOf(lock));
}

/**
 * Whether anybody holds the mutex right now.
 *
 * @returns whether it is held; it may be stale at once
 * @kernel include/linux/mutex.h
 * @context any; does not sleep
 * @ordering none
 */
export function mutex_is_locked(lock: mutex): Op<boolean> {
  return request(IS_LOCKED, objectOf(lock));
}
