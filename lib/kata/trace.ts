// SPDX-License-Identifier: GPL-2.0-only
/** Traces one execution of a scenario for the formats of lib/report/trace. */
import { formatSchedule, parseSchedule, replay } from '../explore';
import { type FrameRules, type Scene, sceneOf, type Traced } from '../report';
import { machineFor } from './judge';
import type { Scenario } from '../scenario/scenario';

export interface TraceOptions {
  /** The stack frames that belong to the program. */
  readonly frames?: FrameRules;
  /** Stop after the schedule instead of continuing by default to the end. */
  readonly stop?: boolean;
}

/** Runs a schedule on a machine of its own. Throws Diverged if it does not fit. */
export function traceScenario(
  scenario: Scenario,
  schedule: string,
  { frames = {}, stop = false }: TraceOptions = {},
): Traced {
  const scenes: Scene[] = [];
  const recorded = replay(machineFor(scenario), schedule, {
    tracing: true,
    stop,
    watch: (machine) => scenes.push(sceneOf(machine)),
  });
  const text = formatSchedule(parseSchedule(schedule));
  const title = text === '' ? scenario.id : `${scenario.id}: ${text}`;
  return { recorded, scenes, finding: recorded.finding, rules: frames, title };
}
