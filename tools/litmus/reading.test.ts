// SPDX-License-Identifier: GPL-2.0-only
/** What the reader takes beyond the accesses: arrays, loops, jumps, and the liberties that public tests take with the format. */
import { type Answer, answerOf } from './answer';
import { explore } from './engine';
import { readLitmus } from './read';

function answerTo(text: string): Answer {
  const test = readLitmus(text);
  const { endings, complete } = explore(test);
  expect(complete).toBe(true);
  return answerOf(test, endings).answer;
}

/** What the only thread leaves in r0. */
function alone(body: string, initial = ''): number {
  const text = `C test\n{ ${initial} }\nP0(int *x, int *a)\n{\nint r0 = 0;\n${body}\n}\nforall (true)\n`;
  const [ending] = explore(readLitmus(text)).endings;
  return Number(ending?.registers[0]?.get('r0'));
}

it.each<[string, string, number]>([
  ['a loop that counts', 'for (int i = 0; i < 10; i++) r0 += i;', 45],
  ['break', 'for (;;) { if (r0 == 3) break; r0++; }', 3],
  ['continue', 'for (int i = 0; i < 4; i++) { if (i & 1) continue; r0 += 10; }', 20],
  ['do and --', 'r0 = 3; do { r0--; } while (r0 > 1);', 1],
  ['goto forward', 'r0 = 1; goto out; r0 = 2; out: r0 += 4;', 5],
  ['goto backward', 'again: r0++; if (r0 < 3) goto again;', 3],
  ['switch', 'switch (2) { case 1: r0 = 1; break; case 2: r0 = 2; break; default: r0 = 3; }', 2],
  ['switch without break', 'switch (1) { case 1: r0 += 1; case 2: r0 += 2; }', 3],
  ['default', 'switch (7) { case 1: r0 = 1; break; default: r0 = 9; }', 9],
  ['an old and a new value', 'int r1 = r0++; r0 = 10 * r0 + r1; r0 <<= 1;', 20],
  ['an element', 'WRITE_ONCE(a[1], 5); r0 = READ_ONCE(a[1]) + a[0];', 7],
  ['elements by pointer', 'a[1] = 6; r0 = *(a + 1) + READ_ONCE(*(&a[1] - 1));', 8],
  ['an atomic element', 'r0 = atomic_add_return(3, &a[1]);', 4],
  ['a long counter', 'atomic_long_set_release(a, 7); r0 = atomic_long_read_acquire(a);', 7],
  ['cpu_relax()', 'while (r0 < 2) { cpu_relax(); r0++; }', 2],
  ['a decrement that happens', 'r0 = atomic_dec_if_positive(a); r0 = 10 * r0 + READ_ONCE(*a);', 11],
  [
    'a decrement that does not',
    'r0 = atomic_dec_if_positive(x); r0 = 10 * r0 + READ_ONCE(*x);',
    -10,
  ],
  [
    'an increment unless negative',
    'WRITE_ONCE(*x, -1); r0 = 2 * atomic_inc_unless_negative(a) + atomic_inc_unless_negative(x);',
    2,
  ],
  [
    'a decrement unless positive',
    'r0 = 2 * atomic_dec_unless_positive(a) + atomic_dec_unless_positive(x) + 10 * READ_ONCE(*x);',
    -9,
  ],
])('reads %s', (_name, body, expected) => {
  expect(alone(body, 'int a[2] = {2, 1};')).toBe(expected);
});

/** Message passing, where the reader finds the data by an index that it has read. */
const byIndex = (index: string): string => `C index
{ int a[2]; }
P0(int *x, int *a) { WRITE_ONCE(a[1], 1); smp_wmb(); WRITE_ONCE(*x, 1); }
P1(int *x, int *a) { int r0 = READ_ONCE(*x); int r1 = READ_ONCE(a[${index}]); }
exists (1:r0=1 /\\ 1:r1=0)
`;

it('takes an index that was read for an address dependency, and a constant not', () => {
  expect([answerTo(byIndex('r0')), answerTo(byIndex('1'))]).toEqual(['Never', 'Sometimes']);
});

it('reads the elements of arrays at the start and in conditions', () => {
  const text = `C test
{ int a[3]; a[1] = 2; int *p = &b; }
void P0(volatile int *a, atomic64_t *v) { atomic64_inc(v); a[2] = a[1] + 1; }
exists (a[0]=0 /\\ a[1]=2 /\\ a[2]=3 /\\ v=1)
`;
  expect(answerTo(text)).toBe('Always');
});

it.each<[string, string]>([
  ['goto out;', '7: no label out around or beside this goto'],
  ['x->next = 1;', '7: structures are not supported'],
  ['#define ONE 1', '7: preprocessor lines are not supported: write the value itself'],
  ['atomic_add_not_zero(1, x);', '7: atomic_add_not_zero() is not supported'],
])('refuses %s', (body, expected) => {
  expect(() => alone(`\n${body}`)).toThrow(expected);
});

it.each([
  ['struct foo { int a; };\nP0(int *x) {}', '3: structures are not supported'],
  ['P0(rwlock_t *l) {}', '3: rwlock_t is not supported'],
])('refuses %j', (threads, expected) => {
  expect(() => readLitmus(`C test\n{}\n${threads}\nexists (x=0)\n`)).toThrow(expected);
});
