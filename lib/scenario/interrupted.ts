// SPDX-License-Identifier: GPL-2.0-only
/** A call of a driver that others overtake: cheaper than two tasks where only the moments between two steps matter. */
import type { Op } from '../machine';
import { current_task } from './expect';

/**
 * Runs a call, and another from beginning to end after each of its steps that leaves the task without a lock. Another CPU may be that
 * quick.
 *
 * @param call what is interrupted
 * @param other what happens meanwhile; false when it has happened for the last time
 * @returns what the call returns
 */
export function* interrupted<T>(call: () => Op<T>, other: () => Op<boolean>): Op<T> {
  const steps = call()[Symbol.iterator]();
  let more = true;
  let step = steps.next();
  while (step.done !== true) {
    const result: unknown = yield step.value;
    if (more && current_task().held.length === 0) more = yield* other();
    step = steps.next(result);
  }
  return step.value;
}
