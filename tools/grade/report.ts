// SPDX-License-Identifier: GPL-2.0-only
/** From what the sandbox answered to a report. Pure. Points are given here, outside of the learner's reach. */
import type { Manifest } from '../../lib/kata/manifest';
import {
  type Failure,
  type Grading,
  judged,
  type KataReportV1,
  notJudged,
  type ReportFrame,
  type TestVerdict,
  type TypesVerdict,
  type Visibility,
} from '../../lib/kata/verdict';
import { plain, plainLine as oneLine } from './odd';
import type { Ending } from './sandbox/run';
import type { Declared, JudgeAnswer } from './sandbox/protocol';
import type { GradedReport } from './types';

/** What a report is made of beside the answer. */
export interface GradedFrame {
  readonly frame: ReportFrame;
  readonly grading: Grading;
  /** Of the instructor's own scenarios, by id. */
  readonly visibility: ReadonlyMap<string, Visibility>;
}

const NO_TYPES: TypesVerdict = { status: 'skipped', problems: [] };

/** The report of a submission that was not judged: refused, or not graded for a reason of ours. */
export function ungraded(
  { frame, grading }: GradedFrame,
  status: 'rejected' | 'error' | 'timeout' | 'bound',
  message: string,
): GradedReport {
  const how = status === 'rejected' ? status : 'error';
  const report = notJudged(frame, how, plainLines(message));
  return { ...report, status, tier: 'grading', types: NO_TYPES, grading };
}

/** The report of what the sandbox came to. */
export function reportOf(graded: GradedFrame, ending: Ending): GradedReport {
  const { driver } = graded.frame;
  const { how, answer } = ending;
  if (answer?.type === 'refused')
    return ungraded(graded, 'rejected', answer.problems.slice(0, PROBLEMS_MAX).join('\n'));
  if (answer?.type === 'fault')
    return ungraded(graded, 'error', `the sandbox failed: ${answer.message}`);
  if (answer !== null) return reportOfAnswer(graded, answer, ending);
  if (how === 'timeout')
    return ungraded(graded, 'timeout', `${driver}: judging it used up its processor time`);
  if (how === 'memory')
    return ungraded(graded, 'bound', `${driver}: it ran out of memory, so nothing is proven`);
  return ungraded(graded, 'error', endedText(ending));
}

/** Why there is no verdict on a scenario that was being explored. */
function endedText(ending: Ending): string {
  switch (ending.how) {
    case 'timeout':
      return 'its processor time was used up, so nothing is proven';
    case 'memory':
      return 'it ran out of memory, so nothing is proven';
    case 'crash':
      return `the sandbox ended without an answer (${ending.detail})`;
    case 'answered':
      return 'the sandbox answered for other scenarios than it was given';
  }
}

type Judged = Extract<JudgeAnswer, { type: 'judged' }>;

function reportOfAnswer(graded: GradedFrame, answer: Judged, ending: Ending): GradedReport {
  const tests = testsOf(graded, answer, ending);
  if (tests === null) {
    return ungraded(graded, 'error', 'the sandbox answered for other scenarios than it was given');
  }
  const report = judged(graded.frame, tests);
  return {
    ...report,
    tier: 'grading',
    message: messageOf(report, tests),
    types: NO_TYPES,
    grading: graded.grading,
  };
}

const PROBLEMS_MAX = 20;

/** The report with its type check. A driver that does not type-check would not compile: it scores nothing. */
export function withTypes(report: GradedReport, types: TypesVerdict): GradedReport {
  const told = { ...types, problems: types.problems.map(plainLine) };
  const typed = { ...report, types: told };
  if (types.status === 'pass' || types.status === 'skipped') return typed;
  const tasks = report.tasks.map((task) => ({ ...task, earned: 0 }));
  const unscored = { ...typed, score: 0, tasks };
  if (types.status === 'error' && report.status === 'fail') return unscored;
  const message = told.problems[0] ?? 'the types were not checked';
  return { ...unscored, status: types.status, message };
}

/** The first failure a learner may hear of. */
function messageOf(report: KataReportV1, tests: readonly TestVerdict[]): string | null {
  if (report.status === 'pass') return null;
  const shown = tests.filter(
    ({ status, visibility }) =>
      status !== 'pass' && status !== 'skipped' && (visibility ?? 'visible') === 'visible',
  );
  const told = shown.find(({ status }) => status === 'fail') ?? shown[0];
  if (told !== undefined) return told.failure?.headline ?? told.message;
  return "one of the instructor's scenarios does not hold";
}

/** One verdict per scenario, those not run included; null unless they are exactly those of the kata. */
function testsOf(
  { frame, visibility }: GradedFrame,
  { declared, verdicts }: Judged,
  ending: Ending,
): readonly TestVerdict[] | null {
  if (!isExpected(declared, frame.manifest, visibility)) return null;
  const tests: TestVerdict[] = [];
  for (const [i, scenario] of declared.entries()) {
    const verdict = verdicts[i] ?? unjudged(scenario, i === verdicts.length, ending);
    if (verdict.id !== scenario.id || verdict.task !== scenario.task) return null;
    if (verdict.status === 'pass' && !verdict.exploration.complete) return null;
    tests.push(shown(verdict, visibility.get(scenario.id)));
  }
  return tests;
}

function isExpected(
  declared: readonly Declared[],
  { scenarios, tasks }: Manifest,
  visibility: ReadonlyMap<string, Visibility>,
): boolean {
  const wanted = [...Object.keys(scenarios), ...visibility.keys()].sort();
  const found = declared.map(({ id }) => id).sort();
  const known = declared.every(({ task }) => tasks.some(({ id }) => id === task));
  return known && wanted.length === found.length && wanted.every((id, i) => id === found[i]);
}

const UNJUDGED = {
  timeout: 'timeout',
  memory: 'bound',
  crash: 'error',
  answered: 'error',
} as const;

/** After a fault of ours none of the rest has a verdict; what a driver has used up is lost for those after it. */
function unjudged(scenario: Declared, stuck: boolean, ending: Ending): TestVerdict {
  const exploration = { strategy: 'dpor', executions: 0, complete: false, failing: 0 } as const;
  const verdict = { ...scenario, hidden: false, exploration };
  const status = UNJUDGED[ending.how];
  return stuck || status === 'error'
    ? { ...verdict, status, message: endedText(ending) }
    : { ...verdict, status: 'skipped', message: null };
}

/** Only what a verdict consists of, and of its texts only what can be shown anywhere. */
function shown(verdict: TestVerdict, visibility: Visibility | undefined): TestVerdict {
  const { id, name, task, kind, status, message, exploration, failure } = verdict;
  const { strategy, executions, complete, failing } = exploration;
  return {
    ...{ id, name, task, kind, status },
    hidden: visibility !== undefined,
    ...(visibility === undefined ? {} : { visibility }),
    message: message === null ? null : plainLine(message),
    exploration: { strategy, executions, complete, failing },
    ...(failure === undefined ? {} : { failure: shownFailure(failure) }),
  };
}

function shownFailure(failure: Failure): Failure {
  const { kind, headline, report, schedule, replay, contextSwitches } = failure;
  return {
    kind: plainLine(kind),
    headline: plainLine(headline),
    report: plainLines(report),
    schedule: plainLine(schedule),
    replay: plainLine(replay),
    contextSwitches,
  };
}

const LINE_MAX = 1000;
const TEXT_MAX = 64 * 1024;

function plainLine(text: string): string {
  return oneLine(text.slice(0, LINE_MAX), '?');
}

function plainLines(text: string): string {
  return plain(text.slice(0, TEXT_MAX), '?');
}
