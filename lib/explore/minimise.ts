// SPDX-License-Identifier: GPL-2.0-only
/**
 * Finds the failing schedule that is easiest to follow: fewest preemptions, then fewest context switches, then the
 * shortest text.
 *
 * The failure's own partial order gives a candidate: its order with the fewest preemptions (see linearise.ts), which is
 * then shortened. Another trace may need fewer. So all schedules without preemptions are run, then all with one, and so
 * on, until the steps are used up. The certificate says below which number none failed.
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
  /**
   * 'minimal' if every schedule with fewer preemptions was run and did not fail this way; else the number below which
   * that holds.
   */
  readonly certificate: 'minimal' | { readonly checkedBelow: number };
  /** Some schedules with fewer preemptions failed in another way. */
  readonly othersFail: boolean;
}

export interface MinimiseOptions {
  /**
   * How many steps the search for a schedule with fewer preemptions may take; the best one found by then is returned. 0
   * means no search.
   */
  readonly stepsMax?: number;
}

/** Enough for every schedule with one preemption of two tasks and a hundred steps; half a second. */
const STEPS_MAX = 50_000;

/** How many steps the search may take to improve a failing schedule. */
const IMPROVE_MAX = 4000;

/** Minimises a failure: the turns of an execution, and the finding that must occur again. */
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

/** The best order of the failure's own trace, shortened. */
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

/** Orders worth trying, best first: of the steps the finding depends on, of the whole execution, and the original order. */
function* candidates(machine: Machine, turns: readonly Turn[]): Generator<(readonly Turn[])[]> {
  const { steps, waiting, seen } = ran(machine, turns);
  if (seen >= 0) yield linearise(steps, causesOf(steps, seen), waiting);
  yield linearise(steps, steps, waiting);
  yield [turns];
}

/** Tries each number of preemptions below that of the best attempt so far. */
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

/** The certificate as text: `1 preemption; every schedule without one passes`. */
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
