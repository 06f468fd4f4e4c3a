// SPDX-License-Identifier: GPL-2.0-only
/**
 * Turns a failing execution into what is reported. The execution is replayed twice, to be sure that the program is
 * deterministic, and then minimised. The minimal schedule is again replayed twice, the second time with stacks.
 */
import {
  type Finding,
  Gravity,
  type Machine,
  rankOf,
  type Replay,
  type ReplayStep,
  UsageError,
} from '../machine';
import { Course } from './course';
import { dpor } from './dpor';
import type { Execution } from './explorer';
import { follow, sameFailure, type Wanted, wantedOf } from './attempts';
import { minimise, type Minimised, type MinimiseOptions } from './minimise';
import type { ReplayOptions } from './recording';
import { reordering } from './reordering';
import { Diverged, replay, spell, taskFor } from './replay';
import { formatSchedule, type ScheduleStep, scheduleOf, type Turn, turnsOf } from './schedule';

/** An execution that can be run again, by any machine with the same program, even in another process. */
export interface Turns {
  readonly turns: readonly Turn[];
  /** Paths of tasks whose start was not a step of its own. */
  readonly eager: readonly string[];
  /** The machine reordered accesses. */
  readonly reordered: boolean;
  /** How often each task might go on polling although nothing had changed. */
  readonly patience: number;
}

/** A failing execution. */
export interface Failure extends Turns {
  readonly finding: Wanted;
}

/** The first difference between two runs of one schedule. */
export interface Difference {
  readonly step: number;
  readonly words: string;
}

/** A failure that is ready to be reported. */
export interface Witness {
  readonly replay: Replay;
  /** The finding of the headline. */
  readonly finding: Finding;
  readonly schedule: string;
  /** Null if the program is not deterministic, or appears not to be. */
  readonly minimised: Minimised | null;
}

/** The part of an execution that a visitor keeps if it failed; null if it passed. */
export function failureOf(execution: Execution): Failure | null {
  const finding = execution.machine.gravest();
  return finding === null ? null : { finding: wantedOf(finding), ...turnsIn(execution) };
}

/** The turns of an execution that a visitor sees. */
export function turnsIn({ machine, events }: Execution): Turns {
  const eager = machine.tasks.flatMap((task) => (task?.eager === true ? [task.path] : []));
  const turns = events.map(({ task, outcome }) => ({
    path: machine.tasks[task]?.path ?? '',
    outcome,
  }));
  return { turns, eager, reordered: machine.reorders, patience: machine.patience };
}

/** The graver of two failures, and the first of equals; for a visitor that sees all executions. */
export function graver(a: Failure | null, b: Failure | null): Failure | null {
  if (a === null || b === null) return a ?? b;
  return rankOf(b.finding) < rankOf(a.finding) ? b : a;
}

/**
 * Finds the schedule to report a failure with, and replays it with stacks. If the failure also occurs without
 * reordering, it is shown without, which is easier to follow.
 */
export function witness(
  machine: Machine,
  failure: Failure,
  options: MinimiseOptions = {},
): Witness {
  machine.patience = failure.patience;
  if (!failure.reordered) return reordering(machine, false, () => told(machine, failure, options));
  const plain = reordering(machine, false, () => interleaved(machine, failure));
  const shown = plain ?? failure;
  return reordering(machine, plain === null, () => told(machine, shown, options));
}

function told(machine: Machine, failure: Failure, options: MinimiseOptions): Witness {
  let schedule: readonly ScheduleStep[] = [];
  try {
    schedule = scheduleWithStarts(machine, failure);
    const { steps } = checked(machine, schedule, failure.finding).replay;
    const minimised = shortest(machine, steps, failure.finding, options);
    schedule = minimised.schedule;
    const last = checked(machine, schedule, failure.finding, { tracing: true });
    return { ...last, schedule: lettersOf(last.replay), minimised };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return unsteady(machine, schedule, differenceOf(error));
  }
}

