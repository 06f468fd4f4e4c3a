// SPDX-License-Identifier: GPL-2.0-only
/**
 * The cases of lib/locking-selftest.c, with its names, shorthand and expectations. Left out are the cases that the
 * primitives here cannot express: local_lock_*, rt_mutex, ww_mutex, lockdep_set_subclass(), fs_reclaim, and wait
 * contexts, which atomic-sleep checks. Those with interrupts are in locking-selftest-irq.test.ts.
 */
import { COLUMNS, type Script, verdict } from './testing/selftest';

const selftest = (script: string): string => verdict(true, ['process', script]);

describe('locking-selftest: all six kinds of locks', () => {
  const two = (...pairs: string[]): string =>
    pairs.map(([x, y]) => `LOCK(${x}) LOCK(${y}) UNLOCK(${y}) UNLOCK(${x})`).join(' ');

  // Name, script, lockdep's verdict. Where the last column says so, recursive readers are correct (DO_TESTCASE_6R).
  const table = [
    ['AA', 'LOCK(X1) LOCK(X2)', 'recursive-locking', true],
    ['ABBA', two('AB', 'BA'), 'circular-locking', true],
    ['ABBCCA', two('AB', 'BC', 'CA'), 'circular-locking', true],
    ['ABCABC', two('AB', 'CA', 'BC'), 'circular-locking', true],
    ['ABBCCDDA', two('AB', 'BC', 'CD', 'DA'), 'circular-locking', true],
    ['ABCDBDDA', two('AB', 'CD', 'BD', 'DA'), 'circular-locking', true],
    ['ABCDBCDA', two('AB', 'CD', 'BC', 'DA'), 'circular-locking', true],
    ['double_unlock', 'LOCK(A) UNLOCK(A) UNLOCK(A)', 'unlock-balance', false],
    ['init_held', 'LOCK(A) INIT(A)', 'held-lock-freed', false],
  ] as const;

  it.each(table)('%s', (_name, script, said, readersMay) => {
    const column = ([lock, unlock, init]: readonly [string, string, string]): string =>
      selftest(
        script
          .replace(/\bLOCK/g, lock)
          .replace(/\bUNLOCK/g, unlock)
          .replace(/\bINIT/g, init),
      );
    const columns = Object.entries(COLUMNS).map(([name, words]) => [name, column(words)]);
    expect(Object.fromEntries(columns)).toEqual({
      spin: said,
      wlock: said,
      rlock: readersMay ? 'SUCCESS' : said,
      mutex: said,
      wsem: said,
      rsem: said,
    });
  });
});

