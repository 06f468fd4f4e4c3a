// SPDX-License-Identifier: GPL-2.0-only
/** What strangers call themselves and write: no output holds it as it is. */
import Papa from 'papaparse';
import type { KataReportV1 } from '../../lib/kata/verdict';
import { progressOn } from './batch/progress';
import type { BatchEntry } from './batch/batch-file';
import { junit } from './emit/junit';
import { csv } from './gradebook/csv';
import { canvasGradebook, genericGradebook, moodleGradebook } from './gradebook/gradebooks';
import { jsonText, plain, plainLine } from './odd';
import { documentOf, FORMATS } from './output/formats';
import { classPage } from './summary/html';
import { safeText } from './summary/safe-text';
import { tally } from './summary/tally';
import { summaryText } from './summary/text';
import { REPORTS } from './testing/reports';
import type { GradedReport } from './types';

const ODD: readonly [string, string][] = [
  ['a direction', 'a\u202eb'],
  ['an isolate', 'a\u2066b'],
  ['a mark of direction', 'a\u200fb'],
  ['an Arabic mark', 'a\u061cb'],
  ['a space of no width', 'a\u200bb'],
  ['a soft hyphen', 'a\u00adb'],
  ['a byte order mark', 'a\ufeffb'],
  ['an escape', 'a\u001bb'],
  ['a line separator', 'a\u2028b'],
  ['half of a character', 'a\ud800b'],
  ['a NUL', 'a\u0000b'],
  ['the colours of a terminal, in one character', 'a\u009bb'],
  ['a paragraph separator', 'a\u2029b'],
  ['an override that nothing ends', 'a\u202db'],
  ['a tag', 'a\ufff9b'],
];

it.each(ODD)('%s is marked in every output', (_, text) => {
  expect(plain(text)).toBe('a\ufffdb');
  expect(safeText(text)).toBe('a\ufffdb');
  expect(csv(['x'], [[text]])).toBe('x\na\ufffdb\n');
  const json = jsonText({ text });
  expect(json).toMatch(/^[\n -~]+$/);
  expect(JSON.parse(json)).toEqual({ text });
});

it('keeps whole characters, and lines', () => {
  expect(plain('Zo\u00eb \u{1f600}\n\tx')).toBe('Zo\u00eb \u{1f600}\n\tx');
  expect(plainLine('a\nb', '?')).toBe('a?b');
});

it.each([
  '=1',
  '+1',
  '-1',
  '@x',
  '\uff1d1',
  '\uff0b1',
  '\uff0d1',
  '\uff20x',
  ' =1',
  '\u202e=1',
  '\t=1',
  "'=1",
])('a cell that a spreadsheet would calculate is a text: %j', (cell) => {
  expect(csv(['x'], [[cell]]).split('\n')[1]).toMatch(/^"?'/);
});

it('leaves numbers and other texts alone', () => {
  expect(csv(['a', 'b'], [[-1, 'x = 1']])).toBe('a,b\n-1,x = 1\n');
});

/** All of them, and what a spreadsheet would calculate. */
const ALL = `=\uff1d1${ODD.map(([, text]) => text).join('')}\r`;

/** What no output may hold as it is; a new line ends a line, and nothing in it. */
/* eslint-disable no-control-regex -- control characters are what it is about */
const MARKED =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9]|\p{Cs}/u;
/* eslint-enable no-control-regex */

/** What we say ourselves: everything else of a report may be a stranger's. */
const OURS = /^(?:status|tier|kind|strategy|visibility|schema|id|kata|tool)$/;

/** The report with all odd characters at the front of each of its texts. */
function odd<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (OURS.test(key) ? value : `${ALL}${value}`) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => odd(one, key)) as T;
  const entries = Object.entries(value).map(([name, one]) => [name, odd(one, name)] as const);
  return Object.fromEntries(entries) as T;
}

const ENV = {
  ...{ CLASSROOM: 'os', ASSIGNMENT: 'kata-90', OWNER: ALL, ASSIGNMENT_TYPE: 'group' },
  SUBMISSION_TAG: 'submit/2026-06-01T14-32-05Z-a1b2c3d',
  ...{ COMMIT_URL: 'https://c', RELEASE_URL: 'https://r', REVIEW_URL: 'https://v' },
};
const STUDENT = { id: ALL, email: ALL, lastName: ALL, firstName: ALL, canvasId: ALL };
const ABSENT = [{ student: STUDENT, why: ALL, ours: false }];

/** Every output there is, for a student and a report. */
function outputs(report: KataReportV1): [string, string][] {
  const grades = [{ student: STUDENT, report, delivery: { at: ALL, late: true, attempt: 1 } }];
  let printed = '';
  const stream = { write: (text: string) => (printed += text) } as unknown as NodeJS.WritableStream;
  const entry = { student: STUDENT, kata: report.kata } as unknown as BatchEntry;
  progressOn(stream).graded(entry, report as GradedReport, false);
  const facts = { tool: ALL, untrusted: ALL, layers: [ALL], passedOver: [ALL], absent: ABSENT };
  return [
    ...Object.entries(FORMATS).map(([name, format]): [string, string] => [
      name,
      documentOf(format, [report], ENV).text ?? '',
    ]),
    ['gradebook.csv', genericGradebook(grades, ABSENT)],
    ['canvas.csv', canvasGradebook(grades, ABSENT)],
    ['moodle.csv', moodleGradebook(report.kata, grades, ABSENT)],
    ['junit.xml of a class', junit([report], () => ALL)],
    ['report.html', classPage(tally(grades), facts)],
    ['the summary', summaryText(tally(grades))],
    ['the progress', printed],
  ];
}

it.each(Object.keys(REPORTS))('no output holds one as it is: a report that says %s', (name) => {
  const found = outputs(odd(REPORTS[name] as KataReportV1)).flatMap(([output, text]) => {
    const at = text.search(MARKED);
    return at < 0 ? [] : [[output, JSON.stringify(text.slice(Math.max(0, at - 30), at + 10))]];
  });
  expect(found).toEqual([]);
});

it('no cell of a gradebook is calculated: a student may have written it', () => {
  const books = outputs(odd(REPORTS['fails'] as KataReportV1)).filter(([name]) =>
    /csv$/.test(name),
  );
  for (const [, text] of books) {
    const cells = Papa.parse<string[]>(text).data.flat();
    expect(cells.filter((cell) => /^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(cell))).toEqual([]);
    expect(cells.filter((cell) => cell.startsWith("'=")).length).toBeGreaterThan(0);
  }
});