/** The schedule as people type it, with the tasks' names in the report. */
function lettersOf({ steps, scheduled }: Replay): string {
  const turns = steps.slice(0, scheduled).map(({ letter, outcome }) => ({ path: letter, outcome }));
  return formatSchedule(scheduleOf(turns));
}

/** Minimises a failure. Attempts at a soft lockup use a low step limit: a run that is long enough counts as an endless loop. */
function shortest(
  machine: Machine,
  steps: readonly ReplayStep[],
  wanted: Wanted,
  options: MinimiseOptions,
): Minimised {
  const { stepsMax } = machine;
  if (wanted.kind !== 'soft-lockup') return minimise(machine, steps, wanted, options);
  machine.stepsMax = Math.min(stepsMax, 2 * loopStart(steps) + LOOP_STEPS);
  try {
    const minimised = minimise(machine, steps.slice(0, loopStart(steps) + 1), wanted, options);
    machine.stepsMax = stepsMax;
    const { finding } = follow(machine, turnsOf(minimised.schedule));
    if (sameFailure(finding, wanted)) return minimised;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  } finally {
    machine.stepsMax = stepsMax;
  }
  return minimise(machine, steps, wanted, { stepsMax: 0 });
}

/** How many steps of one task count as a loop in an attempt; the result is checked with the full limit. */
const LOOP_STEPS = 400;

/** The index after the last step of any other task. */
function loopStart(steps: readonly ReplayStep[]): number {
  return steps.findLastIndex(({ task }) => task !== steps.at(-1)?.task) + 1;
}

/** How many executions to search, without reordering, for a failure that was found with it. */
const INTERLEAVINGS_MAX = 2000;

/** The failure as a machine without reordering shows it; null if that does not find it. */
function interleaved(machine: Machine, failure: Failure): Failure | null {
  const { finding, turns } = failure;
  if (turns.every(({ outcome }) => outcome === 0)) return { ...failure, reordered: false };
  return firstLike(machine, INTERLEAVINGS_MAX, (other) => sameFailure(other, finding));
}

/** How many executions to search for one in which a prediction comes true. */
const CONFIRMATIONS_MAX = 10_000;

/** Replaces a predicted failure by one that happens; returns it unchanged if none is found. */
export function confirmed(machine: Machine, failure: Failure): Failure {
  const { predicted, kind } = failure.finding;
  if (!predicted) return failure;
  const happens = (other: Finding): boolean => other.kind === kind && other.predicted !== true;
  return firstLike(machine, CONFIRMATIONS_MAX, happens) ?? failure;
}

/** The first execution with such a failure. */
function firstLike(
  machine: Machine,
  executionsMax: number,
  like: (finding: Finding) => boolean,
): Failure | null {
  let found: Failure | null = null;
  const visit = (execution: Execution): boolean => {
    const finding = execution.machine.gravest();
    if (finding === null || !like(finding)) return false;
    found = failureOf(execution);
    return true;
  };
  dpor(machine, visit, { executionsMax });
  return found;
}

/** Runs a schedule twice; throws Unsteady if the runs differ, or do not fail as wanted. */
function checked(
  machine: Machine,
  schedule: readonly ScheduleStep[],
  wanted: Wanted,
  options: ReplayOptions = {},
): { replay: Replay; finding: Finding } {
  const { replay: second, difference } = replayTwice(machine, schedule, options);
  if (difference !== null) throw new Unsteady(difference);
  const { finding } = second;
  if (finding === null || !sameFailure(finding, wanted)) {
    const now = finding === null ? 'no failure' : finding.kind;
    const words = `the same schedule gave ${wanted.kind} once and ${now} when it was run again`;
    throw new Unsteady({ step: second.steps.length, words });
  }
  return { replay: second, finding };
}

/** Runs a schedule twice, the second time with the options. Returns where the runs differ, or null. */
export function replayTwice(
  machine: Machine,
  schedule: readonly ScheduleStep[] | string,
  options: ReplayOptions = {},
): { readonly replay: Replay; readonly difference: Difference | null } {
  const { size } = machine.victims;
  let first = replay(machine, schedule);
  // An interrupt came on top of a task: the machine has learnt that the steps of that task read the state of its CPU.
  if (machine.victims.size > size) first = replay(machine, schedule);
  const second = replay(machine, schedule, options);
  return { replay: second, difference: compareReplays(first, second) };
}

