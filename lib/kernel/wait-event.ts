// SPDX-License-Identifier: GPL-2.0-only
/** Waiting on queues until a signal comes or time is over. After include/linux/wait.h. */
import { composite, type Kind, type Op, request } from '../machine';
import { smp_mb } from './barrier';
import { ERESTARTSYS } from './err';
import { orTimeout } from './interruptible';
import { failed, outcomesOf } from './may-fail';
import { TASK_INTERRUPTIBLE, TASK_KILLABLE, TASK_UNINTERRUPTIBLE } from './task-state';
import { sleeping, type wait_condition_t, waitingFor, waitqueue_active } from './wait';
import type { Ending } from './wait-ends';
import type { wait_queue_head_t } from './wait-queue';
import { sleepUntil } from './wait-sleep';

function* interruptible(
  name: string,
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  ending: Ending,
  exclusive = false,
): Op<number> {
  const state = ending === 'fatal_signal' ? TASK_KILLABLE : TASK_INTERRUPTIBLE;
  const sleep = (): Op<boolean> => sleepUntil(ending);
  const got = yield* waitingFor(wq, condition, { name, state, exclusive, sleep });
  return got ? 0 : -ERESTARTSYS;
}

function* timed(
  name: string,
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  timeout: number,
  state = TASK_INTERRUPTIBLE,
): Op<number> {
  const sleep = (): Op<boolean> => orTimeout(sleepUntil('timeout'), timeout);
  return (yield* waitingFor(wq, condition, { name, state, sleep })) ? 1 : 0;
}

/** Whether a signal or the end of its time is what may end the wait that follows. */
const CHOOSE: Kind<null, [], boolean> = {
  name: 'signal',
  access: 'none',
  outcomes: outcomesOf('signal'),
  perform: (machine, task) => failed('signal', machine, task),
};

function* either(wq: wait_queue_head_t, condition: wait_condition_t, timeout: number): Op<number> {
  const name = 'wait_event_interruptible_timeout';
  if (yield* request(CHOOSE, null)) return yield* interruptible(name, wq, condition, 'chosen');
  return yield* timed(name, wq, condition, timeout);
}

function* hasSleeper(wq: wait_queue_head_t): Op<boolean> {
  yield* smp_mb();
  return yield* waitqueue_active(wq);
}

/**
 * Sleeps until the condition holds or a signal comes.
 *
 * @example
 * const eventq = DECLARE_WAIT_QUEUE_HEAD('eventq');
 * const ready = DEFINE_ATOMIC('ready', 0);
 * function* isReady() {
 *   return (yield* atomic_read(ready)) === 1;
 * }
 * yield* spawn_task('b', function* () {
 *   yield* atomic_set(ready, 1);
 *   if (yield* wq_has_sleeper(eventq)) yield* wake_up_interruptible(eventq);
 * });
 * yield* wait_event_interruptible(eventq, isReady); // => 0
 * yield* wait_event_killable(eventq, isReady); // => 0
 * yield* wait_event_freezable(eventq, isReady); // => 0
 * @param condition checked by the sleeping task itself
 * @returns 0 if the condition holds, -ERESTARTSYS if a signal came first
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 * @divergence signals come where a scenario lets `signal` fail
 */
export function wait_event_interruptible(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
): Op<number> {
  const name = 'wait_event_interruptible';
  return composite(name, interruptible(name, wq, condition, 'signal'));
}

/**
 * Sleeps until the condition holds or a fatal signal comes.
 *
 * @param condition checked by the sleeping task itself
 * @returns 0 if the condition holds, -ERESTARTSYS if a fatal signal came first
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 * @divergence fatal signals come where a scenario lets `fatal_signal` fail
 */
export function wait_event_killable(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
): Op<number> {
  const name = 'wait_event_killable';
  return composite(name, interruptible(name, wq, condition, 'fatal_signal'));
}

/**
 * wait_event_interruptible() of a task that may be frozen when the machine is suspended.
 *
 * @param condition checked by the sleeping task itself
 * @returns 0 if the condition holds, -ERESTARTSYS if a signal came first
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 * @divergence nobody is frozen here
 */
export function wait_event_freezable(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
): Op<number> {
  const name = 'wait_event_freezable';
  return composite(name, interruptible(name, wq, condition, 'signal'));
}

