// SPDX-License-Identifier: GPL-2.0-only
/** Reports of every kind there is, for tests of what reads them. */
import {
  type KataReportV1,
  judged,
  notJudged,
  type ReportFrame,
  type TestVerdict,
} from '../../../lib/kata/verdict';
import { looked, type SoundReport } from '../faults';

/** Text that is up to something: a terminal's colours, markup, a formula, a NUL, half a character. */
export const HOSTILE = '\u001b[31m<script>alert(1)</script> ]]> & "=1+1" \u0000\ud800';

const FRAME: ReportFrame = {
  tool: 'kernel-race-katas 0.0.0',
  manifest: {
    ...{ id: '90-two-tasks', title: 'Two tasks', blurb: '', difficulty: 'easy', minutes: 5 },
    ...{ concepts: [], prerequisites: [], upstream: null, driver: 'two.ts', exports: [] },
    ...{ statics: [], shipped: '' },
    tasks: [
      { id: 1, title: 'The count is right', points: 60, needs: [] },
      { id: 2, title: 'Readers do not wait', points: 40, needs: ['count'] },
    ],
    scenarios: {},
  },
  driver: 'two.ts',
  durationMs: 1500,
};

const base = { kind: 'race', hidden: false, message: null } as const;
const explored = { strategy: 'dpor', executions: 12, complete: true, failing: 0 } as const;

/** Two scenarios that hold. */
export const HOLDING: readonly TestVerdict[] = [
  { ...base, id: 'count', name: 'two make two', task: 1, status: 'pass', exploration: explored },
  { ...base, id: 'read', name: 'reads overlap', task: 2, status: 'pass', exploration: explored },
];

/** The second scenario, failing with a report. */
export function failing(
  report = 'BUG: KCSAN: data-race in read / write\nthe columns',
): TestVerdict {
  const headline = report.split('\n', 1)[0] ?? '';
  const replay = "npx kata replay 90 'A1 B1'";
  const failure = {
    kind: 'data-race',
    headline,
    report,
    schedule: 'A1 B1',
    replay,
    contextSwitches: 1,
  };
  return {
    ...{ ...base, id: 'read', name: 'reads overlap', task: 2, status: 'fail', message: headline },
    exploration: { ...explored, complete: false, failing: 3 },
    failure,
  };
}

const [first, second] = HOLDING as [TestVerdict, TestVerdict];

function graded(report: KataReportV1, types: KataReportV1['types']): KataReportV1 {
  return { ...report, tier: 'grading', ...(types === undefined ? {} : { types }) };
}

const compiles = { status: 'pass', problems: [] } as const;
const unknown = { status: 'skipped', problems: [] } as const;

/** A report with these scenarios, of a driver that type-checks. */
export function reportOf(tests: readonly TestVerdict[]): KataReportV1 {
  return graded(judged(FRAME, tests), compiles);
}

const hidden: TestVerdict = {
  ...failing('BUG: the secret'),
  name: 'the secret title',
  hidden: true,
  visibility: 'after_due_date',
};
const noType = "two.ts:3:1: '=1+1' is not a number";

/** A report of every kind. */
export const REPORTS: Readonly<Record<string, KataReportV1>> = {
  holds: reportOf(HOLDING),
  fails: reportOf([first, failing()]),
  hostile: reportOf([first, failing(HOSTILE)]),
  'fails hidden': { ...reportOf([first, hidden]), message: null },
  'not run': reportOf([first, { ...second, status: 'skipped' }]),
  bound: reportOf([first, { ...second, status: 'bound', message: 'given up' }]),
  timeout: graded({ ...notJudged(FRAME, 'error', 'too slow'), status: 'timeout' }, unknown),
  'one timeout': reportOf([{ ...first, status: 'timeout', message: null }, second]),
  rejected: graded(notJudged(FRAME, 'rejected', `two.ts:1:1: ${HOSTILE}`), unknown),
  error: graded(notJudged(FRAME, 'error', 'internal error: out of pipes'), unknown),
  'one error': reportOf([{ ...first, status: 'error', message: 'machine: lost' }, second]),
  'type errors': {
    ...graded(judged(FRAME, HOLDING), { status: 'fail', problems: [noType] }),
    ...{ status: 'fail', score: 0, message: noType },
    tasks: FRAME.manifest.tasks.map(({ id, title, points }) => ({ id, title, points, earned: 0 })),
  },
};

/** The report as one that is a grade; throws if it is none. */
export function soundOf(report: KataReportV1): SoundReport {
  const found = looked(report);
  if (found.fault !== null) throw new Error(found.fault);
  return found.report;
}
