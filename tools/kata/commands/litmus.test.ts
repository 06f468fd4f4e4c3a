// SPDX-License-Identifier: GPL-2.0-only
/** `kata litmus`: answers, comparisons and exit codes. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../main';
import { PLAIN } from '../print/style';

const root = path.join(__dirname, '..', '..', '..');
const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-litmus-'));
afterAll(() => {
  fs.rmSync(cwd, { recursive: true });
});

async function litmus(
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const write = (text: string): void => void (out += text);
  const complain = (text: string): void => void (err += text);
  const shell = { root, cwd, tool: 'test', style: PLAIN, write, complain };
  const code = await run(['litmus', ...args], shell);
  return { code, out, err };
}

/** Writes a test of two threads on x and y; gives its name. */
function written(name: string, result: string, first: string, second: string): string {
  const comment = result === '' ? '' : `(*\n * Result: ${result}\n *)\n`;
  const threads = [first, second].map((body, i) => `P${i}(int *x, int *y)\n{\n${body}\n}\n`);
  const text = `C ${name}\n${comment}\n{}\n\n${threads.join('\n')}\nexists (0:r0=0 /\\ 1:r0=0)\n`;
  fs.writeFileSync(path.join(cwd, `${name}.litmus`), text);
  return `${name}.litmus`;
}

const SB = ['WRITE_ONCE(*x, 1);\nr0 = READ_ONCE(*y);', 'WRITE_ONCE(*y, 1);\nr0 = READ_ONCE(*x);'];
const [LEFT = '', RIGHT = ''] = SB;
const MB = SB.map((body) => body.replace('\n', '\nsmp_mb();\n'));
const [LEFT_MB = '', RIGHT_MB = ''] = MB;

