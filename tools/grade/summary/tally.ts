// SPDX-License-Identifier: GPL-2.0-only
/** A class in numbers: outcomes by kata, earned points by task, and every distinct failure with those it happened to. */
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { looked } from '../faults';
import type { Grade } from '../gradebook/gradebooks';
import { type Finding, findingsIn } from './findings';

export type Status = KataReportV1['status'];

export const STATUSES: readonly Status[] = [
  ...(['pass', 'fail', 'rejected', 'bound', 'timeout', 'error'] as const),
];

/** How one task went. */
export interface TaskTally {
  readonly id: number;
  readonly title: string;
  readonly points: number;
  solved: number;
}

/** How one kata went. */
export interface KataTally {
  readonly kata: string;
  readonly maxScore: number;
  readonly statuses: Record<Status, number>;
  submissions: number;
  /** Those of them that have a grade, and their points. */
  graded: number;
  points: number;
  readonly tasks: TaskTally[];
}

/** One way to fail, and everybody it happened to. */
export interface FailureTally extends Finding {
  readonly students: string[];
  /** Digests of their submissions. */
  readonly submissions: string[];
}

/** What a class report needs of a grade; the long reports are in the failures, once each. */
export interface Row {
  readonly student: Grade['student'];
  readonly report: KataReportV1;
  /** Why it is not a grade: a fault of ours; null if it is one. */
  readonly fault: string | null;
  /** Keys of what was found. */
  readonly failures: readonly string[];
}

export interface Tally {
  readonly katas: readonly KataTally[];
  readonly failures: readonly FailureTally[];
  readonly rows: readonly Row[];
}

/** Counts a class; `grades` is walked once, and of long reports one of each kind is kept. */
export function tally(grades: Iterable<Grade>): Tally {
  const katas = new Map<string, KataTally>();
  const failures = new Map<string, FailureTally>();
  const rows: Row[] = [];
  for (const { student, report } of grades) {
    const { fault } = looked(report);
    count(katas, report, fault === null);
    const own = findingsIn(report).map((finding) => {
      const known = failures.get(finding.key) ?? { ...finding, students: [], submissions: [] };
      failures.set(finding.key, known);
      known.students.push(student.id);
      known.submissions.push(report.grading?.submission?.sha256 ?? '');
      return finding.key;
    });
    rows.push({ student, report: light(report), fault, failures: own });
  }
  const inOrder = [...katas.values()].sort((a, b) => (a.kata < b.kata ? -1 : 1));
  const byWeight = [...failures.values()].sort(
    (a, b) =>
      (a.kata < b.kata ? -1 : a.kata > b.kata ? 1 : 0) ||
      a.task - b.task ||
      b.students.length - a.students.length ||
      (a.key < b.key ? -1 : 1),
  );
  return { katas: inOrder, failures: byWeight, rows };
}

function count(katas: Map<string, KataTally>, report: KataReportV1, sound: boolean): void {
  const known = katas.get(report.kata) ?? {
    kata: report.kata,
    maxScore: report.maxScore,
    statuses: { pass: 0, fail: 0, rejected: 0, bound: 0, timeout: 0, error: 0 },
    ...{ submissions: 0, graded: 0, points: 0 },
    tasks: report.tasks.map(({ id, title, points }) => ({ id, title, points, solved: 0 })),
  };
  katas.set(report.kata, known);
  known.submissions++;
  known.statuses[sound ? report.status : 'error']++;
  if (!sound) return;
  known.graded++;
  known.points += report.score;
  for (const { id, points, earned } of report.tasks) {
    const task = known.tasks.find((each) => each.id === id);
    if (task !== undefined && earned === points) task.solved++;
  }
}

/** A report without its long texts. */
function light(report: KataReportV1): KataReportV1 {
  const tests = report.tests.map((test) =>
    test.failure === undefined
      ? test
      : { ...test, failure: { ...test.failure, report: test.failure.headline } },
  );
  return { ...report, tests };
}
