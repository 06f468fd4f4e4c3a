// SPDX-License-Identifier: GPL-2.0-only
/** Judges an open driver: the scenarios, the order, the reports and the counts are those of `npx kata test`. */
import {
  type Explored,
  explainScenario,
  exploreScenario,
  type JudgeOptions,
} from '../../lib/kata/judge';
import type { KataReportV1 } from '../../lib/kata/verdict';
import type { Scenario } from '../../lib/scenario/scenario';
import type { JudgeMessage } from '../../tools/kata/judge-protocol';
import { judgementOf } from '../../tools/kata/judgement';
import { REPORTS_SHOWN } from '../../tools/kata/print/judgement';
import { replayCommand } from '../../tools/kata/print/replay-command';
import { BEAT, chosen, frameName, withHeartbeat } from '../../tools/kata/scenario-runs';
import type { OpenDriver } from './open';
import type { Limits, Progress, Questions } from './protocol';

/** Explores the scenarios that are asked for, and explains as many failures as the terminal shows. */
export function judgeDriver(
  open: OpenDriver,
  { scenario: wanted, limits }: Questions['judge']['asked'],
  tell: (progress: Progress) => void,
): KataReportV1 {
  const asked = chosen({ scenario: wanted, schedule: null }, open.scenarios);
  const messages: JudgeMessage[] = [suiteMessage(open)];
  const failing: (readonly [Scenario, Explored])[] = [];
  for (const scenario of asked) {
    let executions = 0;
    const watched = withHeartbeat(limited(scenario, limits), () => {
      executions += BEAT;
      tell({ scenario: scenario.id, executions, verdict: null });
    });
    const explored = exploreScenario(watched, optionsFor(open, scenario, limits));
    const { verdict, found } = explored;
    if (found !== null) failing.push([scenario, explored]);
    messages.push({ type: 'verdict', verdict });
    tell({ scenario: scenario.id, executions: verdict.exploration.executions, verdict });
  }
  for (const [scenario, explored] of failing.slice(0, REPORTS_SHOWN)) {
    const options = optionsFor(open, scenario, limits);
    const verdict = explainScenario(limited(scenario, limits), explored, options);
    messages.push({ type: 'verdict', verdict });
    tell({ scenario: scenario.id, executions: verdict.exploration.executions, verdict });
  }
  const { manifest } = open.data;
  const frame = { tool: TOOL, manifest, driver: open.shown, durationMs: 0 };
  return judgementOf(frame, { messages, ending: 'done', stuck: null, typeErrors: [] }).report;
}

/** How reports of this judge sign. */
const TOOL = 'kata site';

function suiteMessage({ scenarios }: OpenDriver): JudgeMessage {
  return {
    type: 'suite',
    scenarios: scenarios.map(({ id, title, task, kind }) => ({ id, name: title, task, kind })),
  };
}

/** The options of the terminal. */
export function optionsFor(
  { data, shown, scenarios }: OpenDriver,
  { id }: Scenario,
  { executionsMax }: Limits = {},
): JudgeOptions {
  const number = data.manifest.id.slice(0, 2);
  const scenario = id === scenarios[0]?.id ? null : id;
  return {
    frames: { drivers: [frameName(shown)] },
    command: (_, schedule) => replayCommand({ number, schedule, scenario, driverOption: '' }),
    ...(executionsMax === undefined ? {} : { executionsMax }),
  };
}

function limited(scenario: Scenario, { stepsMax }: Limits): Scenario {
  return stepsMax === undefined ? scenario : { ...scenario, stepsMax };
}
