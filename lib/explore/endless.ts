// SPDX-License-Identifier: GPL-2.0-only
/**
 * An execution that was cut off may still be able to end. A task that retries until another task makes progress may
 * never have let that task run. So the execution continues fairly, each task in turn. If it still does not end, although
 * nothing else can run, it is a lockup.
 */
import type { Machine } from '../machine';
import { wantedOf } from './attempts';
import { Course } from './course';
import { taskFor } from './replay';
import { formatSchedule, scheduleOf, type Turn, turnsOf } from './schedule';
import { type Failure, scheduleWithStarts, type Turns } from './witness';

/** The failure of a cut-off execution if every task gets its turn; null if it then ends without one. */
export function fairEnding(machine: Machine, execution: Turns): Failure | null {
  const whole = turnsOf(scheduleWithStarts(machine, execution));
  const course = new Course(machine);
  for (const [i, turn] of beforeLoop(whole).entries()) {
    course.take(taskFor(machine, turn, i + 1), turn.outcome);
  }
  for (let task = next(course); task >= 0; task = next(course)) course.take(task, 0);
  machine.finish();
  const finding = machine.gravest();
  if (finding === null) return null;
  return {
    finding: wantedOf(finding),
    turns: course.turns,
    eager: [],
    reordered: machine.reorders,
    patience: machine.patience,
  };
}

/** The schedule of a cut-off execution, up to where one task continues by default. */
export function cutSchedule(machine: Machine, execution: Turns): string {
  const whole = turnsOf(scheduleWithStarts(machine, execution));
  return formatSchedule(scheduleOf(whole.slice(0, beforeLoop(whole).length + 1)));
}

/** The turns before the last run of the looping task. */
function beforeLoop(turns: readonly Turn[]): readonly Turn[] {
  const looping = turns.at(-1)?.path;
  return turns.slice(0, turns.findLastIndex(({ path }) => path !== looping) + 1);
}

/** The next task in turn that can run; -1 at the end of the execution. */
function next({ machine, previous }: Course): number {
  if (machine.cut) return -1;
  const { length } = machine.tasks;
  for (let i = 1; i <= length; i++) {
    const task = (Math.max(previous, 0) + i) % length;
    if (task > 0 && machine.enabled(task)) return task;
  }
  return -1;
}
