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
export function reportOf(graded: GradedFrame, ending: Ending<JudgeAnswer>): GradedReport {
  const { driver } = graded.frame;
  switch (ending.how) {
    case 'timeout':
      return ungraded(graded, 'timeout', `${driver}: judging it did not come to an end in time`);
    case 'memory':
      return ungraded(graded, 'bound', `${driver}: it ran out of memory, so nothing is proven`);
    case 'crash':
      return ungraded(graded, 'error', `the sandbox ended without an answer (${ending.detail})`);
    case 'answered':
      return reportOfAnswer(graded, ending.answer);
  }
}

function reportOfAnswer(graded: GradedFrame, answer: JudgeAnswer): GradedReport {
  if (answer.type === 'fault')
    return ungraded(graded, 'error', `the sandbox failed: ${answer.message}`);
  if (answer.type === 'refused')
    return ungraded(graded, 'rejected', answer.problems.slice(0, PROBLEMS_MAX).join('\n'));
  const tests = testsOf(graded, answer);
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
  const message = told.problems[0] ?? 'the types were not checked';
  return { ...typed, status: types.status, message, score: 0, tasks };
}

/** The first failure a learner may hear of. */
function messageOf(report: KataReportV1, tests: readonly TestVerdict[]): string | null {
  if (report.status === 'pass') return null;
  const told = tests.find(
    ({ status, visibility }) =>
      status !== 'pass' && status !== 'skipped' && (visibility ?? 'visible') === 'visible',
  );
  if (told !== undefined) return told.failure?.headline ?? told.message;
  return "one of the instructor's scenarios does not hold";
}

/** One verdict per scenario, those not run included; null unless they are exactly those of the kata. */
function testsOf(
  { frame, visibility }: GradedFrame,
  answer: Extract<JudgeAnswer, { type: 'judged' }>,
): readonly TestVerdict[] | null {
  const { declared, verdicts, timedOut } = answer;
  if (!isExpected(declared, frame.manifest, visibility)) return null;
  if (verdicts.length > declared.length) return null;
  if (verdicts.length < declared.length && !timedOut) return null;
  const tests: TestVerdict[] = [];
  for (const [i, scenario] of declared.entries()) {
    const verdict = verdicts[i] ?? unjudged(scenario, i === verdicts.length);
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

function unjudged(scenario: Declared, stuck: boolean): TestVerdict {
  const exploration = { strategy: 'dpor', executions: 0, complete: false, failing: 0 } as const;
  const verdict = { ...scenario, hidden: false, exploration };
  return stuck
    ? { ...verdict, status: 'timeout', message: 'time ran out, so nothing is proven' }
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

/** Characters that move a cursor, change a direction or end a line. */
const ODD =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/; // eslint-disable-line no-control-regex -- these are looked for
const ODD_IN_LINE = new RegExp(ODD, 'g');
const ODD_IN_LINES = new RegExp(`(?!\\n)${ODD.source}`, 'g');

function plainLine(text: string): string {
  return text.slice(0, LINE_MAX).replace(ODD_IN_LINE, '?');
}

function plainLines(text: string): string {
  return text.slice(0, TEXT_MAX).replace(ODD_IN_LINES, '?');
}
