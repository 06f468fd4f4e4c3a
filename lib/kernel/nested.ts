// SPDX-License-Identifier: GPL-2.0-only
/**
 * Locks of one class that are taken in a known order, where the other forms of taking them are needed. After the *_nested functions of
 * include/linux/spinlock.h and mutex.h. The subclass changes only lockdep's analysis.
 */
import { composite, objectOf, type Op, request } from '../machine';
import { MUTEX_INTERRUPTIBLE, MUTEX_KILLABLE, orError } from './interruptible';
import { EINTR } from './err';
import type { irqflags_t } from './irqflags';
import type { mutex } from './mutex';
import { spin_lock_nested, type spinlock_t } from './spinlock';
import { savingIrqs } from './spinlock-irq';

/**
 * spin_lock_irqsave() with a lockdep subclass.
 *
 * @example
 * const from = DEFINE_SPINLOCK('from');
 * const to = DEFINE_SPINLOCK('to');
 * const flags = yield* spin_lock_irqsave(from);
 * const inner = yield* spin_lock_irqsave_nested(to, 1);
 * yield* spin_unlock_irqrestore(to, inner);
 * yield* spin_unlock_irqrestore(from, flags);
 * @param subclass 0 is that of spin_lock_irqsave(), 1 is SINGLE_DEPTH_NESTING
 * @returns the flags for spin_unlock_irqrestore()
 * @kernel include/linux/spinlock.h
 * @context any but the holder of this lock; does not sleep
 * @ordering acquire
 * @divergence returns the flags, where the macro in C assigns them to its argument
 */
export function spin_lock_irqsave_nested(lock: spinlock_t, subclass: number): Op<irqflags_t> {
  return composite(
    'spin_lock_irqsave_nested',
    savingIrqs(() => spin_lock_nested(lock, subclass)),
  );
}

/**
 * mutex_lock_interruptible() with a lockdep subclass.
 *
 * @example
 * const parent = DEFINE_MUTEX('parent');
 * const child = DEFINE_MUTEX('child');
 * yield* mutex_lock(parent);
 * yield* mutex_lock_interruptible_nested(child, SINGLE_DEPTH_NESTING); // => 0
 * yield* mutex_unlock(child);
 * yield* mutex_lock_killable_nested(child, SINGLE_DEPTH_NESTING); // => 0
 * yield* mutex_unlock(child);
 * yield* mutex_unlock(parent);
 * @param subclass 0 is that of mutex_lock(), 1 is SINGLE_DEPTH_NESTING
 * @returns 0 if it took it, -EINTR if a signal came: the mutex is not held then
 * @kernel include/linux/mutex.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence signals come where a scenario lets `signal` fail
 */
export function mutex_lock_interruptible_nested(lock: mutex, subclass: number): Op<number> {
  const waiting = request(MUTEX_INTERRUPTIBLE, objectOf(lock), subclass);
  return composite('mutex_lock_interruptible_nested', orError(waiting, -EINTR));
}

/**
 * mutex_lock_killable() with a lockdep subclass.
 *
 * @param subclass 0 is that of mutex_lock(), 1 is SINGLE_DEPTH_NESTING
 * @returns 0 if it took it, -EINTR if a fatal signal came: the mutex is not held then
 * @kernel include/linux/mutex.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence fatal signals come where a scenario lets `fatal_signal` fail
 */
export function mutex_lock_killable_nested(lock: mutex, subclass: number): Op<number> {
  const waiting = request(MUTEX_KILLABLE, objectOf(lock), subclass);
  return composite('mutex_lock_killable_nested', orError(waiting, -EINTR));
}

/** The subclass of a second lock of one class. @kernel include/linux/lockdep.h */
export const SINGLE_DEPTH_NESTING = 1;
