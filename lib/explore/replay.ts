// SPDX-License-Identifier: GPL-2.0-only
/**
 * Replay: runs one schedule and records what a report needs to tell it. A replay depends on the program and the schedule
 * alone, not on what the machine did before: see course.ts.
 */
import { forgetStacks, type Machine, type Replay, sites, takeStack } from '../machine';
import { Recording, type ReplayOptions } from './recording';
import { reordering } from './reordering';
import { parseSchedule, type ScheduleStep, turnsOf } from './schedule';

export { Diverged, spell, taskFor } from './task-for';

/** Runs a schedule, or its text, on a machine booted anew, and by default from there; throws Diverged if it does not fit. */
export function replay(
  machine: Machine,
  schedule: readonly ScheduleStep[] | string,
  options: ReplayOptions = {},
): Replay {
  const steps = typeof schedule === 'string' ? parseSchedule(schedule) : schedule;
  const stacks: string[] = [];
  const run = (): Replay => new Recording(machine, stacks, options).run(turnsOf(steps));
  // A schedule may choose among stores, whether or not an exploration of this machine has come upon that.
  return reordering(machine, true, () => (options.tracing === true ? traced(run, stacks) : run()));
}

/** Frames of a stack that are kept: more than any driver nests. */
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
