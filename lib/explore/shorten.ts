// SPDX-License-Identifier: GPL-2.0-only
/**
 * Shortens a failing schedule: a task does not run at some point, or runs fewer steps there. Each change is tried on the
 * machine, and kept if it fails the same way and gives a better schedule.
 */
import type { Machine } from '../machine';
import { better, follow, sameFailure, type Wanted } from './attempts';
import type { Attempt } from './course';
import { type Turn, turnsOf } from './schedule';

/** How many steps all attempts together may take. */
const STEPS_MAX = 12_000;

/** Up to this many preemptions the bounded search is quick and tries everything, so shortening need not. */
const FEW_PREEMPTIONS = 2;

/** Returns the attempt, or a shorter one. */
export function shortened(machine: Machine, attempt: Attempt, wanted: Wanted): Attempt {
  return new Shortening(machine, attempt, wanted).run();
}

class Shortening {
  #steps = 0;
  #best: Attempt;

  constructor(
    readonly machine: Machine,
    attempt: Attempt,
    readonly wanted: Wanted,
  ) {
    this.#best = attempt;
  }

  run(): Attempt {
    while (this.#improve(withoutRun(runsOf(this.#best))));
    while (this.#best.preemptions > FEW_PREEMPTIONS) {
      if (!this.#improve(withMore(runsOf(this.#best)))) break;
    }
    for (let at = 0; at < runsOf(this.#best).length; at++) this.#less(at);
    return this.#best;
  }

  /** Tries changes; returns whether one of them was an improvement. */
  #improve(changes: Iterable<readonly Turn[]>): boolean {
    const before = this.#best;
    for (const turns of changes) this.#try(turns);
    return this.#best !== before;
  }

  #try(turns: readonly Turn[]): Attempt | null {
    if (this.#steps >= STEPS_MAX) return null;
    const tried = follow(this.machine, turns);
    this.#steps += this.machine.steps;
    if (sameFailure(tried.finding, this.wanted)) this.#best = better(this.#best, tried);
    return tried;
  }

  /** Ends a run sooner. If it ends because its task ends or waits, ending it sooner would add a preemption, so the search stops. */
  #less(at: number): void {
    const runs = runsOf(this.#best);
    const { preemptions } = this.#best;
    for (let kept = (runs[at] ?? []).length - 1; kept > 0; kept--) {
      for (const turns of lessOf(runs, at, kept)) {
        if ((this.#try(turns)?.preemptions ?? Infinity) > preemptions) return;
      }
    }
  }
}

type Run = readonly Turn[];

/** Groups the turns into runs, each of consecutive turns of one task. */
function runsOf({ schedule }: Attempt): Run[] {
  const runs: Turn[][] = [];
  for (const turn of turnsOf(schedule)) {
    const last = runs.at(-1);
    if (last?.[0]?.path === turn.path) last.push(turn);
    else runs.push([turn]);
  }
  return runs;
}

/** Each schedule that leaves out a run. Its task takes those steps in its next run, or not at all. */
function* withoutRun(runs: readonly Run[]): Generator<Turn[]> {
  for (const at of runs.keys()) yield* lessOf(runs, at, 0);
}

/** Each schedule that leaves out two runs, or one run and some steps of its task's next run. */
function* withMore(runs: readonly Run[]): Generator<Turn[]> {
  for (const [at, run] of runs.entries()) {
    for (let other = at + 1; other < runs.length; other++) {
      yield runs.filter((_, i) => i !== at && i !== other).flat();
    }
    const later = nextOf(runs, at);
    const both = [...run, ...(runs[later] ?? [])];
    for (let length = 1; later >= 0 && length < both.length; length++) {
      const less = both.slice(0, length);
      yield runs.flatMap((other, i) => (i === at ? [] : i === later ? less : other));
    }
  }
}

/** The next run of the same task; -1 if there is none. */
function nextOf(runs: readonly Run[], at: number): number {
  return runs.findIndex((other, i) => i > at && other[0]?.path === runs[at]?.[0]?.path);
}

/** The schedules that keep only so many steps of a run. */
function* lessOf(runs: readonly Run[], at: number, kept: number): Generator<Turn[]> {
  const run = runs[at] ?? [];
  const later = nextOf(runs, at);
  for (const moved of later < 0 ? [false] : [false, true]) {
    yield runs.flatMap((other, i) => {
      if (i === at) return run.slice(0, kept);
      return i === later && moved ? [...run.slice(kept), ...other] : other;
    });
  }
}
