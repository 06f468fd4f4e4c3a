// SPDX-License-Identifier: GPL-2.0-only
/** The machine against the axioms of linux-kernel.cat: random programs end alike, and race in the one if they race in the other. */
import fc from 'fast-check';
import type { Program } from './axioms/program';
import { compareWithAxioms } from './testing/compare';
import { programs } from './testing/programs';

/** How many programs of each sort, and from which seed: `AXIOM_RUNS=3000 npx jest tools/litmus/axioms`. */
const RUNS = Number(process.env['AXIOM_RUNS'] ?? 25);
const SEED = Number(process.env['AXIOM_SEED'] ?? 18);

it.each(['marked accesses', 'plain accesses', 'pointers'] as const)(
  'has the endings and the data races of the kernel with %s',
  (sort) => {
    const compared = { alike: 0, 'both race': 0, 'too large': 0 };
    fc.assert(
      fc.property(programs(sort, 2), (program) => {
        compared[compareWithAxioms(program)]++;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(compared.alike).toBeGreaterThan(RUNS / 4);
    expect(compared['too large']).toBeLessThan(RUNS / 10);
  },
  60_000 + 1000 * RUNS,
);

/** What random programs have found. */
it.each<[string, Program]>([
  [
    'a marked store before smp_wmb() is known to whom reads the flag behind it',
    [
      [
        { op: 'write', at: 'x', value: 1, how: 'once' },
        { op: 'fence', fence: 'wmb' },
        { op: 'write', at: 'y', value: 1, how: 'once' },
      ],
      [
        { op: 'read', to: 'r1', at: 'y', how: 'once' },
        { op: 'fence', fence: 'rmb' },
        { op: 'when', register: 'r1', lines: [{ op: 'read', to: 'r2', at: 'x', how: 'plain' }] },
      ],
    ],
  ],
  [
    'a cmpxchg() that fails is a load',
    [
      [{ op: 'cmpxchg', to: 'r1', at: 'x', value: 1, order: 'full' }],
      [
        { op: 'inc', to: 'r1', at: 'x', value: 0, order: 'full' },
        { op: 'read', to: 'r2', at: 'x', how: 'plain' },
      ],
    ],
  ],
  [
    'what atomic_inc() adds to is known after smp_mb__after_atomic()',
    [
      [{ op: 'cmpxchg', to: 'r1', at: 'x', value: 1, order: 'relaxed' }],
      [
        { op: 'inc', to: 'r1', at: 'x', value: 0, order: 'none' },
        { op: 'fence', fence: 'after-atomic' },
        { op: 'read', to: 'r2', at: 'x', how: 'plain' },
      ],
    ],
  ],
])('%s: no data race', (_name, program) => {
  expect(compareWithAxioms(program)).toBe('alike');
});
