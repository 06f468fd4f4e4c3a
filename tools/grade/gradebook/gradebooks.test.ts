// SPDX-License-Identifier: GPL-2.0-only
/** The gradebooks as their readers get them: the columns they ask for, no formulas, and no grade for a fault of ours. */
import Papa from 'papaparse';
import { REPORTS } from '../testing/reports';
import { csv } from './csv';
import { canvasGradebook, genericGradebook, type Grade, moodleGradebook } from './gradebooks';

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

it('writes one row for each student and kata, in the columns nbgrader exports', () => {
  expect(read(genericGradebook(GRADES))).toEqual([
    [
      ...['assignment', 'duedate', 'timestamp', 'student_id', 'last_name', 'first_name', 'email'],
      ...['raw_score', 'late_submission_penalty', 'score', 'max_score'],
    ],
    ['90-two-tasks', '', '', 'ada', 'Lovelace', 'Ada', 'ada@x.org', '100', '0', '100', '100'],
    ['90-two-tasks', '', '', 'bob', '', '', 'bob@x.org', '60', '0', '60', '100'],
    ['90-two-tasks', '', '', "'=1+1", '', '', "'+cmd@x.org", '0', '0', '0', '100'],
  ]);
});

it('writes exactly the three columns Moodle is told about, for those who have an address', () => {
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