describe('locking-selftest: readers', () => {
  const RECURSIVE = 'recursive-locking';
  const CIRCULAR = 'circular-locking';
  const table = [
    ['rlock_AA1', 'RL(X1) RL(X1)', 'SUCCESS'],
    ['rsem_AA1', 'RSL(X1) RSL(X1)', RECURSIVE],
    ['rlock_AA1B', 'RL(X1) RL(X2)', 'SUCCESS'],
    ['rsem_AA1B', 'RSL(X1) RSL(X2)', RECURSIVE],
    ['rlock_AA2', 'RL(X1) WL(X2)', RECURSIVE],
    ['rsem_AA2', 'RSL(X1) WSL(X2)', RECURSIVE],
    ['rlock_AA3', 'WL(X1) RL(X2)', RECURSIVE],
    ['rsem_AA3', 'WSL(X1) RSL(X2)', RECURSIVE],
    ['rlock_ABBA1', 'RL(X1) L(Y1) U(Y1) RU(X1)  L(Y1) WL(X1) WU(X1) U(Y1)', CIRCULAR],
    ['rwsem_ABBA1', 'RSL(X1) ML(Y1) MU(Y1) RSU(X1)  ML(Y1) WSL(X1) WSU(X1) MU(Y1)', CIRCULAR],
    ['rlock_ABBA2', 'RL(X1) L(Y1) U(Y1) RU(X1)  L(Y1) RL(X1) RU(X1) U(Y1)', 'SUCCESS'],
    ['rwsem_ABBA2', 'RSL(X1) ML(Y1) MU(Y1) RSU(X1)  ML(Y1) RSL(X1) RSU(X1) MU(Y1)', CIRCULAR],
    ['rlock_ABBA3', 'WL(X1) L(Y1) U(Y1) WU(X1)  L(Y1) WL(X1) WU(X1) U(Y1)', CIRCULAR],
    ['rwsem_ABBA3', 'WSL(X1) ML(Y1) MU(Y1) WSU(X1)  ML(Y1) WSL(X1) WSU(X1) MU(Y1)', CIRCULAR],
    [
      'rlock_chaincache_ABBA1',
      'RL(X1) L(Y1) U(Y1) RU(X1)  L(Y1) RL(X1) RU(X1) U(Y1)  L(Y1) WL(X1) WU(X1) U(Y1)',
      CIRCULAR,
    ],
  ] as const;

  it.each(table)('%s', (_name, script, expected) => {
    expect(selftest(script)).toBe(expected);
  });

  const WR = (x: string, y: string): string => `WL(${x}) RL(${y}) RU(${y}) WU(${x})`;
  const WW = (x: string, y: string): string => `WL(${x}) WL(${y}) WU(${y}) WU(${x})`;
  const RR = (x: string, y: string): string => `RL(${x}) RL(${y}) RU(${y}) RU(${x})`;
  const RW = (x: string, y: string): string => `RL(${x}) WL(${y}) WU(${y}) RU(${x})`;
  const permuted = [
    ['W1R2_W2R3_W3R1', [WR('X1', 'Y1'), WR('Y1', 'Z1'), WR('Z1', 'X1')], CIRCULAR],
    ['W1W2_R2R3_W3R1', [WW('X1', 'Y1'), RR('Y1', 'Z1'), WR('Z1', 'X1')], CIRCULAR],
    ['W1R2_R2R3_W3W1', [WW('X1', 'Y1'), RR('Y1', 'Z1'), RW('Z1', 'X1')], 'SUCCESS'],
    ['W1W2_R2R3_R3W1', [WR('X1', 'Y1'), RR('Y1', 'Z1'), WW('Z1', 'X1')], 'SUCCESS'],
  ] as const;

  it.each(permuted)('%s, in all six orders', (_name, events, expected) => {
    const orders = ['123', '132', '213', '231', '312', '321'];
    const said = orders.map((order) =>
      selftest(
        Array.from(order)
          .map((nth) => events[Number(nth) - 1])
          .join(' '),
      ),
    );
    expect(said).toEqual(orders.map(() => expected));
  });
});

describe('locking-selftest: queued readers, where only interrupts may recurse', () => {
  const recursing = 'RL(X1) RL(X1)';
  const RE = 'RL(A) L(B) U(B) RU(A)';
  const ER = 'L(B) RL(A) RU(A) U(B)';
  const off = (script: string): string => `OFF(hard) ${script} ON(hard)`;
  const table: [name: string, scripts: Script[], expected: string][] = [
    [
      'queued_read_lock_hardirq_RE_Er',
      [
        ['hardirq', RE],
        ['process', off(ER)],
      ],
      'circular-locking',
    ],
    [
      'queued_read_lock_hardirq_ER_rE',
      [
        ['hardirq', ER],
        ['process', off(RE)],
      ],
      'SUCCESS',
    ],
    ['rlock_AA1 in process context', [['process', recursing]], 'recursive-locking'],
    ['rlock_AA1 in an interrupt', [['softirq', recursing]], 'SUCCESS'],
    ['rlock_AA1 in a work', [['workqueue', recursing]], 'recursive-locking'],
    ['rlock_ABBA2 in process context', [['process', `${RE} ${ER}`]], 'circular-locking'],
    ['rlock_ABBA2 in an interrupt', [['softirq', `${RE} ${ER}`]], 'SUCCESS'],
  ];

  it.each(table)('%s', (_name, scripts, expected) => {
    expect(verdict(false, ...scripts)).toBe(expected);
  });
});
