// SPDX-License-Identifier: GPL-2.0-only
/** Sleeping by hand: a task sets its state, checks what it waits for, and gives up the CPU. After include/linux/sched.h. */
import { composite, current, fence, FULL, type Kind, objectOf, type Op, request } from '../machine';
import { smp_mb } from './barrier';
import { orTimeout } from './interruptible';
import type { task_struct } from './join';
import { looking } from './processor';
import { failed, outcomesOf } from './may-fail';
import {
  ownState,
  SCHEDULE,
  SET,
  SET_RELAXED,
  sleeper,
  stateOf,
  TASK_INTERRUPTIBLE,
  TASK_KILLABLE,
  TASK_NORMAL,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  waking,
} from './task-state';
import { gotSignal, hasSignal, mayTimeOut } from './wait-ends';

const YIELD: Kind<null, [], void> = {
  name: 'schedule',
  access: 'none',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'schedule', site),
  perform: (machine, task) => fence(machine, task, FULL),
};

const UNTIL_SIGNAL = sleeper('schedule', 'signal');
const UNTIL_FATAL_SIGNAL = sleeper('schedule', 'fatal_signal');
const UNTIL_TIMEOUT = sleeper('schedule_timeout', 'timeout');
const POLL = looking('schedule_timeout');
const WAKE_UP_PROCESS = waking('wake_up_process');

function* untilSignal(kind: typeof UNTIL_SIGNAL): Op<void> {
  yield* request(kind, stateOf(current.machine.task));
}

/** Sleeps, as schedule() and schedule_timeout() without an end do. */
function sleep(): Op<void> {
  const state = ownState();
  if (state === null) return request(YIELD, null);
  if (state.mode === TASK_INTERRUPTIBLE) return composite('schedule', untilSignal(UNTIL_SIGNAL));
  if (state.mode === TASK_KILLABLE) return composite('schedule', untilSignal(UNTIL_FATAL_SIGNAL));
  return request(SCHEDULE, state);
}

/** A task that nobody can wake looks again when its time is over: only what has changed meanwhile makes a difference. */
function* polling(): Op<boolean> {
  yield* request(POLL, null, current.machine.task.watched);
  return false;
}

function* sleepFor(ticks: number): Op<number> {
  const { task } = current.machine;
  const state = stateOf(task);
  const alone = state.on.length === 0 && !state.known;
  const polls = alone && state.mode !== TASK_RUNNING && !mayTimeOut(task);
  const sleeping = polls ? polling() : request(UNTIL_TIMEOUT, state);
  const woken = yield* orTimeout(sleeping, ticks);
  if (polls) yield* request(SET_RELAXED, state, TASK_RUNNING);
  return woken ? ticks : 0;
}

function* sleepIn(mode: number, ticks: number): Op<number> {
  yield* request(SET_RELAXED, stateOf(current.machine.task), mode);
  return yield* sleepFor(ticks);
}

function* wake(task: task_struct): Op<number> {
  const state = stateOf(objectOf(task));
  yield* smp_mb();
  return yield* request(WAKE_UP_PROCESS, state, TASK_NORMAL);
}

const SIGNAL = outcomesOf('signal');
const SIGNAL_PENDING: Kind<null, [], boolean> = {
  name: 'signal_pending',
  access: 'none',
  outcomes: (machine, task, asked) => (hasSignal(task) ? 1 : SIGNAL(machine, task, asked)),
  perform(machine, task) {
    if (failed('signal', machine, task)) gotSignal(task);
    return hasSignal(task);
  },
};

/**
 * The running task. A pointer to it lets others wake it.
 *
 * @returns the task
 * @kernel include/asm-generic/current.h
 * @context any; does not sleep
 * @ordering none
 */
export function get_current(): task_struct {
  const { task } = current.machine;
  stateOf(task).known = true;
  return task.handle;
}

/**
 * Sets the task's own state, before it checks what it waits for. A task that checks first and sets the state then can miss its
 * wake-up, and sleeps for ever.
 *
 * @example
 * const waiter = static_var<task_struct | null>('waiter', null);
 * const done = DEFINE_ATOMIC('done', 0);
 * yield* WRITE_ONCE(waiter, 'value', get_current());
 * yield* spawn_task('b', function* () {
 *   yield* atomic_set(done, 1);
 *   const task = yield* READ_ONCE(waiter, 'value');
 *   if (task !== null) yield* wake_up_process(task);
 * });
 * for (;;) {
 *   yield* set_current_state(TASK_UNINTERRUPTIBLE);
 *   if ((yield* atomic_read(done)) === 1) break;
 *   yield* schedule();
 * }
 * yield* __set_current_state(TASK_RUNNING);
 * @param state TASK_RUNNING, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE or TASK_KILLABLE
 * @kernel include/linux/sched.h
 * @context process context; does not sleep
 * @ordering full, between the state and what is read after it
 */
