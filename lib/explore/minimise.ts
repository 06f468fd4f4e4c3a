// SPDX-License-Identifier: GPL-2.0-only
/**
 * The failing schedule that is easiest to follow: fewest preemptions, then fewest context switches, then the shortest text.
 *
 * The failure's own partial order gives a candidate, the order of it with the fewest preemptions (see linearise.ts), which is
 * then shortened where it stands. Another trace may do with less: all schedules with no preemption are run, all with one, and
 * so on, as far as the steps go. That none with fewer failed is the certificate.
 */
import { type Machine, UsageError } from '../machine';
import { better, follow, sameFailure, type Wanted } from './attempts';
import { BoundedSearch } from './bounded-search';
import type { Attempt } from './course';
import { causesOf, linearise } from './linearise';
import { ran } from './ran';
import { formatSchedule, type ScheduleStep, type Turn } from './schedule';
import { shortened } from './shorten';

export interface Minimised {
  readonly schedule: readonly ScheduleStep[];
  readonly text: string;
  readonly preemptions: number;
  readonly contextSwitches: number;
  /** Every schedule with fewer preemptions was run and did not fail this way, or only those with fewer than so many. */
  readonly certificate: 'minimal' | { readonly checkedBelow: number };
  /** Of the schedules that were run with fewer preemptions, some failed in another way. */
  readonly othersFail: boolean;
}

export interface MinimiseOptions {
  /** Steps the search for a schedule with fewer preemptions may take; what it found by then counts. With 0 there is none. */
  readonly stepsMax?: number;
}

/** Enough for every schedule with one preemption of two tasks and a hundred steps; half a second. */
const STEPS_MAX = 50_000;

/** Steps for a shorter text, once no schedule with fewer preemptions is to be looked for. */
const IMPROVE_MAX = 4000;

/** Minimises a failure: the turns of an execution, and what is to be seen again. */
export function minimise(
  machine: Machine,
  turns: readonly Turn[],
  wanted: Wanted,
  { stepsMax = STEPS_MAX }: MinimiseOptions = {},
): Minimised {
  const candidate = candidateOf(machine, turns, wanted);
  if (stepsMax === 0) return result(candidate, { checkedBelow: 0 }, false);
  machine.tracksWorld = true;
  try {
    const budget = { find: stepsMax, improve: Math.min(stepsMax, IMPROVE_MAX) };
    return fewest(new BoundedSearch(machine, wanted, budget), candidate);
  } finally {
    machine.tracksWorld = false;
  }
}

/** The failure's own trace in its best order, shortened. */
function candidateOf(machine: Machine, turns: readonly Turn[], wanted: Wanted): Attempt {
  let best: Attempt | null = null;
  for (const orders of candidates(machine, turns)) {
    for (const order of orders) {
      const attempt = follow(machine, order);
      if (sameFailure(attempt.finding, wanted)) best = better(best, attempt);
    }
    if (best !== null) return shortened(machine, best, wanted);
  }
  throw new UsageError('the failure does not come back: the program is not deterministic');
}

/** Orders worth trying, best first: of what the finding depends on, of the whole execution, and as it ran. */
function* candidates(machine: Machine, turns: readonly Turn[]): Generator<(readonly Turn[])[]> {
  const { steps, waiting, seen } = ran(machine, turns);
  if (seen >= 0) yield linearise(steps, causesOf(steps, seen), waiting);
  yield linearise(steps, steps, waiting);
  yield [turns];
}

/** Goes up from no preemption to those of the best known so far. */
function fewest(search: BoundedSearch, best: Attempt): Minimised {
  const bound = best.preemptions;
  for (let preemptions = 0; preemptions < bound; preemptions++) {
    const { othersFail } = search;
    const found = search.level(preemptions, null);
    if (found !== null) {
      return result(shortened(search.machine, found, search.wanted), 'minimal', othersFail);
    }
    if (search.exhausted) return result(best, { checkedBelow: preemptions }, othersFail);
  }
  const { othersFail } = search;
  return result(search.level(bound, best) ?? best, 'minimal', othersFail);
}

/** The certificate in words: `1 preemption; every schedule without one passes`. */
export function certificateText(minimised: Minimised): string {
  const { preemptions, certificate, othersFail } = minimised;
  if (preemptions === 0) return 'no preemption is needed';
  const plural = (n: number): string => `${n} preemption${n === 1 ? '' : 's'}`;
  const below = certificate === 'minimal' ? preemptions : certificate.checkedBelow;
  if (below === 0) return `${plural(preemptions)}; schedules with fewer were not all tried`;
  const which = below === 1 ? 'without one' : `with fewer than ${below}`;
  const checked = othersFail
    ? `no schedule ${which} fails this way`
    : `every schedule ${which} passes`;
  const more = certificate === 'minimal' ? '' : `, those with ${below} were not all tried`;
  return `${plural(preemptions)}; ${checked}${more}`;
}

function result(
  { schedule, preemptions, contextSwitches }: Attempt,
  certificate: Minimised['certificate'],
  othersFail: boolean,
): Minimised {
  const text = formatSchedule(schedule);
  return { schedule, text, preemptions, contextSwitches, certificate, othersFail };
}
