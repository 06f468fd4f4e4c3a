// SPDX-License-Identifier: GPL-2.0-only
/** Wait queues: tasks sleep until another task makes a condition true. After include/linux/wait.h, kernel/sched/wait.c. */
import { composite, current, type Kind, objectOf, type Op, request } from '../machine';
import {
  SCHEDULE,
  stateOf,
  TASK_INTERRUPTIBLE,
  TASK_NORMAL,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
} from './task-state';
import {
  ACTIVE,
  ADD,
  ADD_EXCLUSIVE,
  FINISH,
  INIT,
  type Own,
  PREPARE,
  PREPARE_EXCLUSIVE,
  REMOVE,
  type wait_queue_head_t,
  waker,
  WaitQueue,
} from './wait-queue';

/**
 * Defines a static wait queue, empty.
 *
 * @kernel include/linux/wait.h
 */
export function DECLARE_WAIT_QUEUE_HEAD(name: string): wait_queue_head_t {
  return new WaitQueue().makeStatic(name).handle;
}

const WAKE_UP = waker('wake_up', TASK_NORMAL, 1);
const WAKE_UP_ALL = waker('wake_up_all', TASK_NORMAL, 0);
const WAKE_UP_INTERRUPTIBLE = waker('wake_up_interruptible', TASK_INTERRUPTIBLE, 1);
const WAKE_UP_INTERRUPTIBLE_ALL = waker('wake_up_interruptible_all', TASK_INTERRUPTIBLE, 0);
const several = new Map<string, ReturnType<typeof waker>>();

/** A waker of a few exclusive ones: 0 is all of them. */
function wakerOf(name: string, from: number, exclusives: number): ReturnType<typeof waker> {
  const key = `${name} ${exclusives}`;
  let kind = several.get(key);
  if (kind === undefined) several.set(key, (kind = waker(name, from, exclusives)));
  return kind;
}

const MIGHT_SLEEP: Kind<null, [what: string], void> = {
  name: 'might_sleep',
  access: 'none',
  announce: (machine, task, { a: what, site }) => machine.mightSleep(task, what, site),
  perform: () => undefined,
};

/** The running task's own state, and what it becomes. */
function own(to?: number): Own {
  const state = stateOf(current.machine.task);
  return to === undefined ? { state } : { state, to };
}

/**
 * Makes a wait queue usable, empty.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering none
 */
export function init_waitqueue_head(wq: wait_queue_head_t): Op<void> {
  return request(INIT, objectOf(wq));
}

/**
 * Queues the task and sets its state: from now on it does not miss a wake_up(). The task must check the condition after this call and
 * before schedule().
 *
 * @example
 * const device = struct('device', { queue: wait_queue_head_t, ready: atomic_t });
 * const one = DEFINE_STATIC('one', device);
 * yield* init_waitqueue_head(one.queue);
 * yield* spawn_task('b', function* () {
 *   yield* atomic_set(one.ready, 1);
 *   yield* smp_mb();
 *   if (yield* waitqueue_active(one.queue)) yield* wake_up_all(one.queue);
 * });
 * yield* prepare_to_wait(one.queue, TASK_INTERRUPTIBLE);
 * if ((yield* atomic_read(one.ready)) === 0) yield* schedule();
 * yield* finish_wait(one.queue);
 * yield* atomic_read(one.ready); // => 1
 * @param state TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE or TASK_KILLABLE
 * @kernel include/linux/wait.h
 * @context process context; does not sleep
 * @ordering full, between queueing and what is read after it
 * @divergence takes no entry: a task has one on each queue
 */
export function prepare_to_wait(
  wq: wait_queue_head_t,
  state: number = TASK_UNINTERRUPTIBLE,
): Op<void> {
  return request(PREPARE, objectOf(wq), null, own(state));
}

