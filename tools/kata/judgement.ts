// SPDX-License-Identifier: GPL-2.0-only
/** From what the judging process and the type check said to a verdict. Pure: the same answers give the same judgement. */
import type { Manifest } from '../../lib/kata/manifest';
import {
  judged,
  type KataReportV1,
  notJudged,
  type ReportFrame,
  type TestVerdict,
} from '../../lib/kata/verdict';
import { Fault, Refusal } from './errors';
import type { Ending } from './judge-process';
import type { JudgeMessage, ScenarioName } from './judge-protocol';

/** The verdict, and what a report in JSON has no place for. */
export interface Judgement {
  readonly report: KataReportV1;
  /** Sentences with file and line: type errors, or why the driver was refused. */
  readonly problems: readonly string[];
  /** A fault of ours, where one ended the run. */
  readonly fault: Fault | null;
}

/** What was heard of one driver. */
export interface Heard {
  readonly messages: readonly JudgeMessage[];
  readonly ending: Ending;
  readonly typeErrors: readonly string[];
}

/** The judgement of a run. Throws a Refusal for what cannot be judged, and a Fault for what we broke. */
export function judgementOf(frame: ReportFrame, heard: Heard): Judgement {
  const { messages, ending, typeErrors } = heard;
  for (const message of messages) {
    if (message.type === 'usage') throw new Refusal(message.message);
    if (message.type === 'refused') return rejected(frame, message.problems);
    if (message.type === 'fault') throw faultIn(message, begun(messages));
  }
  const tests = verdicts(frame.manifest, messages, ending);
  const report = tests === null ? hung(frame) : reported(frame, tests);
  return { report: withTypes(report, typeErrors), problems: typeErrors, fault: null };
}

/** A driver that was refused before anything ran. */
export function rejected(frame: ReportFrame, problems: readonly string[]): Judgement {
  const first = problems[0] ?? `${frame.driver}: this is no driver`;
  return { report: notJudged(frame, 'rejected', first), problems, fault: null };
}

/** A run that we broke ourselves. */
export function broken(frame: ReportFrame, fault: Fault): Judgement {
  return { report: notJudged(frame, 'error', fault.message), problems: [], fault };
}

function faultIn({ message, trace }: { message: string; trace: string }, scenario: string): Fault {
  const where = scenario === '' ? '' : ` in scenario ${scenario}`;
  return new Fault(`internal error${where}: ${message}`, trace);
}

/** The scenario that was begun last. */
function begun(messages: readonly JudgeMessage[]): string {
  return messages.reduce((last, m) => (m.type === 'begin' ? m.scenario : last), '');
}

/** One verdict per scenario of the kata, those not run included; null if it did not come so far. */
function verdicts(
  manifest: Manifest,
  messages: readonly JudgeMessage[],
  ending: Ending,
): TestVerdict[] | null {
  const suite = messages.flatMap((m) => (m.type === 'suite' ? m.scenarios : []));
  if (suite.length === 0 && ending !== 'done') return null;
  const declared = Object.keys(manifest.scenarios).sort().join(', ');
  const found = suite.map(({ id }) => id).sort();
  if (found.join(', ') !== declared) {
    throw new Fault(`katas/${manifest.id}: kata.json and scenarios.ts name different scenarios`);
  }
  const known = new Map(
    messages.flatMap((m) => (m.type === 'verdict' ? [[m.verdict.id, m.verdict]] : [])),
  );
  const stuck = begun(messages);
  return suite.map(
    (name) => known.get(name.id) ?? notRun(name, name.id === stuck ? ending : 'done'),
  );
}

function notRun(name: ScenarioName, ending: Ending): TestVerdict {
  const exploration = { strategy: 'dpor', executions: 0, complete: false, failing: 0 } as const;
  const verdict = { ...name, hidden: false, exploration };
  const why = (words: string): string => `${name.id} ${words}, so nothing is proven`;
  switch (ending) {
    case 'done':
      return { ...verdict, status: 'skipped', message: null };
    case 'silent':
      return { ...verdict, status: 'timeout', message: why('did not answer') };
    case 'out of memory':
      return { ...verdict, status: 'bound', message: why('ran out of memory') };
  }
}

/** `judged`, with a message that passes over scenarios that were not run. */
function reported(frame: ReportFrame, tests: readonly TestVerdict[]): KataReportV1 {
  const first = tests.find(({ status }) => status !== 'pass' && status !== 'skipped');
  const message = first === undefined ? null : (first.failure?.headline ?? first.message);
  return { ...judged(frame, tests), message };
}

/** The file scope itself did not come to an end. */
function hung(frame: ReportFrame): KataReportV1 {
  const message = `${frame.driver}: loading this file did not come to an end`;
  return { ...notJudged(frame, 'error', message), status: 'timeout' };
}

/** A driver with type errors fails and scores nothing, whatever its scenarios gave: it would not compile. */
function withTypes(report: KataReportV1, typeErrors: readonly string[]): KataReportV1 {
  const [first] = typeErrors;
  if (first === undefined) return report;
  const tasks = report.tasks.map((task) => ({ ...task, earned: 0 }));
  return { ...report, status: 'fail', message: first, score: 0, tasks };
}
