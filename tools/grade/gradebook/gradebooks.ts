// SPDX-License-Identifier: GPL-2.0-only
/**
 * Gradebooks that learning platforms import. A submission that the grader itself could not judge has no grade in any of
 * them: an import never overwrites a grade because of a fault of ours.
 */
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { count } from '../../kata/print/words';
import type { Absent, Delivery } from '../collect/handed-in';
import { cut, visibleMessage } from '../emit/visible';
import { plain } from '../odd';
import { looked, type SoundReport } from '../faults';
import { type Cell, csv } from './csv';

/** Who is graded, as far as it is known. */
export interface Student {
  readonly id: string;
  readonly email: string;
  readonly lastName: string;
  readonly firstName: string;
  /** The number Canvas knows a user by. */
  readonly canvasId?: string;
}

/** A grade of one student in one kata. */
export interface Grade {
  readonly student: Student;
  readonly report: KataReportV1;
  readonly delivery?: Delivery;
}

const FEEDBACK_MAX = 1000;

/** A grade that a gradebook takes. */
interface Entry extends Grade {
  readonly report: SoundReport;
}

function graded(grades: readonly Grade[]): Entry[] {
  return grades.flatMap((grade) => {
    const found = looked(grade.report);
    return found.fault === null ? [{ ...grade, report: found.report }] : [];
  });
}

/** One row for each student and kata, in the columns nbgrader exports, and what else is known behind them. */
export function genericGradebook(grades: readonly Grade[], absent: readonly Absent[] = []): string {
  const head = [
    ...['assignment', 'duedate', 'timestamp', 'student_id', 'last_name', 'first_name', 'email'],
    ...['raw_score', 'late_submission_penalty', 'score', 'max_score', 'late', 'attempt', 'note'],
  ];
  const who = ({ id, lastName, firstName, email }: Student): Cell[] => [
    ...[id, lastName, firstName, email],
  ];
  const rows = graded(grades).map(({ student, report, delivery }): Cell[] => {
    const { kata, score, maxScore } = report;
    const late = delivery?.late ?? null;
    return [
      ...[kata, '', delivery?.at ?? '', ...who(student), score, 0, score, maxScore],
      ...[late === null ? '' : late ? 'yes' : 'no', delivery?.attempt ?? '', ''],
    ];
  });
  const missing = absent.map(({ student, why }): Cell[] => [
    ...['', '', '', ...who(student), '', '', '', '', '', '', why],
  ]);
  return csv(head, [...rows, ...missing]);
}

/** Moodle: one file for a kata, keyed by the address, for it refuses columns it does not know. */
export function moodleGradebook(
  kata: string,
  grades: readonly Grade[],
  absent: readonly Absent[] = [],
): string {
  const rows = graded(grades)
    .filter(({ student, report }) => report.kata === kata && student.email !== '')
    .map(({ student, report }): Cell[] => [student.email, report.score, feedback(report)]);
  const missing = absent
    .filter(({ student }) => student.email !== '')
    .map(({ student, why }): Cell[] => [student.email, '', why]);
  return csv(['Email address', kata, `${kata} (Feedback)`], [...rows, ...missing]);
}

/** What an import would not find: importing a file without rows shows no error, and no grades. */
export function gradebookNotes(grades: readonly Grade[], absent: readonly Absent[]): string[] {
  const students = new Map(
    [...graded(grades), ...absent].map(({ student }) => [student.id, student]),
  );
  const without = [...students.values()].filter(({ email }) => email === '').map(({ id }) => id);
  if (without.length === 0) return [];
  const all = without.length === students.size;
  const who = all
    ? 'nobody'
    : `${count(students.size - without.length, 'student')} of ${students.size}`;
  const names = all ? '' : `; without one: ${plain(without.join(', '))}`;
  const canvas = [...students.values()].some(({ canvasId }) => canvasId !== undefined);
  return [
    `moodle/ holds ${who}: Moodle knows people by their address${names}; name them with --roster`,
    ...(canvas || !all
      ? []
      : [
          'canvas.csv is without addresses and Canvas ids: import it by the SIS ids, or name people with --roster',
        ]),
  ];
}

function feedback(report: SoundReport): string {
  const tasks = report.tasks.map(({ title, points, earned }) => `${title}: ${earned} of ${points}`);
  const why = visibleMessage(report);
  return cut([...tasks, ...(why === null ? [] : [why])].join('\n'), FEEDBACK_MAX);
}

/** Canvas: one column for each kata, below its points; an empty cell leaves what is there. */
export function canvasGradebook(grades: readonly Grade[], absent: readonly Absent[] = []): string {
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
  for (const { student } of absent) {
    if (!students.has(student.id)) students.set(student.id, { student, scores: new Map() });
  }
  const rows = [...students.values()].map(({ student, scores }): Cell[] => [
    ...[nameOf(student), student.canvasId ?? '', sisId(student), student.email, ''],
    ...names.map((name) => scores.get(name) ?? ''),
  ]);
  return csv(head, [possible, ...rows]);
}

function nameOf({ id, lastName, firstName }: Student): string {
  return lastName === '' ? id : [lastName, firstName].filter((part) => part !== '').join(', ');
}

/** Canvas' own number is not what the registry calls somebody. */
function sisId({ id, canvasId }: Student): string {
  return id === canvasId ? '' : id;
}
