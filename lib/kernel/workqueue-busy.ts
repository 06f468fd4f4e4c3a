// SPDX-License-Identifier: GPL-2.0-only
/** What scenarios ask of the system's queue: to be busy with one work at a time, and whether it has finished. */
import { current, objectOf } from '../machine';
import { system_wq } from './workqueue';

/**
 * For set-up code, before anything is queued: whether works of the system's queue run one at a time, in the order of queueing.
 *
 * @param oneAtATime whether to run one at a time
 */
export function systemWorksOneAtATime(oneAtATime = true): void {
  objectOf(system_wq).fresh().oneAtATime = oneAtATime;
}

/**
 * How many works of the system's queue have not returned: those that are queued, and those whose function runs. Both orders of the
 * task that asks and the return of a work are explored.
 *
 * @returns the number of works
 */
export function systemWorksLeft(): number {
  const { machine } = current;
  const { instances } = objectOf(system_wq).fresh();
  return instances.filter(({ runs, nth, cancelled }) => {
    machine.touch(runs.base, false);
    return !cancelled && runs.state < 2 * (nth + 1);
  }).length;
}
