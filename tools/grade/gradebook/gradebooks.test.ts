// SPDX-License-Identifier: GPL-2.0-only
/** The gradebooks as their readers get them: the columns they ask for, no formulas, and no grade for a fault of ours. */
import Papa from 'papaparse';
import { REPORTS } from '../testing/reports';
import { csv } from './csv';
import {
  canvasGradebook,
  genericGradebook,
  gradebookNotes,
  type Grade,
  moodleGradebook,
} from './gradebooks';

const grade = (id: string, name: string, more: Partial<Grade['student']> = {}): Grade => {
  const report = REPORTS[name];
  if (report === undefined) throw new Error(name);
  return { student: { id, email: `${id}@x.org`, lastName: '', firstName: '', ...more }, report };
};

const GRADES = [
  grade('ada', 'holds', { lastName: 'Lovelace', firstName: 'Ada' }),
  grade('bob', 'fails'),
  grade('eve', 'error'),
  grade('=1+1', 'rejected', { email: '+cmd@x.org' }),
];

const read = (text: string): string[][] => Papa.parse<string[]>(text.trimEnd()).data;

const row = (score: string): string[] => [score, '0', score, '100', '', '', ''];

it('writes one row for each student and kata, in the columns nbgrader exports', () => {
  expect(read(genericGradebook(GRADES))).toEqual([
    [
      ...['assignment', 'duedate', 'timestamp', 'student_id', 'last_name', 'first_name', 'email'],
      ...['raw_score', 'late_submission_penalty', 'score', 'max_score', 'late', 'attempt', 'note'],
    ],
    ['90-two-tasks', '', '', 'ada', 'Lovelace', 'Ada', 'ada@x.org', ...row('100')],
    ['90-two-tasks', '', '', 'bob', '', '', 'bob@x.org', ...row('60')],
    ['90-two-tasks', '', '', "'=1+1", '', '', "'+cmd@x.org", ...row('0')],
  ]);
});

it('writes exactly the three columns Moodle reads, for students who have an address', () => {
  const [head, ada, bob, ...more] = read(
    moodleGradebook('90-two-tasks', [...GRADES, grade('tom', 'holds', { email: '' })]),
  );
  expect(head).toEqual(['Email address', '90-two-tasks', '90-two-tasks (Feedback)']);
  expect(ada).toEqual([
    'ada@x.org',
    '100',
    'The count is right: 60 of 60\nReaders do not wait: 40 of 40',
  ]);
  expect(bob?.[2]).toContain('\nBUG: KCSAN: data-race in read / write');
  expect(more.map(([email]) => email)).toEqual(["'+cmd@x.org"]);
  expect(read(moodleGradebook('91-other', GRADES))).toHaveLength(1);
});

it('writes the points possible above the students for Canvas, and leaves a cell empty rather than wrong', () => {
  const other = { ...grade('bob', 'holds').report, kata: '91-other', maxScore: 100 };
  const bob = GRADES[1];
  if (bob === undefined) throw new Error('bob');
  expect(read(canvasGradebook([...GRADES, { student: bob.student, report: other }]))).toEqual([
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', '90-two-tasks', '91-other'],
    ['    Points Possible', '', '', '', '', '100', '100'],
    ['Lovelace, Ada', '', 'ada', 'ada@x.org', '', '100', ''],
    ['bob', '', 'bob', 'bob@x.org', '', '60', '100'],
    ["'=1+1", '', "'=1+1", "'+cmd@x.org", '', '0', ''],
  ]);
});

it.each(['=1', '+1', '-1', '@SUM(A1)', '\tx', '=HYPERLINK("http://x","y")'])(
  'takes %j for text',
  (cell) => {
    expect(read(csv(['a'], [[cell]]))[1]?.[0]).toBe(`'${cell}`);
  },
);

it('keeps numbers, quotes, commas and lines as they are', () => {
  expect(read(csv(['a', 'b', 'c'], [[-1, 'say "x", y', 'two\nlines']]))[1]).toEqual([
    ...['-1', 'say "x", y', 'two\nlines'],
  ]);
});

it('says when something was handed in, where the platform does', () => {
  const delivery = { late: true, attempt: 2, at: '2026-02-01T10:00:00Z' };
  const [, ada] = read(genericGradebook([{ ...grade('ada', 'holds'), delivery }]));
  expect(ada?.[2]).toBe('2026-02-01T10:00:00Z');
  expect(ada?.slice(-3)).toEqual(['yes', '2', '']);
});

const student = { id: 'zoe', email: 'zoe@x.org', lastName: '', firstName: '', canvasId: '77' };
const ABSENT = [{ student, why: 'nothing to grade; there was notes.txt', ours: false }];

it('holds who has nothing to grade, without a grade and with the reason', () => {
  const [, zoe] = read(genericGradebook([], ABSENT));
  expect(zoe?.filter((cell) => cell !== '')).toEqual(['zoe', 'zoe@x.org', ABSENT[0]?.why]);
  expect(read(moodleGradebook('90-two-tasks', [], ABSENT))[1]).toEqual([
    ...['zoe@x.org', '', 'nothing to grade; there was notes.txt'],
  ]);
  expect(read(canvasGradebook(GRADES.slice(0, 1), ABSENT)).at(-1)).toEqual([
    ...['zoe', '77', 'zoe', 'zoe@x.org', '', ''],
  ]);
});

it('says what an import would not find', () => {
  const nameless = grade('tom', 'holds', { email: '' });
  expect(gradebookNotes(GRADES, ABSENT)).toEqual([]);
  expect(gradebookNotes([...GRADES, nameless], [])).toEqual([
    'moodle/ holds 3 students of 4: Moodle knows people by their address; without one: tom; name them with --roster',
  ]);
  expect(gradebookNotes([nameless], [])).toEqual([
    'moodle/ holds nobody: Moodle knows people by their address; name them with --roster',
    'canvas.csv is without addresses and Canvas ids: import it by the SIS ids, or name people with --roster',
  ]);
});
