// SPDX-License-Identifier: GPL-2.0-only
/** Places where code may sleep. After include/linux/kernel.h and sched.h. */
import { type Kind, type Op, request } from '../machine';

const MIGHT_SLEEP: Kind<null, [], undefined> = {
  name: 'might_sleep',
  access: 'none',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'might_sleep', site),
  perform: () => undefined,
};

/**
 * Declares that the following code may sleep. In atomic context this is reported even if it does not sleep.
 *
 * @example
 * function* flush() {
 *   yield* might_sleep();
 * }
 * yield* flush();
 * @kernel include/linux/kernel.h
 * @context process context only; may sleep
 * @ordering none
 */
export function might_sleep(): Op<void> {
  return request(MIGHT_SLEEP, null);
}

const COND_RESCHED: Kind<null, [], number> = {
  name: 'cond_resched',
  access: 'none',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'cond_resched', site),
  perform: () => 0,
};

/**
 * Lets others run, if it is their turn. In a long loop of a task that holds no spinlock.
 *
 * @example
 * for (let i = 0; i < 2; i++) yield* cond_resched(); // => 0
 * @returns whether others have run: always 0 here, as every step may be followed by those of others
 * @kernel include/linux/sched.h
 * @context process context only; may sleep
 * @ordering none
 */
export function cond_resched(): Op<number> {
  return request(COND_RESCHED, null);
}