/**
 * Sleeps until the condition holds or the time is over.
 *
 * @example
 * const eventq = DECLARE_WAIT_QUEUE_HEAD('eventq');
 * const device = static_var('dead', false);
 * const left = yield* wait_event_timeout(eventq, () => device.value, HZ);
 * left; // => 0
 * yield* wait_event_interruptible_timeout(eventq, () => device.value, HZ); // => 0
 * yield* wake_up_interruptible_all(eventq);
 * @param condition checked by the sleeping task itself
 * @param timeout in jiffies
 * @returns 0 if the time is over and the condition does not hold; else what is left of the time, 1 or more
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it was woken
 * @divergence the time may be over at any moment, as often as the scenario's `expiries` says of `timeout`; what is left is 1
 */
export function wait_event_timeout(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  timeout: number,
): Op<number> {
  const name = 'wait_event_timeout';
  return composite(name, timed(name, wq, condition, timeout, TASK_UNINTERRUPTIBLE));
}

/**
 * Sleeps until the condition holds, a signal comes or the time is over.
 *
 * @param condition checked by the sleeping task itself
 * @param timeout in jiffies
 * @returns 0 if the time is over, -ERESTARTSYS if a signal came first; else what is left of the time, 1 or more
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it was woken
 * @divergence signals come where a scenario lets `signal` fail; the time may be over at any moment; what is left is 1
 */
export function wait_event_interruptible_timeout(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  timeout: number,
): Op<number> {
  return composite('wait_event_interruptible_timeout', either(wq, condition, timeout));
}

/**
 * wait_event_interruptible() of an exclusive waiter: wake_up() wakes one of these, the one that came first.
 *
 * @example
 * const slots = DECLARE_WAIT_QUEUE_HEAD('slots');
 * const free = DEFINE_ATOMIC('free', 1);
 * function* taken() {
 *   return (yield* atomic_dec_if_positive(free)) >= 0;
 * }
 * function* use() {
 *   yield* wait_event_interruptible_exclusive(slots, taken);
 *   yield* atomic_inc(free);
 *   yield* wake_up_interruptible_nr(slots, 1);
 * }
 * const b = yield* spawn_task('b', use);
 * yield* use();
 * yield* join(b);
 * yield* wait_event_killable_exclusive(slots, taken); // => 0
 * @param condition checked by the sleeping task itself
 * @returns 0 if the condition holds, -ERESTARTSYS if a signal came first
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 * @divergence signals come where a scenario lets `signal` fail
 */
export function wait_event_interruptible_exclusive(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
): Op<number> {
  const name = 'wait_event_interruptible_exclusive';
  return composite(name, interruptible(name, wq, condition, 'signal', true));
}

/**
 * wait_event_killable() of an exclusive waiter: wake_up() wakes one of these, the one that came first.
 *
 * @param condition checked by the sleeping task itself
 * @returns 0 if the condition holds, -ERESTARTSYS if a fatal signal came first
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 * @divergence fatal signals come where a scenario lets `fatal_signal` fail
 */
export function wait_event_killable_exclusive(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
): Op<number> {
  const name = 'wait_event_killable_exclusive';
  return composite(name, interruptible(name, wq, condition, 'fatal_signal', true));
}

function* idle(wq: wait_queue_head_t, condition: wait_condition_t, exclusive: boolean): Op<void> {
  const name = exclusive ? 'wait_event_idle_exclusive' : 'wait_event_idle';
  yield* waitingFor(wq, condition, {
    name,
    state: TASK_UNINTERRUPTIBLE,
    exclusive,
    sleep: sleeping,
  });
}

/**
 * wait_event() of a task that has nothing to do: its sleep does not count as load.
 *
 * @example
 * const work = DECLARE_WAIT_QUEUE_HEAD('work');
 * const ready = DEFINE_ATOMIC('ready', 1);
 * function* isReady() {
 *   return (yield* atomic_read(ready)) === 1;
 * }
 * yield* wait_event_idle(work, isReady);
 * yield* wait_event_idle_exclusive(work, isReady);
 * @param condition checked by the sleeping task itself
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 */
export function wait_event_idle(wq: wait_queue_head_t, condition: wait_condition_t): Op<void> {
  return composite('wait_event_idle', idle(wq, condition, false));
}

/**
 * wait_event_idle() of an exclusive waiter: wake_up() wakes one of these, the one that came first.
 *
 * @param condition checked by the sleeping task itself
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 */
export function wait_event_idle_exclusive(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
): Op<void> {
  return composite('wait_event_idle_exclusive', idle(wq, condition, true));
}

/**
 * waitqueue_active() with the barrier that it needs before it.
 *
 * @returns whether there is one
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full, between what was done before and the look at the queue
 */
export function wq_has_sleeper(wq: wait_queue_head_t): Op<boolean> {
  return composite('wq_has_sleeper', hasSleeper(wq));
}