/**
 * prepare_to_wait() of an exclusive waiter: wake_up() wakes one of these, the one that came first.
 *
 * @example
 * const slots = DECLARE_WAIT_QUEUE_HEAD('slots');
 * const free = DEFINE_ATOMIC('free', 0);
 * yield* spawn_task('b', function* () {
 *   yield* atomic_set(free, 2);
 *   yield* wake_up_nr(slots, 2);
 * });
 * for (;;) {
 *   yield* prepare_to_wait_exclusive(slots, TASK_UNINTERRUPTIBLE);
 *   if ((yield* atomic_dec_if_positive(free)) >= 0) break;
 *   yield* schedule();
 * }
 * yield* finish_wait(slots);
 * @param state TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE or TASK_KILLABLE
 * @kernel include/linux/wait.h
 * @context process context; does not sleep
 * @ordering full, between queueing and what is read after it
 * @divergence takes no entry: a task has one on each queue
 */
export function prepare_to_wait_exclusive(wq: wait_queue_head_t, state: number): Op<void> {
  return request(PREPARE_EXCLUSIVE, objectOf(wq), null, own(state));
}

/**
 * Leaves the queue; the task's state is TASK_RUNNING again.
 *
 * @kernel include/linux/wait.h
 * @context process context; does not sleep
 * @ordering acquire, from earlier wake_up() calls
 */
export function finish_wait(wq: wait_queue_head_t): Op<void> {
  return request(FINISH, objectOf(wq), null, own(TASK_RUNNING));
}

/**
 * Queues the task until remove_wait_queue(): every wake_up() wakes it, if it sleeps. It sets the state itself.
 *
 * @example
 * const events = DECLARE_WAIT_QUEUE_HEAD('events');
 * const ready = static_var('ready', false);
 * yield* spawn_task('b', function* () {
 *   yield* WRITE_ONCE(ready, 'value', true);
 *   yield* wake_up_interruptible(events);
 * });
 * yield* add_wait_queue(events);
 * for (;;) {
 *   yield* set_current_state(TASK_INTERRUPTIBLE);
 *   if (yield* READ_ONCE(ready, 'value')) break;
 *   yield* schedule();
 * }
 * yield* __set_current_state(TASK_RUNNING);
 * yield* remove_wait_queue(events);
 * yield* add_wait_queue_exclusive(events);
 * yield* remove_wait_queue(events);
 * @kernel include/linux/wait.h
 * @context process context; does not sleep
 * @ordering none: set_current_state() has the barrier
 * @divergence takes no entry: a task has one on each queue
 */
export function add_wait_queue(wq: wait_queue_head_t): Op<void> {
  return request(ADD, objectOf(wq), null, own());
}

/**
 * add_wait_queue() of an exclusive waiter: wake_up() wakes one of these, the one that came first.
 *
 * @kernel include/linux/wait.h
 * @context process context; does not sleep
 * @ordering none: set_current_state() has the barrier
 * @divergence takes no entry: a task has one on each queue
 */
export function add_wait_queue_exclusive(wq: wait_queue_head_t): Op<void> {
  return request(ADD_EXCLUSIVE, objectOf(wq), null, own());
}

/**
 * Takes the task off the queue. Its state stays.
 *
 * @kernel include/linux/wait.h
 * @context process context; does not sleep
 * @ordering acquire, from earlier wake_up() calls
 */
export function remove_wait_queue(wq: wait_queue_head_t): Op<void> {
  return request(REMOVE, objectOf(wq), null, own());
}

/** What a task waits for: a plain expression, or an operation that gives a truth value. */
export type wait_condition_t = () => Op<boolean> | boolean;

function* holds(condition: wait_condition_t): Op<boolean> {
  const answer = condition();
  // eslint-disable-next-line kata/yield-star -- a value that is not an operation is the answer itself
  return typeof answer === 'object' ? yield* answer : answer;
}

/** How a task waits for a condition. */
export interface WaitHow {
  readonly name: string;
  /** In which it sleeps. */
  readonly state: number;
  readonly exclusive?: boolean;
  /** Says whether it was woken; if not, the condition is checked for the last time. */
  readonly sleep: () => Op<boolean>;
}

/** Waits for a condition; the caller holds no spinlock. */
export function* waitingFor(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  how: WaitHow,
): Op<boolean> {
  yield* request(MIGHT_SLEEP, null, how.name);
  return yield* sleepingFor(wq, condition, how);
}

