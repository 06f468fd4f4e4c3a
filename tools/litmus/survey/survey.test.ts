// SPDX-License-Identifier: GPL-2.0-only
/** The survey: what it counts, and which tests it names. */
import { readLitmus } from '../read';
import type { TestedFile } from '../tested';
import { judge } from '../verdict';
import { surveyText } from './survey';

function judged(result: string, first: string, second: string): TestedFile {
  const threads = [first, second].map((body, i) => `P${i}(int *x, int *y)\n{\n${body}\n}\n`);
  const text = `C x\n(*\n * Result: ${result}\n *)\n{}\n${threads.join('')}exists (0:r0=1 /\\ 1:r0=1)\n`;
  const test = readLitmus(text);
  return { problem: null, judged: { test, verdict: judge(test, 100), witness: null } };
}

const buffering = judged(
  'Sometimes',
  'int r0 = READ_ONCE(*x); WRITE_ONCE(*y, 1);',
  'int r0 = READ_ONCE(*y); WRITE_ONCE(*x, 1);',
);
const plain = judged('Sometimes', 'int r0 = READ_ONCE(*x);', 'int r0 = 1; WRITE_ONCE(*x, 1);');
const unreadable = { judged: null, problem: { line: 1, sentence: 'only C is supported' } };

it('counts each folder, and names what does not agree', () => {
  const folders = [
    {
      name: 'mine',
      tests: [
        { file: 'a/LB.litmus', ...buffering },
        { file: 'MP.litmus', ...plain },
      ],
    },
    { name: 'other', tests: [{ file: 'L.litmus', ...unreadable }] },
  ];
  expect(surveyText(folders)).toMatchInlineSnapshot(`
    "| folder | tests | agree | differ | need load buffering | expect nothing | given up | cannot be read |
    | ------ | ----- | ----- | ------ | ------------------- | -------------- | -------- | -------------- |
    | mine   | 2     | 1     |        | 1                   |                |          |                |
    | other  | 1     |       |        |                     |                |          | 1              |

    Need load buffering: \`a/LB\`.

    Cannot be read, because only C is supported: \`L\`."
  `);
});
