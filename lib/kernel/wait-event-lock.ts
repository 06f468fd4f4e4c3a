// SPDX-License-Identifier: GPL-2.0-only
/** Waiting on queues with a spinlock held, which is given back while the task sleeps. After include/linux/wait.h. */
import { composite, type Op } from '../machine';
import { ERESTARTSYS } from './err';
import { spin_lock_irq, spin_unlock_irq } from './spinlock-irq';
import type { spinlock_t } from './spinlock';
import { TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE } from './task-state';
import { sleeping, sleepingFor, type wait_condition_t } from './wait';
import type { wait_queue_head_t } from './wait-queue';
import { sleepUntil } from './wait-sleep';

function* without(lock: spinlock_t, sleep: () => Op<boolean>): Op<boolean> {
  yield* spin_unlock_irq(lock);
  const woken = yield* sleep();
  yield* spin_lock_irq(lock);
  return woken;
}

function* waiting(wq: wait_queue_head_t, condition: wait_condition_t, lock: spinlock_t): Op<void> {
  yield* sleepingFor(wq, condition, {
    state: TASK_UNINTERRUPTIBLE,
    sleep: () => without(lock, sleeping),
  });
}

function* interruptible(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  lock: spinlock_t,
): Op<number> {
  const got = yield* sleepingFor(wq, condition, {
    state: TASK_INTERRUPTIBLE,
    sleep: () => without(lock, () => sleepUntil('signal')),
  });
  return got ? 0 : -ERESTARTSYS;
}

/**
 * Sleeps until the condition holds. The caller holds the lock, and so does who makes the condition true. It is held whenever the
 * condition is checked, and when the call returns.
 *
 * @example
 * const eventq = DECLARE_WAIT_QUEUE_HEAD('eventq');
 * const lock = DEFINE_SPINLOCK('lock');
 * const ready = static_var('ready', 0);
 * yield* spawn_task('b', function* () {
 *   yield* spin_lock_irq(lock);
 *   ready.value = 2;
 *   yield* spin_unlock_irq(lock);
 *   yield* wake_up(eventq);
 * });
 * yield* spin_lock_irq(lock);
 * yield* wait_event_lock_irq(eventq, () => ready.value > 0, lock);
 * ready.value--;
 * if ((yield* wait_event_interruptible_lock_irq(eventq, () => ready.value > 0, lock)) === 0) ready.value--;
 * yield* spin_unlock_irq(lock);
 * @param condition checked by the sleeping task itself, with the lock held
 * @param lock taken by spin_lock_irq()
 * @kernel include/linux/wait.h
 * @context process context, with the lock held; may sleep
 * @ordering acquire, from the last spin_unlock_irq() of the lock, if it slept
 */
export function wait_event_lock_irq(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  lock: spinlock_t,
): Op<void> {
  return composite('wait_event_lock_irq', waiting(wq, condition, lock));
}

/**
 * wait_event_lock_irq() that a signal may end. The lock is held then, too.
 *
 * @param condition checked by the sleeping task itself, with the lock held
 * @param lock taken by spin_lock_irq()
 * @returns 0 if the condition holds, -ERESTARTSYS if a signal came first
 * @kernel include/linux/wait.h
 * @context process context, with the lock held; may sleep
 * @ordering acquire, from the last spin_unlock_irq() of the lock, if it slept
 * @divergence signals come where a scenario lets `signal` fail
 */
export function wait_event_interruptible_lock_irq(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  lock: spinlock_t,
): Op<number> {
  return composite('wait_event_interruptible_lock_irq', interruptible(wq, condition, lock));
}
