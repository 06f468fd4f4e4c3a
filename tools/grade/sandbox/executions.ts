// SPDX-License-Identifier: GPL-2.0-only
/** Executions told step by step, for the player of the instructor's page. Made in the sandbox, after all verdicts are given. */
import { parseSchedule } from '../../../lib/explore';
import { traceScenario } from '../../../lib/kata/trace';
import type { Failure } from '../../../lib/kata/verdict';
import { type Execution, executionOf, type FrameRules } from '../../../lib/report';
import type { Scenario } from '../../../lib/scenario/scenario';
import { EXECUTION_MAX } from './protocol';

/** An execution of more steps is not told: nobody follows it, and it takes as long as all others together. */
const STEPS_MAX = 200;

/** A scenario and how it failed. */
export interface Failed {
  readonly scenario: Scenario;
  readonly failure: Failure;
}

/**
 * Tells the executions of the first failures, up to so many steps of them all. Only steps and characters are counted, so that the
 * page is the same on every machine. Sources and the report are left to the reader, who has them.
 */
export function tellExecutions(
  failed: readonly Failed[],
  stepsMax: number,
  frames: FrameRules,
  told: (id: string, execution: Execution) => void,
): void {
  let left = stepsMax;
  for (const { scenario, failure } of failed) {
    const { schedule } = failure;
    const steps = parseSchedule(schedule).reduce((sum, { count }) => sum + count, 0);
    if (steps > Math.min(left, STEPS_MAX)) continue;
    const traced = traceScenario(scenario, schedule, { frames });
    left -= traced.recorded.steps.length;
    if (traced.recorded.steps.length > STEPS_MAX) continue;
    const context = { schedule, command: '', report: '', sources: {} };
    const execution = executionOf(traced, context);
    if (JSON.stringify(execution).length <= EXECUTION_MAX) told(scenario.id, execution);
  }
}
