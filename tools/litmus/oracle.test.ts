// SPDX-License-Identifier: GPL-2.0-only
/** Random litmus tests: dpor on the machine reaches exactly the endings that a plain search of all states reaches. */
import fc from 'fast-check';
import type { Ending } from './answer';
import { explore } from './engine';
import { readLitmus } from './read';
import { search } from './search/search';

const LOCATIONS = ['x', 'y', 'z'];

/** The lines of threads. `at` is a location, `n` makes values and registers differ. Upgrades stand beside what they upgrade. */
const LINES: readonly ((at: string, n: number) => string)[] = [
  (at, n) => `WRITE_ONCE(*${at}, ${n});`,
  (at, n) => `WRITE_ONCE(*${at}, ${n});`,
  (at, n) => `int r${n} = READ_ONCE(*${at});`,
  (at, n) => `int r${n} = READ_ONCE(*${at});`,
  () => 'smp_mb();',
  () => 'smp_rmb();',
  () => 'smp_wmb();',
  (at, n) => `smp_store_release(${at}, ${n});`,
  (at, n) => `int r${n} = smp_load_acquire(${at});`,
  (at, n) => `smp_store_mb(*${at}, ${n});`,
  (at, n) => `int r${n} = xchg_relaxed(${at}, ${n});`,
  (at, n) => `int r${n} = xchg_acquire(${at}, ${n});`,
  (at, n) => `int r${n} = xchg_release(${at}, ${n});`,
  (at, n) => `int r${n} = xchg(${at}, ${n});`,
  (at, n) => `int r${n} = cmpxchg(${at}, 0, ${n});`,
  (at, n) => `int r${n} = cmpxchg_acquire(${at}, 0, ${n});`,
  (at, n) => `int r${n} = atomic_add_return_release(1, ${at});`,
  (at, n) => `int r${n} = atomic_add_unless(${at}, 1, 0);`,
  (at) => `atomic_inc(${at});`,
  (at) => `smp_mb__before_atomic(); atomic_inc(${at});`,
  (at) => `atomic_inc(${at}); smp_mb__after_atomic();`,
  (at, n) => `spin_lock(l); WRITE_ONCE(*${at}, ${n}); spin_unlock(l);`,
  (at, n) => `spin_lock(l); int r${n} = READ_ONCE(*${at}); spin_unlock(l);`,
  (at, n) =>
    `spin_lock(l); smp_mb__after_spinlock(); int r${n} = READ_ONCE(*${at}); spin_unlock(l);`,
  (at, n) =>
    `int t${n} = spin_trylock(l); if (t${n}) { WRITE_ONCE(*${at}, ${n}); spin_unlock(l); }`,
  () => 'synchronize_rcu();',
  (at, n) => `rcu_read_lock(); int r${n} = READ_ONCE(*${at}); rcu_read_unlock();`,
  (at, n) => `rcu_read_lock(); WRITE_ONCE(*${at}, ${n}); rcu_read_unlock();`,
  () => 'synchronize_srcu(s);',
  (at, n) =>
    `int i${n} = srcu_read_lock(s); int r${n} = READ_ONCE(*${at}); srcu_read_unlock(s, i${n});`,
  (at, n) =>
    `int i${n} = srcu_read_lock(s); WRITE_ONCE(*${at}, ${n}); srcu_read_unlock(s, i${n}); smp_mb__after_srcu_read_unlock();`,
  (at, n) => `int r${n} = READ_ONCE(*${at}); if (r${n}) WRITE_ONCE(*x, ${n});`,
];

const line = fc.tuple(fc.constantFrom(...LINES), fc.constantFrom(...LOCATIONS)).map(
  ([text, at]) =>
    (n: number) =>
      text(at, n),
);

const program = fc
  .array(fc.array(line, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })
  .map((threads) => {
    const bodies = threads.map(
      (lines, t) =>
        `P${t}(int *x, int *y, int *z, spinlock_t *l, struct srcu_struct *s)\n{\n${lines.map((one, i) => one(10 * t + i + 1)).join('\n')}\n}`,
    );
    return `C random\n{}\n${bodies.join('\n')}\nexists (x=0)\n`;
  });

/** Endings as texts, each once: several states may end alike. */
function textsOf(endings: readonly Ending[]): string[] {
  const texts = endings.map(({ registers, last }) =>
    JSON.stringify([registers.map((held) => [...held]), [...last].sort()]),
  );
  return [...new Set(texts)].sort();
}

/** How many programs to try, and from which seed: `ORACLE_RUNS=5000 npx jest tools/litmus/oracle`. */
const RUNS = Number(process.env['ORACLE_RUNS'] ?? 40);
const SEED = Number(process.env['ORACLE_SEED'] ?? 18);

it(
  'reaches the endings of the view machine, and no others',
  () => {
    fc.assert(
      fc.property(program, (text) => {
        const test = readLitmus(text);
        const all = search(test, 5000);
        fc.pre(all.complete);
        expect(textsOf(explore(test).endings)).toEqual(textsOf(all.endings));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  },
  60_000 + 2000 * RUNS,
);
