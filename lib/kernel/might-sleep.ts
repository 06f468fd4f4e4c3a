// SPDX-License-Identifier: GPL-2.0-only
/** The annotation of functions that may sleep. After include/linux/kernel.h. */
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
