// SPDX-License-Identifier: GPL-2.0-only
/** Attempts to show a failure, and which of them is the easiest to follow. */
import type { Finding, Gravity, Machine, TaskContext } from '../machine';
import { type Attempt, Course } from './course';
import { formatSchedule, type ScheduleStep, type Turn } from './schedule';
import { goesOnUnchanged } from './task-for';

/** The failure to show: a finding must match it. */
export interface Wanted {
  readonly kind: string;
  readonly gravity: Gravity;
  readonly predicted: boolean;
  /** The context of the task in which the finding was seen; null if it belongs to no task. */
  readonly context: TaskContext | null;
}

/** Describes a finding so that it can be recognised in another execution. */
export function wantedOf({ kind, gravity, predicted = false, task }: Finding): Wanted {
  return { kind, gravity, predicted, context: task?.context ?? null };
}

/**
 * Whether a finding is the wanted failure. A prediction does not explain a failure that really happened. Nor does a
 * failure in a softirq explain one in a task: there a reader of the driver has nothing to look at.
 */
export function sameFailure(finding: Finding | null, wanted: Wanted): boolean {
  if (finding === null || finding.kind !== wanted.kind) return false;
  if ((finding.task?.context ?? null) !== wanted.context) return false;
  return finding.predicted !== true || wanted.predicted;
}

/** Runs the turns, skipping those that do not fit, and then continues by default. */
export function follow(machine: Machine, turns: readonly Turn[]): Attempt {
  const course = new Course(machine);
  for (const { path, outcome } of turns) {
    const task = machine.tasks.find((one) => one?.path === path);
    if (task === undefined || machine.cut) continue;
    const fits = machine.enabled(task.id) && machine.choices(task.id).includes(outcome);
    if (fits || goesOnUnchanged(task, outcome)) course.take(task.id, outcome);
  }
  return course.finish();
}

/** The better of two attempts. */
export function better(a: Attempt | null, b: Attempt): Attempt {
  return a === null || compare(b, a) < 0 ? b : a;
}

/** Fewest preemptions, then fewest context switches, then the shortest text. */
function compare(a: Attempt, b: Attempt): number {
  const [textA, textB] = [formatSchedule(a.schedule), formatSchedule(b.schedule)];
  return (
    a.preemptions - b.preemptions ||
    a.contextSwitches - b.contextSwitches ||
    textA.length - textB.length ||
    compareSteps(a.schedule, b.schedule)
  );
}

/** Of two texts of equal length, prefers the one that switches sooner, directly after the step that matters. */
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
