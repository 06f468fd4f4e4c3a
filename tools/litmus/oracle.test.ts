// SPDX-License-Identifier: GPL-2.0-only
/** Random litmus tests: dpor, depth-first search and a search of all states reach the same endings. */
import fc from 'fast-check';
import { answerOf } from './answer';
import { explore } from './engine';
import { readLitmus } from './read';
import { agree } from './testing/agree';
import { litmusTexts } from './testing/random';

/** How many programs to try, and from which seed: `ORACLE_RUNS=5000 npx jest tools/litmus/oracle`. */
const RUNS = Number(process.env['ORACLE_RUNS'] ?? 40);
const SEED = Number(process.env['ORACLE_SEED'] ?? 18);

/** Depth-first search gives up after so many executions: most programs have a few hundred, some have millions. */
const DFS_MAX = 400;

it(
  'reaches the endings of the view machine, and no others',
  () => {
    const agreed = { 'all three': 0, 'without dfs': 0, 'too large': 0 };
    fc.assert(
      fc.property(litmusTexts, (text) => {
        agreed[agree(text, DFS_MAX)]++;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(agreed['all three']).toBeGreaterThan(RUNS / 4);
    expect(agreed['too large']).toBeLessThan(RUNS / 10);
  },
  60_000 + 2000 * RUNS,
);

/** What random programs have found. Each is `Never` or `Sometimes` by the kernel's model. */
it.each<[string, 'Never' | 'Sometimes', readonly string[], string]>([
  [
    'a failing spin_trylock() reads the store that took the lock',
    'Never',
    [
      'WRITE_ONCE(*x, 1); smp_mb(); spin_lock(l); spin_unlock(l);',
      'int t = spin_trylock(l); if (t) spin_unlock(l); smp_mb(); int r1 = READ_ONCE(*x);',
    ],
    '1:t=0 /\\ 1:r1=0',
  ],
  [
    'a read barrier is enough behind a failing spin_trylock()',
    'Never',
    [
      'WRITE_ONCE(*x, 1); smp_wmb(); spin_lock(l); spin_unlock(l);',
      'int t = spin_trylock(l); if (t) spin_unlock(l); smp_rmb(); int r1 = READ_ONCE(*x);',
    ],
    '1:t=0 /\\ 1:r1=0',
  ],
  [
    'a failing spin_trylock() orders nothing by itself',
    'Sometimes',
    [
      'WRITE_ONCE(*x, 1); smp_mb(); spin_lock(l); spin_unlock(l);',
      'int t = spin_trylock(l); if (t) spin_unlock(l); int r1 = READ_ONCE(*x);',
    ],
    '1:t=0 /\\ 1:r1=0',
  ],
  [
    'a failing spin_trylock() comes before the unlock',
    'Never',
    [
      'WRITE_ONCE(*x, 1); smp_mb(); int t = spin_trylock(l); if (t) spin_unlock(l);',
      'spin_lock(l); spin_unlock(l); smp_mb(); int r1 = READ_ONCE(*x);',
    ],
    '0:t=0 /\\ 1:r1=0',
  ],
  [
    'others may see an atomic update before the fence behind it',
    'Sometimes',
    [
      'int r0 = xchg(z, 2);',
      'atomic_inc(x); smp_mb__after_atomic(); int r1 = READ_ONCE(*z);',
      'int r2 = READ_ONCE(*z); int r3 = xchg_relaxed(x, 23);',
    ],
    'x=24 /\\ 1:r1=0 /\\ 2:r2=2',
  ],
  [
    'a release stays behind a load whose result nobody gets',
    'Never',
    [
      'spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l); spin_lock(l); WRITE_ONCE(*y, 2); spin_unlock(l);',
      'atomic_inc(y); smp_store_release(x, 12);',
    ],
    'x=1 /\\ y=3',
  ],
  [
    'a store stays behind an own update that its task has seen overwritten',
    'Never',
    [
      'atomic_inc(y); int r0 = READ_ONCE(*y); if (r0) WRITE_ONCE(*x, 2);',
      'WRITE_ONCE(*y, 12);',
      'WRITE_ONCE(*x, 1); smp_store_release(y, 5);',
      'int r3 = READ_ONCE(*y);',
    ],
    '0:r0=12 /\\ 3:r3=6 /\\ x=1',
  ],
  [
    'a store runs ahead of an earlier update without a result',
    'Sometimes',
    [
      'atomic_inc(y); WRITE_ONCE(*x, 2);',
      'smp_store_mb(*x, 11); WRITE_ONCE(*y, 12);',
      'int r21 = xchg(x, 21); WRITE_ONCE(*x, 22);',
    ],
    'y=13 /\\ x=11 /\\ 2:r21=2',
  ],
])('%s: %s', (_name, answer, threads, condition) => {
  expect(answered(threads, condition)).toBe(answer);
});

/** Also found so. The kernel's model says Sometimes: it is load buffering, which both leave out. */
it('lets no update without a result read what depends on a store behind it', () => {
  const threads = [
    'atomic_inc(z); int t = spin_trylock(l); if (t) { WRITE_ONCE(*x, 3); spin_unlock(l); }',
    'int r1 = atomic_add_return_release(1, x); WRITE_ONCE(*z, 12);',
  ];
  expect(answered(threads, '1:r1=4 /\\ z=13')).toBe('Never');
});

/** The machine's answer, after the searches have agreed. */
function answered(threads: readonly string[], condition: string): string {
  const parameters = 'int *x, int *y, int *z, spinlock_t *l';
  const bodies = threads.map((body, i) => `P${i}(${parameters})\n{\n${body}\n}\n`);
  const text = `C found\n{}\n${bodies.join('')}exists (${condition})\n`;
  expect(agree(text)).not.toBe('too large');
  const test = readLitmus(text);
  return answerOf(test, explore(test).endings).answer;
}
