// SPDX-License-Identifier: GPL-2.0-only
/**
 * The failing schedule that is easiest to follow: fewest preemptions, then fewest context switches, then the shortest text.
 *
 * The failure's own partial order gives a first candidate. Then all schedules with no preemption are run, all with one, and
 * so on (iterative context bounding: Musuvathi and Qadeer, PLDI 2007), until some fail the same way; that none below did is
 * the certificate. Sleep sets are unsound under a bound; what is left out is what goes on from where another schedule has gone on
 * from without failing, with no fewer preemptions left (see clean-states.ts). The search is bounded in steps.
 */
import { type Finding, type Machine, UsageError } from '../machine';
import { type Attempt, Course } from './course';
import { CleanStates, type Reached, reached } from './clean-states';
import { causesOf, linearise, type RanStep } from './linearise';
import { type ReplayStep, taskFor } from './replay';
import { formatSchedule, type ScheduleStep, type Turn } from './schedule';
import { TraceNames } from './trace-names';

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
  /** Steps the search may take; what it found by then counts. */
  readonly stepsMax?: number;
}

/** Enough for every schedule with two preemptions of two tasks and seventy steps; about a second. */
const STEPS_MAX = 400_000;

/**
 * Whether a finding is the failure that is being minimised: what happened is not explained by what was only predicted, nor what a
 * task did by what a softirq did, where a reader of the driver has nothing to look at.
 */
export function sameFailure(finding: Finding | null, wanted: Finding): boolean {
  if (finding === null || finding.kind !== wanted.kind) return false;
  if (finding.task?.context !== wanted.task?.context) return false;
  return finding.predicted !== true || wanted.predicted === true;
}

/** Minimises a failure: the steps of an execution, in the form replay() gives them, and the gravest finding in it. */
export function minimise(
  machine: Machine,
  steps: readonly ReplayStep[],
  wanted: Finding,
  options: MinimiseOptions = {},
): Minimised {
  let best: Attempt | null = null;
  for (const turns of candidates(steps, wanted)) {
    const attempt = follow(machine, turns);
    if (attempt !== null && sameFailure(attempt.finding, wanted)) best = better(best, attempt);
  }
  if (best === null)
    throw new UsageError('the failure does not come back: the program is not deterministic');
  machine.tracksWorld = true;
  try {
    return fewest(new Search(machine, wanted, options.stepsMax ?? STEPS_MAX), best);
  } finally {
    machine.tracksWorld = false;
  }
}

/** Goes up from no preemption to those of the best known so far. */
function fewest(search: Search, best: Attempt): Minimised {
  const bound = best.preemptions;
  for (let preemptions = 0; preemptions <= bound; preemptions++) {
    const othersFail = search.othersFail;
    const found = search.level(preemptions, preemptions === bound ? best : null);
    if (found !== null) return result(found, 'minimal', othersFail);
    if (search.exhausted) return result(best, { checkedBelow: preemptions }, othersFail);
  }
  return result(best, 'minimal', search.othersFail);
}

/** The certificate in words: `1 preemption; every schedule without one passes`. */
export function certificateText(minimised: Minimised): string {
  const { preemptions, certificate, othersFail } = minimised;
  if (preemptions === 0) return 'no preemption is needed';
  const plural = (n: number): string => `${n} preemption${n === 1 ? '' : 's'}`;
  const below = certificate === 'minimal' ? preemptions : certificate.checkedBelow;
  if (below === 0) return `${plural(preemptions)}; whether fewer would do was not checked`;
  const which = below === 1 ? 'without one' : `with fewer than ${below}`;
  const checked = othersFail
    ? `no schedule ${which} fails this way`
    : `every schedule ${which} passes`;
  return `${plural(preemptions)}; ${checked}${certificate === 'minimal' ? '' : ', more was not checked'}`;
}

/** Orders worth trying, the execution itself last. */
function* candidates(steps: readonly ReplayStep[], wanted: Finding): Generator<readonly Turn[]> {
  const seen = steps.findIndex(({ findings }) => findings.includes(wanted));
  const orders: RanStep[][] = seen < 0 ? [] : linearise(causesOf(steps, seen));
  yield* orders;
  yield* linearise(steps);
  yield steps;
}

