// SPDX-License-Identifier: GPL-2.0-only
/**
 * The cases of lib/locking-selftest.c about interrupts, with its names and expectations: every order of the events, hard interrupts and
 * softirqs, and each kind of lock that the kernel tries.
 */
import { inOrder, type Script } from './testing/selftest';

const WORDS = { spin: ['L', 'U'], wlock: ['WL', 'WU'], rlock: ['RL', 'RU'] } as const;

type Column = keyof typeof WORDS;
type Irq = 'hard' | 'soft';

const CONTEXT = { hard: 'hardirq', soft: 'softirq' } as const;

/** An event as the kernel writes it; `IRQ:` begins one that an interrupt runs. */
function eventOf(event: string, irq: Irq, [lock, unlock]: readonly [string, string]): Script {
  const script = event
    .replace(/\bIRQ_DISABLE/g, `OFF(${irq})`)
    .replace(/\bIRQ_ENABLE/g, `ON(${irq})`)
    .replace(/\bLOCK/g, lock)
    .replace(/\bUNLOCK/g, unlock);
  if (script.startsWith('SOFTIRQ:')) return ['softirq', script];
  return script.startsWith('IRQ:') ? [CONTEXT[irq], script] : ['process', script];
}

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((first, i) =>
    permutations(all.filter((_, at) => at !== i)).map((rest) => [first, ...rest]),
  );
}

/** What the orders of some events lead to: whether lockdep finds all of them wrong, or none. */
function outcome(events: readonly string[], irq: Irq, column: Column): string {
  const scripts = events.map((event) => eventOf(event, irq, WORDS[column]));
  const said = permutations(scripts).map((order) => inOrder(true, ...order) === 'SUCCESS');
  if (said.every((fine) => fine)) return 'SUCCESS';
  return said.every((fine) => !fine) ? 'FAILURE' : `some fail: ${said.join()}`;
}

const SAFE_A = 'IRQ: LOCK(A) UNLOCK(A)';
const THREE = ['spin', 'wlock', 'rlock'] as const;
const TWO = ['wlock', 'rlock'] as const;

const table: [string, readonly string[], readonly Column[], readonly Irq[]][] = [
  ['irqs-on + irq-safe-A', [SAFE_A, 'LOCK(A) UNLOCK(A)'], THREE, ['hard', 'soft']],
  [
    'sirq-safe-A => hirqs-on',
    ['SOFTIRQ: LOCK(A) UNLOCK(A)', 'IRQ_DISABLE LOCK(A) IRQ_ENABLE UNLOCK(A)'],
    THREE,
    ['hard'],
  ],
  [
    'safe-A + irqs-on',
    [SAFE_A, 'IRQ_DISABLE LOCK(A) IRQ_ENABLE UNLOCK(A)'],
    THREE,
    ['hard', 'soft'],
  ],
  [
    'safe-A + unsafe-B #1',
    ['LOCK(A) LOCK(B) UNLOCK(B) UNLOCK(A)', 'LOCK(B) UNLOCK(B)', SAFE_A],
    THREE,
    ['hard', 'soft'],
  ],
  [
    'safe-A + unsafe-B #2',
    ['IRQ_DISABLE LOCK(A) LOCK(B) UNLOCK(B) UNLOCK(A) IRQ_ENABLE', 'LOCK(B) UNLOCK(B)', SAFE_A],
    THREE,
    ['hard', 'soft'],
  ],
  [
    'irq lock-inversion',
    [
      'IRQ_DISABLE WL(A) LOCK(B) UNLOCK(B) WU(A) IRQ_ENABLE',
      'LOCK(B) UNLOCK(B)',
      'IRQ: RL(A) RU(A)',
    ],
    THREE,
    ['hard', 'soft'],
  ],
  [
    'irq read-recursion',
    ['IRQ_DISABLE WL(A) WU(A) IRQ_ENABLE', 'RL(A) RU(A)', 'IRQ: LOCK(A) L(B) U(B) UNLOCK(A)'],
    TWO,
    ['hard', 'soft'],
  ],
  [
    'irq read-recursion #2',
    ['IRQ_DISABLE L(B) LOCK(A) UNLOCK(A) U(B) IRQ_ENABLE', 'RL(A) RU(A)', 'IRQ: L(B) U(B)'],
    TWO,
    ['hard', 'soft'],
  ],
  [
    'irq read-recursion #3',
    ['IRQ_DISABLE WL(B) LOCK(A) UNLOCK(A) WU(B) IRQ_ENABLE', 'RL(A) RU(A)', 'IRQ: RL(B) RU(B)'],
    TWO,
    ['hard', 'soft'],
  ],
];

describe('locking-selftest: interrupts', () => {
  it.each(table)('%s', (_name, events, columns, irqs) => {
    const cases = irqs.flatMap((irq) => columns.map((column) => [irq, column] as const));
    const said = cases.map(([irq, column]) => `${irq} ${column} ${outcome(events, irq, column)}`);
    const expected = cases.map(
      ([irq, column]) => `${irq} ${column} ${column === 'rlock' ? 'SUCCESS' : 'FAILURE'}`,
    );
    expect(said).toEqual(expected);
  });

  it('queued_read_lock_hardirq_inversion', () => {
    const events: Script[] = [
      ['hardirq', 'L(B) U(B)'],
      ['process', 'OFF(hard) L(B) RL(A) RU(A) U(B) ON(hard)'],
      ['process', 'RL(A) RU(A)'],
    ];
    expect(inOrder(false, ...events)).not.toBe('SUCCESS');
  });
});
