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
import type { ScenarioName } from './judge-protocol';
import type { Answers } from './judge-round';

/** The verdict, and what a report in JSON has no place for. */
export interface Judgement {
  readonly report: KataReportV1;
  /** Sentences with file and line: type errors, or why the driver was refused. */
  readonly problems: readonly string[];
  /** A fault of ours, where one ended the run. */
  readonly fault: Fault | null;
}

/** What was heard of one driver. */
export interface Heard extends Answers {
  readonly typeErrors: readonly string[];
}

/** The judgement of a run. Throws a Refusal for what cannot be judged, and a Fault for what we broke. */
export function judgementOf(frame: ReportFrame, heard: Heard): Judgement {
  const { messages, typeErrors } = heard;
  for (const message of messages) {
    if (message.type === 'usage') throw new Refusal(message.message);
    if (message.type === 'refused') return rejected(frame, message.problems);
    if (message.type === 'fault') throw faultIn(message);
  }
  const tests = verdicts(frame.manifest, heard);
  const report = tests === null ? hung(frame) : reported(frame, tests);
  return withTypeErrors({ report, problems: [], fault: null }, typeErrors);
}

/** A driver that was refused before anything ran. */
export function rejected(frame: ReportFrame, problems: readonly string[]): Judgement {
  const first = problems[0] ?? `${frame.driver}: this is not a driver`;
  return { report: notJudged(frame, 'rejected', first), problems, fault: null };
}

/** A run that we broke ourselves. */
export function broken(frame: ReportFrame, fault: Fault): Judgement {
  return { report: notJudged(frame, 'error', fault.message), problems: [], fault };
}

interface FaultTold {
  readonly scenario: string | null;
  readonly message: string;
  readonly trace: string;
}

function faultIn({ scenario, message, trace }: FaultTold): Fault {
  const where = scenario === null ? '' : ` in scenario ${scenario}`;
  return new Fault(`internal error${where}: ${message}`, trace);
}

/** One verdict per scenario of the kata, those not run included; null if judging did not get that far. */
function verdicts(manifest: Manifest, { messages, ending, stuck }: Answers): TestVerdict[] | null {
  const suite = messages.flatMap((m) => (m.type === 'suite' ? m.scenarios : []));
  if (suite.length === 0 && ending !== 'done') return null;
  const declared = Object.keys(manifest.scenarios).sort().join(', ');
  const found = suite.map(({ id }) => id).sort();
  if (found.join(', ') !== declared) {
    const mends = `npx kata dev check ${manifest.id.slice(0, 2)} --write writes kata.json`;
    throw new Fault(
      `katas/${manifest.id}: kata.json and scenarios.ts name different scenarios; ${mends}`,
    );
  }
  const known = new Map(
    messages.flatMap((m) => (m.type === 'verdict' ? [[m.verdict.id, m.verdict]] : [])),
  );
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
    case 'stopped':
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

/** The file scope itself never finished. */
function hung(frame: ReportFrame): KataReportV1 {
  const message = `${frame.driver}: loading this file never finished`;
  return { ...notJudged(frame, 'error', message), status: 'timeout' };
}

/** The same driver with what its type check found. */
export function withTypeErrors(judgement: Judgement, typeErrors: readonly string[]): Judgement {
  const report = withTypes(judgement.report, typeErrors);
  return { ...judgement, report, problems: [...judgement.problems, ...typeErrors] };
}

/** A driver with type errors fails and scores nothing, whatever its scenarios gave: it would not compile. */
function withTypes(report: KataReportV1, typeErrors: readonly string[]): KataReportV1 {
  const [first] = typeErrors;
  if (first === undefined) return report;
  const tasks = report.tasks.map((task) => ({ ...task, earned: 0 }));
  return { ...report, status: 'fail', message: first, score: 0, tasks };
}