/** ___wait_event(): waits for a condition. */
export function* sleepingFor(
  wq: wait_queue_head_t,
  condition: wait_condition_t,
  { state, exclusive = false, sleep }: Omit<WaitHow, 'name'>,
): Op<boolean> {
  if (yield* holds(condition)) return true;
  for (let woken = true; ; woken = yield* sleep()) {
    yield* exclusive ? prepare_to_wait_exclusive(wq, state) : prepare_to_wait(wq, state);
    const over = yield* holds(condition);
    if (!over && woken) continue;
    yield* finish_wait(wq);
    return over;
  }
}

/** Sleeps until it is woken. */
export function* sleeping(): Op<boolean> {
  yield* request(SCHEDULE, stateOf(current.machine.task));
  return true;
}

function* waiting(wq: wait_queue_head_t, condition: wait_condition_t): Op<void> {
  yield* waitingFor(wq, condition, {
    name: 'wait_event',
    state: TASK_UNINTERRUPTIBLE,
    sleep: sleeping,
  });
}

/**
 * Sleeps until the condition holds. The condition is checked first, and again after every wake_up() of the queue. A task that
 * makes it true must then wake the queue.
 *
 * @example
 * const eventq = DECLARE_WAIT_QUEUE_HEAD('eventq');
 * const pending = DEFINE_ATOMIC('pending', 1);
 * function* isIdle() {
 *   return (yield* atomic_read(pending)) === 0;
 * }
 * yield* spawn_task('b', function* () {
 *   yield* atomic_dec(pending);
 *   yield* wake_up(eventq);
 * });
 * yield* wait_event(eventq, isIdle);
 * yield* atomic_read(pending); // => 0
 * @param condition checked by the sleeping task itself: `() => ctx.dead`, or a generator function if it needs primitives
 * @kernel include/linux/wait.h
 * @context process context only; may sleep
 * @ordering acquire, from the wake_up(), if it slept
 */
export function wait_event(wq: wait_queue_head_t, condition: wait_condition_t): Op<void> {
  return composite('wait_event', waiting(wq, condition));
}

/**
 * Wakes the tasks on the queue, but of the exclusive ones only the first. Tasks that have not queued yet do not notice.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full if it wakes a task; else release
 */
export function wake_up(wq: wait_queue_head_t): Op<void> {
  return request(WAKE_UP, objectOf(wq));
}

/**
 * Wakes all tasks on the queue, including exclusive waiters.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full if it wakes a task; else release
 */
export function wake_up_all(wq: wait_queue_head_t): Op<void> {
  return request(WAKE_UP_ALL, objectOf(wq));
}

/**
 * wake_up() of as many exclusive waiters.
 *
 * @param nr how many of the exclusive waiters, or 0 for all
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full if it wakes a task; else release
 */
export function wake_up_nr(wq: wait_queue_head_t, nr: number): Op<void> {
  return request(wakerOf('wake_up_nr', TASK_NORMAL, nr), objectOf(wq));
}

/**
 * wake_up() of those whose wait a signal may end: the others sleep on.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full if it wakes a task; else release
 */
export function wake_up_interruptible(wq: wait_queue_head_t): Op<void> {
  return request(WAKE_UP_INTERRUPTIBLE, objectOf(wq));
}

/**
 * wake_up_interruptible() of as many exclusive waiters.
 *
 * @param nr how many of the exclusive waiters, or 0 for all
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full if it wakes a task; else release
 */
export function wake_up_interruptible_nr(wq: wait_queue_head_t, nr: number): Op<void> {
  const kind = wakerOf('wake_up_interruptible_nr', TASK_INTERRUPTIBLE, nr);
  return request(kind, objectOf(wq));
}

/**
 * wake_up_all() of those whose wait a signal may end: the others sleep on.
 *
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering full if it wakes a task; else release
 */
export function wake_up_interruptible_all(wq: wait_queue_head_t): Op<void> {
  return request(WAKE_UP_INTERRUPTIBLE_ALL, objectOf(wq));
}

/**
 * Whether a queued task has not been woken yet. Without a barrier before it the answer may already be stale.
 *
 * @returns whether there is one; it may already be stale
 * @kernel include/linux/wait.h
 * @context any; does not sleep
 * @ordering none
 */
export function waitqueue_active(wq: wait_queue_head_t): Op<boolean> {
  return request(ACTIVE, objectOf(wq));
}
