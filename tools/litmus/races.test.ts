// SPDX-License-Identifier: GPL-2.0-only
/** Data races of litmus tests, as their comments label them. */
import { readLitmus } from './read';
import { type Comparison, judge, type Verdict } from './verdict';

function verdict(result: string, first: string, second: string, asked = 'exists (x=9)'): Verdict {
  const threads = [first, second].map(
    (body, i) => `P${i}(int *x, int *y, int *z)\n{\n${body}\n}\n`,
  );
  return judge(
    readLitmus(`C test\n(* Result: ${result} *)\n{}\n${threads.join('')}${asked}\n`),
    1000,
  );
}

const RACY = ['*x = 1; WRITE_ONCE(*y, 1);', 'r0 = smp_load_acquire(y); if (r0) { r1 = *x; }'];
const [WRITER = '', READER = ''] = RACY;
const RELEASING = WRITER.replace('WRITE_ONCE(*y', 'smp_store_release(y');

it.each<[string, Comparison, boolean, string, string]>([
  ['a race that is expected', 'agrees', true, 'Never DATARACE', WRITER],
  ['a race that is not', 'differs', true, 'Never', WRITER],
  ['none', 'agrees', false, 'Never', RELEASING],
  ['none where one is expected', 'differs', false, 'Never DATARACE', RELEASING],
])('finds %s: %s', (_name, comparison, race, result, writer) => {
  expect(verdict(result, writer, READER)).toMatchObject({ comparison, race });
});

it('asks only of executions that the filter leaves in', () => {
  const filtered = `filter (1:r0=0)\nexists (x=9)`;
  expect(verdict('Never', WRITER, READER, filtered)).toMatchObject({ race: false });
  expect(verdict('Never', WRITER, READER)).toMatchObject({ race: true });
});

it('says that a race may need load buffering', () => {
  const first = 'r0 = READ_ONCE(*y); if (r0 == 2) { *z = 1; } WRITE_ONCE(*x, 1);';
  const second = 'r0 = READ_ONCE(*x); if (r0 == 1) { r1 = *z; WRITE_ONCE(*y, 2); }';
  expect(verdict('Never DATARACE', first, second).comparison).toBe('load buffering');
  const fenced = first.replace('WRITE_ONCE', 'smp_mb(); WRITE_ONCE');
  expect(verdict('Never DATARACE', fenced, second).comparison).toBe('differs');
});
