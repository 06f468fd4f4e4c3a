// SPDX-License-Identifier: GPL-2.0-only
/**
 * Gradebooks that learning platforms import. A submission that the grader itself could not judge has no grade in any of
 * them: an import never overwrites a grade because of a fault of ours.
 */
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { cut, visibleMessage } from '../emit/visible';
import { looked, type SoundReport } from '../faults';
import { type Cell, csv } from './csv';

/** Who is graded, as far as it is known. */
export interface Student {
  readonly id: string;
  readonly email: string;
  readonly lastName: string;
  readonly firstName: string;
}

/** A grade of one student in one kata. */
export interface Grade {
  readonly student: Student;
  readonly report: KataReportV1;
}

const FEEDBACK_MAX = 1000;

/** A grade that a gradebook takes. */
interface Entry {
  readonly student: Student;
  readonly report: SoundReport;
}

function graded(grades: readonly Grade[]): Entry[] {
  return grades.flatMap(({ student, report }) => {
    const found = looked(report);
    return found.fault === null ? [{ student, report: found.report }] : [];
  });
}

/** One row for each student and kata, in the columns nbgrader exports. */
export function genericGradebook(grades: readonly Grade[]): string {
  const head = [
    ...['assignment', 'duedate', 'timestamp', 'student_id', 'last_name', 'first_name', 'email'],
    ...['raw_score', 'late_submission_penalty', 'score', 'max_score'],
  ];
  const rows = graded(grades).map(({ student, report }): Cell[] => {
    const { kata, score, maxScore } = report;
    const { id, lastName, firstName, email } = student;
    return [kata, '', '', id, lastName, firstName, email, score, 0, score, maxScore];
  });
  return csv(head, rows);
}

/** Moodle: one file for a kata, keyed by the address, for it refuses columns it does not know. */
export function moodleGradebook(kata: string, grades: readonly Grade[]): string {
  const rows = graded(grades)
    .filter(({ student, report }) => report.kata === kata && student.email !== '')
    .map(({ student, report }): Cell[] => [student.email, report.score, feedback(report)]);
  return csv(['Email address', kata, `${kata} (Feedback)`], rows);
}

function feedback(report: SoundReport): string {
  const tasks = report.tasks.map(({ title, points, earned }) => `${title}: ${earned} of ${points}`);
  const why = visibleMessage(report);
  return cut([...tasks, ...(why === null ? [] : [why])].join('\n'), FEEDBACK_MAX);
}

/** Canvas: one column for each kata, below its points; an empty cell leaves what is there. */
export function canvasGradebook(grades: readonly Grade[]): string {
  const katas = new Map(grades.map(({ report }) => [report.kata, report.maxScore]));
  const names = [...katas.keys()].sort();
  const head = ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', ...names];
  const possible: Cell[] = [
    '    Points Possible',
    '',
    '',
    '',
    '',
    ...names.map((name) => katas.get(name) ?? 0),
  ];
  const students = new Map<string, { student: Student; scores: Map<string, number> }>();
  for (const { student, report } of graded(grades)) {
    const entry = students.get(student.id) ?? { student, scores: new Map<string, number>() };
    students.set(student.id, entry);
    entry.scores.set(report.kata, report.score);
  }
  const rows = [...students.values()].map(({ student, scores }): Cell[] => [
    ...[nameOf(student), '', student.id, student.email, ''],
    ...names.map((name) => scores.get(name) ?? ''),
  ]);
  return csv(head, [possible, ...rows]);
}

function nameOf({ id, lastName, firstName }: Student): string {
  return lastName === '' ? id : [lastName, firstName].filter((part) => part !== '').join(', ');
}
