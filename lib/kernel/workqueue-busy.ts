// SPDX-License-Identifier: GPL-2.0-only
/** A machine that is busy: for scenarios about what works cost when each has to wait for the one before. */
import { objectOf } from '../machine';
import { system_wq } from './workqueue';

/**
 * For set-up code, before anything is queued: works of the system's queue run one at a time, as they were queued; or do not.
 *
 * @param oneAtATime whether they do
 */
export function systemWorksOneAtATime(oneAtATime = true): void {
  objectOf(system_wq).fresh().oneAtATime = oneAtATime;
}