/** The first difference between two runs of one schedule, or null. */
export function compareReplays(first: Replay, second: Replay): Difference | null {
  const length = Math.max(first.steps.length, second.steps.length);
  for (let i = 0; i < length; i++) {
    const words = compareSteps(first.steps[i], second.steps[i]);
    if (words !== null) return { step: i + 1, words };
  }
  const [found, again] = [first, second].map(({ findings }) => kinds(findings));
  if (found === again) return null;
  return { step: length, words: `found ${found ?? ''} at first and ${again ?? ''} when run again` };
}

function compareSteps(a: ReplayStep | undefined, b: ReplayStep | undefined): string | null {
  const name = (step: ReplayStep | undefined): string =>
    step === undefined ? 'nothing' : `${spell(step)} by ${step.path}`;
  if (a === undefined || b === undefined || name(a) !== name(b)) {
    return `was ${name(a)} at first and ${name(b)} when run again`;
  }
  if (a.footprint.join() !== b.footprint.join() || touched(a) !== touched(b)) {
    return `${name(a)}, touched ${touched(a)} at first and ${touched(b)} when run again`;
  }
  if (kinds(a.findings) === kinds(b.findings)) return null;
  return `${name(a)}, found ${kinds(a.findings)} at first and ${kinds(b.findings)} when run again`;
}

function touched({ accesses }: ReplayStep): string {
  const names = accesses.map(({ object, field }) => (field === '' ? object : `${object}.${field}`));
  return [...new Set(names)].join(', ') || 'other memory';
}

function kinds(findings: readonly Finding[]): string {
  return findings.map(({ kind }) => kind).join(', ') || 'nothing';
}

/**
 * Adds the start steps that a schedule text contains: tasks that started immediately when they were spawned get a step
 * of their own.
 */
export function scheduleWithStarts(machine: Machine, { turns, eager }: Turns): ScheduleStep[] {
  const course = new Course(machine);
  const whole: Turn[] = [];
  const take = (turn: Turn): void => {
    if (machine.cut) return;
    whole.push(turn);
    course.take(taskFor(machine, turn, whole.length), turn.outcome);
    start(machine.born);
  };
  const start = (born: readonly number[]): void => {
    for (const id of born) {
      const path = machine.tasks[id]?.path ?? '';
      if (eager.includes(path)) take({ path, outcome: 0 });
    }
  };
  start(machine.tasks.flatMap((task) => (task === undefined || task.id === 0 ? [] : [task.id])));
  turns.forEach(take);
  return scheduleOf(whole);
}

class Unsteady extends UsageError {
  constructor(readonly difference: Difference) {
    super(difference.words);
  }
}

function differenceOf(error: UsageError): Difference {
  if (error instanceof Unsteady) return error.difference;
  if (error instanceof Diverged) return { step: error.step, words: `wanted ${error.why}` };
  return { step: 0, words: error.message };
}

function unsteady(
  machine: Machine,
  schedule: readonly ScheduleStep[],
  difference: Difference,
): Witness {
  const finding = nonDeterministic(difference);
  let run: Replay;
  try {
    run = replay(machine, schedule, { tracing: true });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    run = replay(machine, [], { tracing: true });
  }
  const findings = [finding];
  return {
    replay: { ...run, findings, finding },
    finding,
    schedule: formatSchedule(schedule),
    minimised: null,
  };
}

/** The finding for a program that does not run the same way twice. */
export function nonDeterministic({ step, words }: Difference): Finding {
  return {
    kind: 'non-deterministic',
    gravity: Gravity.Memory,
    task: null,
    step,
    headline: () => 'error: the program does not run the same way twice under the same schedule',
    body: () => [
      step === 0 ? words : `step ${step}: ${words}`,
      'Something outside the machine decides what it does: a variable that outlives an execution, a clock, chance.',
    ],
  };
}
