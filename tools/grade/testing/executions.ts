// SPDX-License-Identifier: GPL-2.0-only
/** Executions as the sandbox tells them, for tests of what takes them. */
import { traceScenario } from '../../../lib/kata/trace';
import { type Execution, executionOf } from '../../../lib/report';
import { RBD_RACE } from '../../../lib/report/testing/scenarios';
import type { Scenario } from '../../../lib/scenario/scenario';

/** The execution of a schedule, without sources or a report. */
export function told(scenario: Scenario = RBD_RACE, schedule = 'A2 B4 A3'): Execution {
  const context = { schedule, command: '', report: '', sources: {} };
  return executionOf(traceScenario(scenario, schedule), context);
}