it('shows the execution that makes the point, with what was not seen', async () => {
  const { code, out } = await litmus(written('sb', '', LEFT, RIGHT));
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "sb: Sometimes
    exists (0:r0=0 /\\ 1:r0=0) holds in 1 of 4 endings; 5 executions explored

          P0                        |      P1
     ------------------------------ | ------------------------------
        7 WRITE_ONCE(*x, 1)         |
        8 READ_ONCE(*y) = 0         |
                                    |   13 WRITE_ONCE(*y, 1)
                                    |   14 READ_ONCE(*x) = 0
                                    |        <-- reads the initial value, not line 7 of P0
    "
  `);
});

it.each([
  ['agrees', 0, 'Sometimes', LEFT, RIGHT, 'sb: Sometimes (agrees)'],
  ['agrees', 0, 'Never', LEFT_MB, RIGHT_MB, 'sb: Never (agrees)'],
  ['differs', 1, 'Never', LEFT, RIGHT, 'sb: Sometimes (DIFFERS: Never is expected)'],
  ['differs', 1, 'Sometimes', LEFT_MB, RIGHT_MB, 'sb: Never (DIFFERS: Sometimes is expected)'],
  [
    'differs on a data race',
    1,
    'Sometimes DATARACE',
    LEFT,
    RIGHT,
    'sb: Sometimes (DIFFERS: Sometimes, data race is expected)',
  ],
  [
    'differs on a data race that nobody expects',
    1,
    'Sometimes',
    LEFT.replace('WRITE_ONCE(*x, 1)', '*x = 1'),
    RIGHT,
    'sb: Sometimes, data race (DIFFERS: Sometimes is expected)',
  ],
  [
    'agrees on a data race',
    0,
    'Never DATARACE',
    LEFT.replace('WRITE_ONCE(*x, 1)', '*x = 1'),
    RIGHT,
    'sb: Sometimes, data race (agrees on the data race)',
  ],
])('%s, with %i, where %s is expected', async (_name, expected, result, first, second, line) => {
  const { code, out } = await litmus(written('sb', result, first, second));
  expect({ code, first: out.split('\n')[0] }).toEqual({ code: expected, first: line });
});

it('takes load buffering neither for a failure nor for agreement', async () => {
  // Both registers are 0 at the end if the stores of 0 came first.
  const first = 'r0 = READ_ONCE(*y) - 1;\nWRITE_ONCE(*x, 1);';
  const second = 'r0 = READ_ONCE(*x) - 1;\nWRITE_ONCE(*y, 1);';
  const { code, out } = await litmus(written('lb', 'Sometimes', first, second));
  expect(code).toBe(0);
  expect(out).toContain(
    'lb: Never (Sometimes is expected; that needs load buffering, which is not explored)\n',
  );
  const kept = second.replace('WRITE_ONCE(*y, 1)', 'smp_store_release(y, 1)');
  const half = await litmus(
    written('lb', 'Sometimes', first.replace('READ_ONCE(*y)', 'smp_load_acquire(y)'), kept),
  );
  expect(half.out).toContain('lb: Never (DIFFERS: Sometimes is expected)\n');
});

it('gives up after the given number of executions, and does not say Never', async () => {
  const { code, out } = await litmus(written('sb', '', LEFT_MB, RIGHT_MB), '--executions', '2');
  expect(code).toBe(4);
  expect(out).toContain('sb: not known (given up after 2 executions)\n');
});

it('says where a test cannot be read, and reads the others', async () => {
  fs.mkdirSync(path.join(cwd, 'folder'), { recursive: true });
  for (const [name, text] of [
    ['bad.litmus', 'C bad\n\n{}\n\nP0(int *x)\n{\n\tREAD_TWICE(*x);\n}\n\nexists (x=0)\n'],
    ['good.litmus', 'C good\n\n{}\n\nP0(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\n\nexists (x=1)\n'],
    ['other.txt', 'not a test'],
  ] as const) {
    fs.writeFileSync(path.join(cwd, 'folder', name), text);
  }
  const { code, out } = await litmus('folder');
  expect(code).toBe(2);
  expect(out).toMatchInlineSnapshot(`
    "test                answer                executions
    folder/bad.litmus:7: READ_TWICE() is not supported
    folder/good.litmus  Always                         1

    2 tests: 1 expects nothing, 1 cannot be read.
    npx kata litmus FILE shows the execution of one.
    "
  `);
});

const HEAD = 'C t\n{}\nP0(int *x)\n{\n';
const TAIL = '\n}\nexists (x=1)\n';

it.each([
  ['an empty file', '', "1: not a litmus test: the first line is not 'C name'"],
  ['no text', '\0\x7fELF\0', "1: not a litmus test: the first line is not 'C name'"],
  ['no question', `${HEAD}}\n`, "6: expected 'exists' or 'forall' before 'the end of the file'"],
  ['a brace too many', `${HEAD}}${TAIL}`, "6: expected 'exists' or 'forall' before '}'"],
  ['a brace too few', `${HEAD}if (1) {${TAIL}`, "8: expected ';' before 'the end of the file'"],
  ['many brackets', `${HEAD}*x = ${'('.repeat(40_000)}`, '5: brackets are nested too deeply'],
  [
    'a large file',
    `${HEAD}${'*x = 1;\n'.repeat(10_000)}${TAIL}`,
    '1: a litmus test has at most 50000 characters',
  ],
  [
    'many operators',
    `${HEAD}*x = 1${'+1'.repeat(20_000)};${TAIL}`,
    '1: brackets or operators are nested too deeply',
  ],
  ['a thread that is missing', `${HEAD}}\nexists (1:r0=1)\n`, '6: there is no thread P1'],
])('says in one line where it stops reading: %s', async (_name, text, sentence) => {
  fs.writeFileSync(path.join(cwd, 'odd.litmus'), text);
  const { code, out, err } = await litmus('odd.litmus');
  expect({ code, out, err }).toEqual({ code: 2, out: `odd.litmus:${sentence}\n`, err: '' });
});

it('takes what herd has observed from beside the test', async () => {
  const name = written('sb', '', LEFT, RIGHT);
  const beside = path.join(cwd, `${name}.expected`);
  fs.writeFileSync(beside, 'Test sb Allowed\nObservation sb Never 0 3\n');
  const { code, out } = await litmus(name);
  fs.rmSync(beside);
  expect(code).toBe(1);
  expect(out).toContain('DIFFERS: Never is expected');
});

it('writes a document', async () => {
  const { out } = await litmus(written('sb', 'Sometimes', LEFT, RIGHT), '--json');
  expect(JSON.parse(out)).toMatchObject({
    schema: 'kata-litmus/v1',
    tests: [
      {
        file: 'sb.litmus',
        answer: 'Sometimes',
        comparison: 'agrees',
        condition: '0:r0=0 /\\ 1:r0=0',
        race: false,
        executions: 5,
        witness: {
          rows: [
            { thread: 0, line: 10, text: 'WRITE_ONCE(*x, 1)', note: '' },
            { thread: 0, line: 11, text: 'READ_ONCE(*y) = 0', note: '' },
            { thread: 1, line: 16, text: 'WRITE_ONCE(*y, 1)', note: '' },
            { thread: 1, line: 17, note: 'reads the initial value, not line 10 of P0' },
          ],
        },
      },
    ],
  });
});

it.each([
  [['nowhere.litmus'], 'nowhere.litmus: cannot be read (there is no such file)'],
  [['sb.litmus', '--executions', '0'], 'a number from 1 on is wanted'],
])('refuses %j', async (args, sentence) => {
  written('sb', '', LEFT, RIGHT);
  const { code, err } = await litmus(...args);
  expect(code).toBe(2);
  expect(err).toContain(sentence);
});
