// SPDX-License-Identifier: GPL-2.0-only
/** The textbook's litmus tests, in the kernel's format, and what the machine answers. */
import { type Answer, answerOf } from './answer';
import { explore } from './engine';
import { readLitmus } from './read';

/** A test of two threads on x and y; both are 0 at first. */
function answer(first: string, second: string, condition: string): Answer {
  const test = readLitmus(
    `C test\n{}\nP0(int *x, int *y)\n{\n${first}\n}\nP1(int *x, int *y)\n{\n${second}\n}\nexists (${condition})\n`,
  );
  const { endings, complete } = explore(test);
  expect(complete).toBe(true);
  return answerOf(test, endings).answer;
}

const PUBLISHED = '1:r0=1 /\\ 1:r1=0';
const UNSEEN = '0:r0=0 /\\ 1:r0=0';

it.each<[string, Answer, string, string, string]>([
  [
    'message passing without barriers',
    'Sometimes',
    'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);',
    'int r0 = READ_ONCE(*y); int r1 = READ_ONCE(*x);',
    PUBLISHED,
  ],
  [
    'message passing by release and acquire',
    'Never',
    'WRITE_ONCE(*x, 1); smp_store_release(y, 1);',
    'int r0 = smp_load_acquire(y); int r1 = READ_ONCE(*x);',
    PUBLISHED,
  ],
  [
    'message passing with the reader unordered',
    'Sometimes',
    'WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);',
    'int r0 = READ_ONCE(*y); int r1 = READ_ONCE(*x);',
    PUBLISHED,
  ],
  [
    'store buffering without barriers',
    'Sometimes',
    'WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*y);',
    'WRITE_ONCE(*y, 1); int r0 = READ_ONCE(*x);',
    UNSEEN,
  ],
  [
    'store buffering with one barrier',
    'Sometimes',
    'WRITE_ONCE(*x, 1); smp_mb(); int r0 = READ_ONCE(*y);',
    'WRITE_ONCE(*y, 1); int r0 = READ_ONCE(*x);',
    UNSEEN,
  ],
  [
    'store buffering with both',
    'Never',
    'WRITE_ONCE(*x, 1); smp_mb(); int r0 = READ_ONCE(*y);',
    'WRITE_ONCE(*y, 1); smp_mb(); int r0 = READ_ONCE(*x);',
    UNSEEN,
  ],
  [
    'stores in opposite orders',
    'Sometimes',
    'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 2);',
    'WRITE_ONCE(*y, 1); WRITE_ONCE(*x, 2);',
    'x=1 /\\ y=1',
  ],
  [
    'one location, whose changes all threads see in one order',
    'Never',
    'WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 2);',
    'int r0 = READ_ONCE(*x); int r1 = READ_ONCE(*x);',
    '1:r0=2 /\\ 1:r1=1',
  ],
  [
    'a condition that always holds',
    'Always',
    'WRITE_ONCE(*x, 1);',
    'WRITE_ONCE(*y, 1);',
    'x=1 /\\ y=1',
  ],
])('%s: %s', (_name, expected, first, second, condition) => {
  expect(answer(first, second, condition)).toBe(expected);
});
