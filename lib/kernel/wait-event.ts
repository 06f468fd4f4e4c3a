// SPDX-License-Identifier: GPL-2.0-only
/** Waiting on queues until a signal comes or time is over. After include/linux/wait.h. */
import { composite, type Kind, objectOf, type Op, request } from '../machine';
import { smp_mb } from './barrier';
import { ERESTARTSYS } from './err';
import { orTimeout } from './interruptible';
import { failed, outcomesOf } from './may-fail';
import {
  SCHEDULE,
  type wait_condition_t,
  type wait_queue_head_t,
  waitingFor,
  waitqueue_active,
  wake_up,
  wake_up_all,
} from './wait';
import { type Ending, endingBy } from './wait-ends';

const SLEEP: Readonly<Record<Ending, ReturnType<typeof sleeper>>> = {
  signal: sleeper('schedule', 'signal'),
  fatal_signal: sleeper('schedule', 'fatal_signal'),
  timeout: sleeper('schedule_timeout', 'timeout'),
  chosen: sleeper('schedule_timeout', 'chosen'),
};

function sleeper(name: string, ending: Ending): (wq: wait_queue_head_t) => Op<boolean> {
  const kind = endingBy(name, ending, SCHEDULE);
  return (wq) => request(kind, objectOf(wq));
}

function* interruptible(
  name: string,
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  ending: Ending,
): Op<number> {
  const got = yield* waitingFor(name, wq, condition, () => SLEEP[ending](wq));
  return got ? 0 : -ERESTARTSYS;
}

function* timed(
  name: string,
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  timeout: number,
): Op<number> {
  const sleep = (): Op<boolean> => orTimeout(SLEEP.timeout(wq), timeout);
  return (yield* waitingFor(name, wq, condition, sleep)) ? 1 : 0;
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
  return composite('wait_event_timeout', timed('wait_event_timeout', wq, condition, timeout));
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
 * wake_up() of those whose wait a signal may end.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering release
 * @divergence wakes all tasks on the queue, whatever may end their wait
 */
export function wake_up_interruptible(wq: wait_queue_head_t): Op<void> {
  return wake_up(wq);
}

/**
 * wake_up_all() of those whose wait a signal may end.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering release
 * @divergence wakes all tasks on the queue, whatever may end their wait
 */
export function wake_up_interruptible_all(wq: wait_queue_head_t): Op<void> {
  return wake_up_all(wq);
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
