// SPDX-License-Identifier: GPL-2.0-only
/** A busy machine, for scenarios about the cost of works when each must wait for the one before. */
import { objectOf } from '../machine';
import { system_wq } from './workqueue';

/**
 * For set-up code, before anything is queued: whether works of the system's queue run one at a time, in the order of queueing.
 *
 * @param oneAtATime whether to run one at a time
 */
export function systemWorksOneAtATime(oneAtATime = true): void {
  objectOf(system_wq).fresh().oneAtATime = oneAtATime;
}
