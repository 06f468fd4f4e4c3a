// SPDX-License-Identifier: GPL-2.0-only
/**
 * Time in ticks. After include/linux/jiffies.h. There is no clock: time passes where code has waited for it. A function that a
 * timer calls, and code that has slept, never reads an earlier time than the one it waited for; nobody reads time run backwards.
 */
import {
  current,
  type Handle,
  type Kind,
  makeHandle,
  type Op,
  reading,
  request,
  SyncObject,
  type Task,
  writing,
} from '../machine';

/** Ticks of a second. @kernel include/asm-generic/param.h */
export const HZ = 250;

/** State: the latest time that anybody has read. */
class Jiffies extends SyncObject {
  readonly typeName = 'jiffies';
  readonly handle: Handle = makeHandle(this);
}

const time = new Jiffies().makeStatic('jiffies');

/** The time that each task has reached by waiting. Other tasks learn it only when the task reads it. */
const reached = new WeakMap<Task, number>();

function reachedBy(task: Task): number {
  return reached.get(task) ?? 0;
}

/** From now on the task reads no earlier time. */
export function notBefore(task: Task, ticks: number): void {
  if (ticks > reachedBy(task)) reached.set(task, ticks);
}

/** The task has waited for so many ticks. */
export function hasSlept(task: Task, ticks: number): void {
  reached.set(task, reachedBy(task) + ticks);
}

/** Who asks is its second argument: reports name the first. */
const READ: Kind<null, [nothing: null, task: Task], number> = {
  name: 'jiffies',
  access: 'none',
  extra: ({ b: task }) => {
    const later = reachedBy(task) > time.fresh().state;
    return [later ? writing(time.base) : reading(time.base)];
  },
  perform(_machine, task) {
    if (reachedBy(task) > time.fresh().state) time.state = reachedBy(task);
    notBefore(task, time.state);
    return time.state;
  },
};

/**
 * The time.
 *
 * @example
 * const start = yield* jiffies();
 * yield* msleep(20);
 * time_after(yield* jiffies(), start + msecs_to_jiffies(10)); // => true
 * time_before(start, start + HZ); // => true
 * @returns ticks since the beginning; HZ of them are a second
 * @kernel include/linux/jiffies.h
 * @context any; does not sleep
 * @ordering none
 * @divergence a variable in C; here it grows only where somebody has slept or a timer has expired, so a loop that waits for it must sleep
 */
export function jiffies(): Op<number> {
  return request(READ, null, null, current.machine.task);
}

/**
 * How many ticks some milliseconds are.
 *
 * @param m milliseconds
 * @returns ticks, rounded up
 * @kernel include/linux/jiffies.h
 * @context any; does not sleep
 * @ordering none
 */
export function msecs_to_jiffies(m: number): number {
  return Math.ceil((m * HZ) / 1000);
}

/**
 * Whether one time is later than another.
 *
 * @param a a time in ticks
 * @param b another one
 * @returns true if a is later
 * @kernel include/linux/jiffies.h
 * @context any; does not sleep
 * @ordering none
 */
export function time_after(a: number, b: number): boolean {
  return a > b;
}

/**
 * Whether one time is earlier than another.
 *
 * @param a a time in ticks
 * @param b another one
 * @returns true if a is earlier
 * @kernel include/linux/jiffies.h
 * @context any; does not sleep
 * @ordering none
 */
export function time_before(a: number, b: number): boolean {
  return a < b;
}
