// SPDX-License-Identifier: GPL-2.0-only
/**
 * How long a submission's failures are looked into. The searches for easier schedules take steps in proportion to what exploring
 * took, so that a submission that fails costs little more than one that holds. They count steps and not time: the report is the same
 * on every machine, and its certificate says how far the search came.
 */

/** A step of such a search costs less than half of one of exploring, which looks for races between all of them. */
const PER_STEP = 2;
/** Enough for the failures of a small kata, each of which takes about a thousand steps. */
const LEAST = 60_000;
/** What the largest kata needs. */
const MOST = 600_000;
/** More does not make one failure easier to follow. */
const FAILURE_MAX = 50_000;

/** The steps that the search for each of so many failures may take, after exploring has taken `explored`. */
export function explainingSteps(explored: number, failing: number): number {
  const all = Math.min(MOST, Math.max(LEAST, PER_STEP * explored));
  return Math.min(FAILURE_MAX, Math.floor(all / Math.max(1, failing)));
}