export function set_current_state(state: number): Op<void> {
  return request(SET, stateOf(current.machine.task), state);
}

/**
 * set_current_state() without the barrier: for TASK_RUNNING, and where a lock orders what comes after it.
 *
 * @param state TASK_RUNNING, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE or TASK_KILLABLE
 * @kernel include/linux/sched.h
 * @context process context; does not sleep
 * @ordering none
 */
export function __set_current_state(state: number): Op<void> {
  return request(SET_RELAXED, stateOf(current.machine.task), state);
}

/**
 * Gives up the CPU. If the task's state is not TASK_RUNNING, it sleeps until it is woken: by wake_up() of a queue that it is on, by
 * wake_up_process(), or by a signal if its state lets it.
 *
 * @kernel include/linux/sched.h
 * @context process context only; may sleep
 * @ordering full, and acquire from the wake-up
 * @divergence signals come where a scenario lets `signal` or `fatal_signal` fail
 */
export function schedule(): Op<void> {
  return sleep();
}

/**
 * schedule() for a limited time, in the state that the task has set.
 *
 * @param timeout in jiffies
 * @returns 0 if the time is over, else what is left of it
 * @kernel include/linux/sched.h
 * @context process context only; may sleep
 * @ordering full, and acquire from the wake-up
 * @divergence the time may be over at any moment; a task that is woken has all of it left
 */
export function schedule_timeout(timeout: number): Op<number> {
  return composite('schedule_timeout', sleepFor(timeout));
}

/**
 * Sleeps for some time, or until a task or a signal wakes it.
 *
 * @example
 * yield* schedule_timeout_interruptible(HZ); // => 0
 * yield* set_current_state(TASK_INTERRUPTIBLE);
 * yield* schedule_timeout(HZ); // => 0
 * yield* signal_pending(get_current()); // => false
 * @param timeout in jiffies
 * @returns 0 if the time is over, else what is left of it
 * @kernel include/linux/sched.h
 * @context process context only; may sleep
 * @ordering full, and acquire from the wake-up
 * @divergence the time may be over at any moment, which a signal is as good as; a task that is woken has all of it left
 */
export function schedule_timeout_interruptible(timeout: number): Op<number> {
  return composite('schedule_timeout_interruptible', sleepIn(TASK_INTERRUPTIBLE, timeout));
}

/**
 * Sleeps for some time. In a loop it looks again and again for what nobody wakes it for.
 *
 * @example
 * const users = DEFINE_ATOMIC('users', 1);
 * yield* spawn_task('b', () => atomic_dec(users));
 * while ((yield* atomic_read(users)) > 0) yield* schedule_timeout_uninterruptible(1);
 * @param timeout in jiffies
 * @returns 0 if the time is over, else what is left of it
 * @kernel include/linux/sched.h
 * @context process context only; may sleep
 * @ordering full, and acquire from the wake-up
 * @divergence the time may be over at any moment; after the scenario's `expiries` of `timeout` only when what the loop looks at has
 * changed, so that a loop nobody ends is a hang
 */
export function schedule_timeout_uninterruptible(timeout: number): Op<number> {
  return composite('schedule_timeout_uninterruptible', sleepIn(TASK_UNINTERRUPTIBLE, timeout));
}

/**
 * Wakes a task that sleeps, whatever it sleeps on. One that does not sleep does not notice.
 *
 * @returns 1 if it slept, 0 if it was running
 * @kernel include/linux/sched.h
 * @context any; does not sleep
 * @ordering full, between what was done before and the look at the task's state
 */
export function wake_up_process(task: task_struct): Op<number> {
  return composite('wake_up_process', wake(task));
}

/**
 * Whether a signal has come to the running task: then it does not sleep in TASK_INTERRUPTIBLE, and ought to return.
 *
 * @param task get_current()
 * @returns whether one has; it stays so
 * @kernel include/linux/sched/signal.h
 * @context process context; does not sleep
 * @ordering none
 * @divergence signals come where a scenario lets `signal` fail
 */
export function signal_pending(task: task_struct): Op<boolean> {
  if (objectOf(task) !== current.machine.task)
    throw new TypeError('signal_pending: only of the running task');
  return request(SIGNAL_PENDING, null);
}
