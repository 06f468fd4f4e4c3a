// SPDX-License-Identifier: GPL-2.0-only
/** Kernel threads: tasks that a driver starts and stops. After include/linux/kthread.h. */
import { composite, current, objectOf, type Op, request } from '../machine';
import type { errptr } from './err';
import type { task_struct } from './join';
import {
  asking,
  creating,
  GET,
  park,
  parking,
  PUT,
  running,
  SHOULD_PARK,
  SHOULD_STOP,
  type Start,
  stopping,
  type threadfn_t,
  threadOf,
  unparking,
} from './kthread-core';

/**
 * Makes a kernel thread, which sleeps until wake_up_process().
 *
 * @example
 * const thread = yield* kthread_create(kthread_parks, null, 'parks');
 * function* kthread_parks() {
 *   while (!(yield* kthread_should_stop())) yield* kthread_parkme();
 *   return 0;
 * }
 * if (IS_ERR(thread)) return;
 * yield* kthread_stop(thread); // => -4
 * @param threadfn its function; is given the data, and gives the result of kthread_stop()
 * @param data for the function
 * @param name its name in reports
 * @returns the thread, or -ENOMEM as a pointer if the scenario lets `kthread_create` fail
 * @kernel include/linux/kthread.h
 * @context process context; may sleep
 * @ordering release, to the function
 * @divergence never -EINTR, which Linux gives where the caller is killed meanwhile
 */
export function kthread_create<T>(
  threadfn: threadfn_t<T>,
  data: T,
  name: string,
): Op<task_struct | errptr> {
  const start: Start = [threadfn as threadfn_t<unknown>, data]; // it is given this data
  return composite('kthread_create', creating(start, name));
}

/**
 * Makes a kernel thread and wakes it.
 *
 * @example
 * const thread = yield* kthread_run(work, null, 'worker');
 * function* work() {
 *   for (;;) {
 *     yield* set_current_state(TASK_INTERRUPTIBLE);
 *     if (yield* kthread_should_stop()) break;
 *     yield* schedule();
 *   }
 *   yield* __set_current_state(TASK_RUNNING);
 *   return 7;
 * }
 * if (IS_ERR(thread)) return;
 * yield* get_task_struct(thread);
 * yield* kthread_stop(thread);
 * yield* put_task_struct(thread);
 * @param threadfn its function; is given the data, and gives the result of kthread_stop()
 * @param data for the function
 * @param name its name in reports
 * @returns the thread, or -ENOMEM as a pointer if the scenario lets `kthread_create` fail
 * @kernel include/linux/kthread.h
 * @context process context; may sleep
 * @ordering release, to the function
 * @divergence never -EINTR, which Linux gives where the caller is killed meanwhile
 */
export function kthread_run<T>(
  threadfn: threadfn_t<T>,
  data: T,
  name: string,
): Op<task_struct | errptr> {
  const start: Start = [threadfn as threadfn_t<unknown>, data]; // it is given this data
  return composite('kthread_run', running(start, name));
}

/**
 * Tells a thread to stop, wakes it, and waits until its function has returned. A thread may be stopped once; one whose function may
 * return by itself needs a reference to be stopped.
 *
 * @returns what the function returned, or -EINTR if it never ran
 * @kernel include/linux/kthread.h
 * @context process context; may sleep
 * @ordering acquire, from everything the thread did
 */
export function kthread_stop(thread: task_struct): Op<number> {
  return composite('kthread_stop', stopping(threadOf(objectOf(thread))));
}

/**
 * Whether the running thread must return: somebody waits for that in kthread_stop().
 *
 * @returns whether it is
 * @kernel include/linux/kthread.h
 * @context a kernel thread; does not sleep
 * @ordering acquire, from kthread_stop()
 * @divergence in C a test of a bit, which orders nothing; false in a task that is not a kernel thread, where Linux warns
 */
export function kthread_should_stop(): Op<boolean> {
  return composite('kthread_should_stop', asking(SHOULD_STOP));
}

/**
 * Whether the running thread must call kthread_parkme().
 *
 * @returns whether it is
 * @kernel include/linux/kthread.h
 * @context a kernel thread; does not sleep
 * @ordering acquire, from kthread_park()
 * @divergence in C a test of a bit, which orders nothing; false in a task that is not a kernel thread, where Linux warns
 */
export function kthread_should_park(): Op<boolean> {
  return composite('kthread_should_park', asking(SHOULD_PARK));
}

/**
 * Sleeps until kthread_unpark(), if the thread must park.
 *
 * @kernel include/linux/kthread.h
 * @context a kernel thread; may sleep
 * @ordering release, to the end of kthread_park()
 * @divergence does nothing in a task that is not a kernel thread, where Linux warns
 */
export function kthread_parkme(): Op<void> {
  return composite('kthread_parkme', park(threadOf(current.machine.task)));
}

/**
 * Tells a thread to park, and waits until it is in kthread_parkme().
 *
 * @example
 * const thread = yield* kthread_run(work, null, 'worker');
 * function* work() {
 *   for (;;) {
 *     if (yield* kthread_should_park()) yield* kthread_parkme();
 *     yield* set_current_state(TASK_INTERRUPTIBLE);
 *     if ((yield* kthread_should_stop()) || (yield* kthread_should_park())) {
 *       yield* __set_current_state(TASK_RUNNING);
 *       if (yield* kthread_should_stop()) return 0;
 *       continue;
 *     }
 *     yield* schedule();
 *   }
 * }
 * if (IS_ERR(thread)) return;
 * yield* kthread_park(thread); // => 0
 * yield* kthread_unpark(thread);
 * yield* kthread_stop(thread); // => 0
 * @returns 0, -EBUSY if it is being parked already, -ENOSYS if it has ended, both with a warning
 * @kernel include/linux/kthread.h
 * @context process context; may sleep
 * @ordering acquire, from what the thread did before it parked
 */
export function kthread_park(thread: task_struct): Op<number> {
  return composite('kthread_park', parking(threadOf(objectOf(thread))));
}

/**
 * Lets a parked thread go on.
 *
 * @kernel include/linux/kthread.h
 * @context any; does not sleep
 * @ordering release, to the thread
 */
export function kthread_unpark(thread: task_struct): Op<void> {
  return composite('kthread_unpark', unparking(threadOf(objectOf(thread))));
}

/**
 * Takes a reference to a task: its task_struct stays after the task has ended.
 *
 * @kernel include/linux/sched/task.h
 * @context any; does not sleep
 * @ordering none
 */
export function get_task_struct(task: task_struct): Op<void> {
  return request(GET, threadOf(objectOf(task)));
}

/**
 * Drops a reference to a task.
 *
 * @kernel include/linux/sched/task.h
 * @context any; does not sleep
 * @ordering release, and acquire for the last one
 * @divergence orders nothing
 */
export function put_task_struct(task: task_struct): Op<void> {
  return request(PUT, threadOf(objectOf(task)));
}
