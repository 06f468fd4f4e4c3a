// SPDX-License-Identifier: GPL-2.0-only
/** Random litmus tests over all ordering primitives, for the oracle. */
import fc from 'fast-check';

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

/** The text of a random litmus test: two or three threads of up to three lines each. */
export const litmusTexts: fc.Arbitrary<string> = fc
  .array(fc.array(line, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })
  .map((threads) => {
    const bodies = threads.map(
      (lines, t) =>
        `P${t}(int *x, int *y, int *z, spinlock_t *l, struct srcu_struct *s)\n{\n${lines.map((one, i) => one(10 * t + i + 1)).join('\n')}\n}`,
    );
    return `C random\n{}\n${bodies.join('\n')}\nexists (x=0)\n`;
  });
