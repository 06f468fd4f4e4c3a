// SPDX-License-Identifier: GPL-2.0-only
/** Random litmus tests: dpor on the machine reaches exactly the endings that a plain search of all states reaches. */
import fc from 'fast-check';
import type { Ending } from './answer';
import { explore } from './engine';
import { readLitmus } from './read';
import { search } from './search/search';

const LOCATIONS = ['x', 'y', 'z'];

/** A line of a thread; `n` makes values and registers differ. */
const line = fc
  .tuple(fc.nat(18), fc.constantFrom(...LOCATIONS))
  .map(([kind, at]) => (n: number) => {
    switch (kind) {
      case 0:
      case 1:
      case 2:
        return `WRITE_ONCE(*${at}, ${n});`;
      case 3:
      case 4:
      case 5:
        return `int r${n} = READ_ONCE(*${at});`;
      case 6:
        return 'smp_mb();';
      case 7:
        return 'smp_rmb();';
      case 8:
        return 'smp_wmb();';
      case 9:
        return `smp_store_release(${at}, ${n});`;
      case 10:
        return `int r${n} = smp_load_acquire(${at});`;
      case 11:
        return `int r${n} = xchg_relaxed(${at}, ${n});`;
      case 12:
        return `int r${n} = xchg(${at}, ${n});`;
      case 13:
        return `int r${n} = cmpxchg(${at}, 0, ${n});`;
      case 14:
        return `atomic_inc(${at});`;
      case 15:
        return `spin_lock(l); WRITE_ONCE(*${at}, ${n}); spin_unlock(l);`;
      case 16:
        return 'synchronize_rcu();';
      case 17:
        return `rcu_read_lock(); int r${n} = READ_ONCE(*${at}); rcu_read_unlock();`;
      default:
        return `int r${n} = READ_ONCE(*${at}); if (r${n}) WRITE_ONCE(*x, ${n});`;
    }
  });

const program = fc
  .array(fc.array(line, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })
  .map((threads) => {
    const bodies = threads.map(
      (lines, t) =>
        `P${t}(int *x, int *y, int *z, spinlock_t *l)\n{\n${lines.map((one, i) => one(10 * t + i + 1)).join('\n')}\n}`,
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

it('reaches the endings of the view machine, and no others', () => {
  fc.assert(
    fc.property(program, (text) => {
      const test = readLitmus(text);
      const all = search(test, 5000);
      fc.pre(all.complete);
      expect(textsOf(explore(test).endings)).toEqual(textsOf(all.endings));
    }),
    { numRuns: 40, seed: 18 },
  );
});
