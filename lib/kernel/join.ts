// SPDX-License-Identifier: GPL-2.0-only
/**
 * Tasks that start tasks and wait for their end. Not from the kernel, which has kthreads and completions; for scenarios and tests.
 */
import {
  type Branded,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  type Task,
} from '../machine';

/** A task that was started with spawn_task(). @kernel include/linux/sched.h */
export interface task_struct extends Branded<'task_struct', Task> {}

const SPAWN: Kind<null, [comm: string, start: () => Op<unknown>], task_struct> = {
  name: 'spawn_task',
  access: 'none',
  perform: (machine, _task, { a, b }) => makeHandle<task_struct>(machine.spawn(a, b)),
};

const JOIN: Kind<Task, [], void> = {
  name: 'join',
  access: 'read',
  enabled: (ended) => ended === 1,
  announce(machine, task, { site }) {
    machine.exitSteps = true;
    machine.mightSleep(task, 'join', site);
  },
  perform: (machine, task, { object }) => machine.acquire(task, object),
};

/**
 * Starts a task with a name; the scheduler decides when it runs.
 *
 * @example
 * const count = static_var('count', 1);
 * const b = yield* spawn_task('b', function* () {
 *   count.value++;
 * });
 * yield* join(b);
 * count.value; // => 2
 * @param comm its name in reports
 * @param start its code
 * @returns the task, for join()
 * @context any; does not sleep
 * @ordering release, to the task's first step
 */
export function spawn_task(comm: string, start: () => Op<unknown>): Op<task_struct> {
  return request(SPAWN, null, comm, start);
}

/**
 * Waits until a task has ended, normally or by an oops. Several tasks may wait for the same one.
 *
 * @context process context only; may sleep
 * @ordering acquire, from everything the task did
 */
export function join(task: task_struct): Op<void> {
  return request(JOIN, objectOf(task));
}
