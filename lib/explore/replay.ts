// SPDX-License-Identifier: GPL-2.0-only
/**
 * Replay: runs one schedule and records what a report needs. A replay depends only on the program and the schedule, not
 * on what the machine did before: see course.ts.
 */
import { forgetStacks, type Machine, type Replay, sites, takeStack } from '../machine';
import { Recording, type ReplayOptions } from './recording';
import { reordering } from './reordering';
import { parseSchedule, type ScheduleStep, turnsOf } from './schedule';

export { Diverged, spell, taskFor } from './task-for';

/** Boots the machine, runs a schedule or its text, and continues by default; throws Diverged if the schedule does not fit. */
export function replay(
  machine: Machine,
  schedule: readonly ScheduleStep[] | string,
  options: ReplayOptions = {},
): Replay {
  const steps = typeof schedule === 'string' ? parseSchedule(schedule) : schedule;
  const stacks: string[] = [];
  const run = (): Replay => new Recording(machine, stacks, options).run(turnsOf(steps));
  // The schedule may choose among stores even if no exploration of this machine has found that it must reorder.
  return reordering(machine, true, () => (options.tracing === true ? traced(run, stacks) : run()));
}

/** How many frames of a stack are kept: more than any driver nests. */
const FRAMES_MAX = 200;

function traced<T>(run: () => T, stacks: string[]): T {
  const { stackTraceLimit } = Error;
  const { capture } = sites;
  Error.stackTraceLimit = FRAMES_MAX;
  forgetStacks();
  sites.capture = () => {
    const stack = takeStack();
    stacks.push(stack);
    return stack;
  };
  try {
    return run();
  } finally {
    sites.capture = capture;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
