// SPDX-License-Identifier: GPL-2.0-only
/** Waiting for locks and completions until a signal comes or time is over. After mutex.h, semaphore.h and completion.h of include/linux. */
import { composite, type Kind, objectOf, type Op, request } from '../machine';
import { type completion, WAIT } from './completion';
import { EINTR, ERESTARTSYS, ETIME } from './err';
import { hasSlept } from './jiffies';
import { type mutex, MUTEX } from './mutex';
import { DOWN, type semaphore } from './semaphore';
import { endingBy } from './wait-ends';

export const MUTEX_INTERRUPTIBLE = endingBy('mutex_lock_interruptible', 'signal', MUTEX.lock);
export const MUTEX_KILLABLE = endingBy('mutex_lock_killable', 'fatal_signal', MUTEX.lock);
const DOWN_INTERRUPTIBLE = endingBy('down_interruptible', 'signal', DOWN);
const DOWN_KILLABLE = endingBy('down_killable', 'fatal_signal', DOWN);
const DOWN_TIMEOUT = endingBy('down_timeout', 'timeout', DOWN);
const WAIT_INTERRUPTIBLE = endingBy('wait_for_completion_interruptible', 'signal', WAIT);
const WAIT_KILLABLE = endingBy('wait_for_completion_killable', 'fatal_signal', WAIT);
const WAIT_TIMEOUT = endingBy('wait_for_completion_timeout', 'timeout', WAIT);

/** 0 for a wait that has got what it waits for, an error otherwise. */
export function* orError(waiting: Op<boolean>, error: number): Op<number> {
  return (yield* waiting) ? 0 : error;
}

const SLEPT: Kind<null, [ticks: number], void> = {
  name: 'schedule_timeout',
  access: 'none',
  perform(_machine, task, { a: ticks }) {
    hasSlept(task, ticks);
  },
};

/** A wait whose time may be over: then so much time has passed. */
export function* orTimeout(waiting: Op<boolean>, ticks: number): Op<boolean> {
  const got = yield* waiting;
  if (!got) yield* request(SLEPT, null, ticks);
  return got;
}

/**
 * Takes the mutex, sleeping while another task holds it or until a signal comes.
 *
 * @example
 * const lock = DEFINE_MUTEX('lock');
 * function* open() {
 *   if ((yield* mutex_lock_interruptible(lock)) !== 0) return -ERESTARTSYS;
 *   yield* mutex_unlock(lock);
 *   if ((yield* mutex_lock_killable(lock)) !== 0) return -EINTR;
 *   yield* mutex_unlock(lock);
 *   return 0;
 * }
 * yield* open(); // => 0
 * @returns 0 if it took it, -EINTR if a signal came: the mutex is not held then
 * @kernel include/linux/mutex.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence signals come where a scenario lets `signal` fail
 */
export function mutex_lock_interruptible(lock: mutex): Op<number> {
  const waiting = request(MUTEX_INTERRUPTIBLE, objectOf(lock), 0);
  return composite('mutex_lock_interruptible', orError(waiting, -EINTR));
}

/**
 * Takes the mutex, sleeping while another task holds it or until a fatal signal comes.
 *
 * @returns 0 if it took it, -EINTR if a fatal signal came: the mutex is not held then
 * @kernel include/linux/mutex.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence fatal signals come where a scenario lets `fatal_signal` fail
 */
export function mutex_lock_killable(lock: mutex): Op<number> {
  const waiting = request(MUTEX_KILLABLE, objectOf(lock), 0);
  return composite('mutex_lock_killable', orError(waiting, -EINTR));
}

/**
 * Takes one from the count, sleeping while it is 0 or until a signal comes.
 *
 * @example
 * const slots = DEFINE_SEMAPHORE('slots', 2);
 * yield* down_interruptible(slots); // => 0
 * yield* down_timeout(slots, HZ); // => 0
 * yield* down_timeout(slots, HZ); // => -62
 * yield* up(slots);
 * yield* down_killable(slots); // => 0
 * @returns 0 if it took one, -EINTR if a signal came
 * @kernel include/linux/semaphore.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence signals come where a scenario lets `signal` fail
 */
export function down_interruptible(sem: semaphore): Op<number> {
  const waiting = request(DOWN_INTERRUPTIBLE, objectOf(sem));
  return composite('down_interruptible', orError(waiting, -EINTR));
}

/**
 * down_interruptible() that only a fatal signal ends.
 *
 * @returns 0 if it took one, -EINTR if a fatal signal came
 * @kernel include/linux/semaphore.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence fatal signals come where a scenario lets `fatal_signal` fail
 */
export function down_killable(sem: semaphore): Op<number> {
  const waiting = request(DOWN_KILLABLE, objectOf(sem));
  return composite('down_killable', orError(waiting, -EINTR));
}

/**
 * Takes one from the count, sleeping while it is 0 or until the time is over.
 *
 * @param timeout in jiffies
 * @returns 0 if it took one, -ETIME if the time is over
 * @kernel include/linux/semaphore.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence the time may be over at any moment
 */
export function down_timeout(sem: semaphore, timeout: number): Op<number> {
  const waiting = orTimeout(request(DOWN_TIMEOUT, objectOf(sem)), timeout);
  return composite('down_timeout', orError(waiting, -ETIME));
}

/**
 * Sleeps until the completion is done or a signal comes.
 *
 * @example
 * const done = DECLARE_COMPLETION('done');
 * yield* wait_for_completion_timeout(done, HZ); // => 0
 * yield* complete_all(done);
 * yield* wait_for_completion_timeout(done, HZ); // => 1
 * yield* wait_for_completion_interruptible(done); // => 0
 * yield* wait_for_completion_killable(done); // => 0
 * @returns 0 if it is done, -ERESTARTSYS if a signal came; it may still be completed later
 * @kernel include/linux/completion.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence signals come where a scenario lets `signal` fail
 */
export function wait_for_completion_interruptible(x: completion): Op<number> {
  const waiting = request(WAIT_INTERRUPTIBLE, objectOf(x));
  return composite('wait_for_completion_interruptible', orError(waiting, -ERESTARTSYS));
}

/**
 * Sleeps until the completion is done or a fatal signal comes.
 *
 * @returns 0 if it is done, -ERESTARTSYS if a fatal signal came; it may still be completed later
 * @kernel include/linux/completion.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence fatal signals come where a scenario lets `fatal_signal` fail
 */
export function wait_for_completion_killable(x: completion): Op<number> {
  const waiting = request(WAIT_KILLABLE, objectOf(x));
  return composite('wait_for_completion_killable', orError(waiting, -ERESTARTSYS));
}

function* inTime(x: completion, timeout: number): Op<number> {
  return (yield* orTimeout(request(WAIT_TIMEOUT, objectOf(x)), timeout)) ? 1 : 0;
}

/**
 * Sleeps until the completion is done or the time is over.
 *
 * @param timeout in jiffies
 * @returns 0 if the time is over; it may still be completed later; else what is left of the time
 * @kernel include/linux/completion.h
 * @context process context only; may sleep
 * @ordering acquire unless it returns 0
 * @divergence the time may be over at any moment, as often as the scenario's `expiries` says of `timeout`; what is left is 1
 */
export function wait_for_completion_timeout(x: completion, timeout: number): Op<number> {
  return composite('wait_for_completion_timeout', inTime(x, timeout));
}
