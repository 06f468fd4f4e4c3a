// SPDX-License-Identifier: GPL-2.0-only
/**
 * Runs all schedules with at most a given number of preemptions until some fail as wanted (iterative context bounding:
 * Musuvathi and Qadeer, PLDI 2007). Sleep sets are unsound under a bound. Instead, a schedule is abandoned in a state
 * from which an earlier schedule continued without the wanted failure, with at least as many preemptions left (see
 * clean-states.ts).
 */
import { type Finding, type Machine, UsageError } from '../machine';
import { better, sameFailure, type Wanted } from './attempts';
import { CleanStates, type Reached, reached } from './clean-states';
import { type Attempt, Course } from './course';
import type { ScheduleStep } from './schedule';
import { TraceNames } from './trace-names';

interface Alternative {
  readonly task: number;
  readonly outcome: number;
}

/** A step of the current schedule, its untried alternatives, and the state it was taken from. */
interface Place {
  readonly taken: Alternative;
  readonly left: readonly Alternative[];
  readonly from: Reached;
  /** Whether the state is worth remembering: there was a choice here or one step earlier. */
  readonly forks: boolean;
  /** Some schedule through here failed as wanted. */
  failed: boolean;
}

/** How many steps a search may take: until it finds a failure, and then to find a better one. */
export interface Budget {
  readonly find: number;
  readonly improve: number;
}

/** Depth-first search over all schedules with at most so many preemptions, the default first. */
export class BoundedSearch {
  othersFail = false;
  #left: { find: number; improve: number };
  #clean = new CleanStates();
  readonly #names = new TraceNames();
  /** The findings at the end of executions, by trace: all schedules of one trace end in the same state. */
  readonly #endings = new Map<string, Finding | null>();

  constructor(
    readonly machine: Machine,
    readonly wanted: Wanted,
    budget: Budget,
  ) {
    this.#left = { ...budget };
  }

  /** Whether the steps are used up, so that the search has ended early. */
  get exhausted(): boolean {
    return this.#left.find <= 0;
  }

  /** The best failing schedule with at most so many preemptions, or null. Ends early if the steps are used up. */
  level(preemptionsMax: number, known: Attempt | null): Attempt | null {
    const path: Place[] = [];
    let best = known;
    this.#clean = new CleanStates();
    for (;;) {
      if (best === null ? this.exhausted : this.#left.improve <= 0) return best;
      const course = this.#again(path);
      const attempt = this.#goOn(course, path, preemptionsMax, best);
      this.#left[best === null ? 'find' : 'improve'] -= course.length;
      const failed = attempt !== null && sameFailure(attempt.finding, this.wanted);
      if (failed) {
        best = better(best, attempt);
        for (const place of path) place.failed = true;
        // Schedules that differ only after the finding have the same text.
        path.length = Math.min(path.length, lengthOf(attempt.schedule));
      } else if ((attempt?.finding ?? null) !== null) this.othersFail = true;
      if (!this.#backtrack(path, best)) return best;
    }
  }

  /** Replays the path on a new execution. */
  #again(path: readonly Place[]): Course {
    const course = new Course(this.machine);
    this.#names.begin();
    for (const { taken } of path) {
      if (!this.machine.enabled(taken.task)) {
        throw new UsageError(
          'the same schedule does not run twice: the program is not deterministic',
        );
      }
      this.#take(course, taken);
    }
    return course;
  }

  #take(course: Course, { task, outcome }: Alternative): void {
    course.take(task, outcome);
    this.#names.add(task, outcome, this.machine.footprint);
  }

  /** Continues by default to the end; returns null in a state that an earlier schedule has covered. */
  #goOn(
    course: Course,
    path: Place[],
    preemptionsMax: number,
    best: Attempt | null,
  ): Attempt | null {
    let forked = true;
    while (course.byDefault() >= 0) {
      const from = reached(this.#names.name(), course);
      if (this.#clean.has(from)) return null;
      const [taken, ...left] = this.#alternatives(course, preemptionsMax, best);
      if (taken === undefined) break;
      const forks = left.length > 0;
      path.push({ taken, left, from, forks: forks || forked, failed: false });
      forked = forks;
      this.#take(course, taken);
    }
    return course.finish((judge) => this.#ending(judge));
  }

  #ending(judge: () => Finding | null): Finding | null {
    const trace = this.#names.name();
    let ending = this.#endings.get(trace);
    if (ending === undefined) this.#endings.set(trace, (ending = judge()));
    return ending;
  }

  /** Moves to the last untried alternative; returns false if there is none. */
  #backtrack(path: Place[], best: Attempt | null): boolean {
    for (let last = path.pop(); last !== undefined; last = path.pop()) {
      const [taken, ...left] = last.left;
      if (taken !== undefined) {
        path.push({ ...last, taken, left });
        return true;
      }
      if (last.forks && !last.failed) this.#clean.note(last.from, best !== null);
    }
    return false;
  }

  /** The possible next steps, the default first. Omits those that would switch more often than the best schedule so far. */
  #alternatives(course: Course, preemptionsMax: number, best: Attempt | null): Alternative[] {
    const { machine } = this;
    const first = course.byDefault();
    const all = this.#outcomes(first);
    if (course.preempting && course.preemptions >= preemptionsMax) return all;
    if (best !== null && course.length > 0 && course.switches >= best.contextSwitches) return all;
    for (let task = 1; task < machine.tasks.length; task++) {
      if (task !== first && machine.enabled(task)) all.push(...this.#outcomes(task));
    }
    return all;
  }

  #outcomes(task: number): Alternative[] {
    return this.machine.choices(task).map((outcome) => ({ task, outcome }));
  }
}

function lengthOf(schedule: readonly ScheduleStep[]): number {
  return schedule.reduce((length, { count }) => length + count, 0);
}
