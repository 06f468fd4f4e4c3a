// SPDX-License-Identifier: GPL-2.0-only
/** What code says of the locks it is called with. After include/linux/lockdep.h. */
import {
  current,
  type Handle,
  here,
  type Kind,
  objectOf,
  type Op,
  request,
  SyncObject,
} from '../machine';
import { howHeld } from './held';
import { irqs_disabled } from './irqflags';

function warnUnless(holds: boolean, lock: Handle | null): void {
  if (holds) return;
  const object = lock === null ? null : objectOf(lock);
  current.machine.complain({ check: 'warn', message: '', object, site: here() });
}

const MIGHT_LOCK: Kind<null, [lock: SyncObject], void> = {
  name: 'might_lock',
  access: 'none',
  announce(machine, task, { a: lock, site }) {
    const type = SLEEPING.has(lock.typeName) ? 'sleep' : 'spin';
    if (type === 'sleep') machine.mightSleep(task, 'might_lock', site);
    machine.wantLock(task, lock, { type, read: false, trylock: false, subclass: 0, site });
  },
  perform: () => undefined,
};

const SLEEPING: ReadonlySet<string> = new Set(['mutex', 'rw_semaphore']);

const SET_CLASS: Kind<SyncObject, [key: string], void> = {
  name: 'lockdep_set_class',
  access: 'none',
  perform(_machine, _task, { object: lock, a: key }) {
    lock.givenClass = `&${key}`;
  },
};

/**
 * Says that the caller holds a lock: a warning if it does not, however it goes on.
 *
 * @example
 * const lock = DEFINE_SPINLOCK('lock');
 * const users = static_var('users', 0);
 * function* get_locked() {
 *   lockdep_assert_held(lock);
 *   users.value++;
 * }
 * lockdep_assert_not_held(lock);
 * yield* spin_lock(lock);
 * yield* get_locked();
 * yield* spin_unlock(lock);
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_assert_held(lock: Handle): void {
  warnUnless(howHeld(lock) !== null, lock);
}

/**
 * Says that the caller does not hold a lock, since the function takes it or waits for tasks that do.
 *
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_assert_not_held(lock: Handle): void {
  warnUnless(howHeld(lock) === null, lock);
}

/**
 * Says that the caller holds a lock for writing.
 *
 * @example
 * const sem = DECLARE_RWSEM('sem');
 * const lock = DEFINE_SPINLOCK('lock');
 * yield* might_lock(lock);
 * yield* down_write(sem);
 * lockdep_assert_held_write(sem);
 * yield* downgrade_write(sem);
 * lockdep_assert_held_read(sem);
 * lockdep_is_held(sem); // => true
 * yield* up_read(sem);
 * const flags = yield* spin_lock_irqsave(lock);
 * lockdep_assert_irqs_disabled();
 * yield* spin_unlock_irqrestore(lock, flags);
 * lockdep_assert_irqs_enabled();
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_assert_held_write(lock: Handle): void {
  warnUnless(howHeld(lock)?.read === false, lock);
}

/**
 * Says that the caller holds a lock for reading, and not for writing.
 *
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_assert_held_read(lock: Handle): void {
  warnUnless(howHeld(lock)?.read === true, lock);
}

/**
 * Says that interrupts are off on this CPU.
 *
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_assert_irqs_disabled(): void {
  warnUnless(irqs_disabled(), null);
}

/**
 * Says that interrupts are on on this CPU.
 *
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_assert_irqs_enabled(): void {
  warnUnless(!irqs_disabled(), null);
}

/**
 * Whether the caller holds a lock: the condition of rcu_dereference_protected().
 *
 * @returns whether it does, for reading or for writing
 * @kernel include/linux/lockdep.h
 * @context any; does not sleep
 * @ordering none
 */
export function lockdep_is_held(lock: Handle): boolean {
  return howHeld(lock) !== null;
}

/**
 * Says that what follows may take a lock: lockdep then reports a wrong order or context even if it does not.
 *
 * @param lock a mutex, a semaphore for readers and writers, a spinlock or a rwlock
 * @kernel include/linux/lockdep.h
 * @context where the lock may be taken; does not sleep
 * @ordering none
 * @divergence for a lock that sleeps it is a might_sleep(), too, where lockdep looks at the contexts of locks
 */
export function might_lock(lock: Handle): Op<void> {
  const object = objectOf(lock);
  if (!(object instanceof SyncObject)) throw new TypeError('might_lock: not a lock');
  return request(MIGHT_LOCK, null, object);
}

/**
 * Gives a lock a class of its own, so that lockdep tells it from other locks of the same member. To be called after its init function.
 *
 * @example
 * const queue = struct('queue', { lock: spinlock_t, length: int });
 * const port = struct('port', { full: queue, empty: queue });
 * const one = yield* kzalloc(port, GFP_KERNEL);
 * if (one === null) return;
 * yield* spin_lock_init(one.full.lock);
 * yield* spin_lock_init(one.empty.lock);
 * yield* lockdep_set_class(one.full.lock, 'full_key');
 * yield* spin_lock(one.full.lock);
 * yield* spin_lock(one.empty.lock);
 * yield* spin_unlock(one.empty.lock);
 * yield* spin_unlock(one.full.lock);
 * yield* kfree(one);
 * @param key the name of the class: reports show `&key`
 * @kernel include/linux/lockdep.h
 * @context any, while nobody uses the lock; does not sleep
 * @ordering none
 * @divergence the key is a name, and not a static struct lock_class_key
 */
export function lockdep_set_class(lock: Handle, key: string): Op<void> {
  const object = objectOf(lock);
  if (!(object instanceof SyncObject)) throw new TypeError('lockdep_set_class: not a lock');
  return request(SET_CLASS, object, key);
}