/** Runs the turns, then on by default; null if they do not fit, as an order need not once its tail is missing. */
function follow(machine: Machine, turns: readonly Turn[]): Attempt | null {
  const course = new Course(machine);
  for (const [i, turn] of turns.entries()) {
    const task = machine.tasks.find((one) => one?.path === turn.path);
    if (task === undefined || machine.cut || !machine.enabled(task.id)) return null;
    course.take(taskFor(machine, turn, i + 1), turn.outcome);
  }
  return course.finish();
}

function better(a: Attempt | null, b: Attempt): Attempt {
  return a === null || compare(b, a) < 0 ? b : a;
}

function compare(a: Attempt, b: Attempt): number {
  const [textA, textB] = [formatSchedule(a.schedule), formatSchedule(b.schedule)];
  return (
    a.preemptions - b.preemptions ||
    a.contextSwitches - b.contextSwitches ||
    textA.length - textB.length ||
    compareSteps(a.schedule, b.schedule)
  );
}

/** Of two texts of one length the one that switches sooner: right behind the step that matters. */
function compareSteps(a: readonly ScheduleStep[], b: readonly ScheduleStep[]): number {
  for (const [i, step] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (step.path !== other.path) return step.path < other.path ? -1 : 1;
    if (step.count !== other.count) return step.count - other.count;
    if (step.outcome !== other.outcome) return step.outcome - other.outcome;
  }
  return a.length - b.length;
}

function result(
  { schedule, preemptions, contextSwitches }: Attempt,
  certificate: Minimised['certificate'],
  othersFail: boolean,
): Minimised {
  const text = formatSchedule(schedule);
  return { schedule, text, preemptions, contextSwitches, certificate, othersFail };
}

interface Alternative {
  readonly task: number;
  readonly outcome: number;
}

/** A step of the schedule being run, the alternatives to it, and where it was taken from. */
interface Place {
  readonly taken: Alternative;
  readonly left: readonly Alternative[];
  readonly from: Reached;
  /** Whether it was worth remembering where that is. */
  readonly forks: boolean;
  /** Some schedule through here failed as wanted. */
  failed: boolean;
}

/** Depth-first search over all schedules with at most so many preemptions, the default first. */
class Search {
  othersFail = false;
  #steps = 0;
  #clean = new CleanStates();
  readonly #names = new TraceNames();
  /** What the ends of executions have brought, by trace: all schedules of one end in the same state. */
  readonly #endings = new Map<string, Finding | null>();

  constructor(
    readonly machine: Machine,
    readonly wanted: Finding,
    readonly stepsMax: number,
  ) {}

  get exhausted(): boolean {
    return this.#steps >= this.stepsMax;
  }

  /** The best failing schedule with at most so many preemptions, or null; stops early when the steps are used up. */
  level(preemptionsMax: number, known: Attempt | null): Attempt | null {
    const path: Place[] = [];
    let best = known;
    this.#clean = new CleanStates();
    for (;;) {
      const course = this.#again(path);
      const attempt = this.#goOn(course, path, preemptionsMax, best);
      this.#steps += course.length;
      const failed = attempt !== null && sameFailure(attempt.finding, this.wanted);
      if (failed) {
        best = better(best, attempt);
        for (const place of path) place.failed = true;
        // What differs only behind the finding has the same text.
        path.length = Math.min(path.length, lengthOf(attempt.schedule));
      } else if ((attempt?.finding ?? null) !== null) this.othersFail = true;
      if (!this.#backtrack(path, best) || this.exhausted) return best;
    }
  }

  /** Runs the path once more. */
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

  /** Goes on by default to the end; null where another schedule has been. */
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

  /** Turns to the last alternative that is left; false if there is none. */
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

  /** What could come next, the default first; nothing that would switch more often than the best found so far. */
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
    const outcomes = this.machine.outcomes(task);
    return Array.from({ length: outcomes }, (_, outcome) => ({ task, outcome }));
  }
}

function lengthOf(schedule: readonly ScheduleStep[]): number {
  return schedule.reduce((length, { count }) => length + count, 0);
}
