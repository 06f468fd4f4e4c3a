// SPDX-License-Identifier: GPL-2.0-only
/** Primitives of litmus tests in pairs: what orders, and its nearest neighbour that does not. */
import { type Answer, answerOf } from './answer';
import { explore } from './engine';
import { readLitmus } from './read';

const PARAMETERS =
  'int *x, int *y, int *z, int *t, atomic_t *v, spinlock_t *l, struct srcu_struct *s';

function answer(threads: readonly string[], condition: string): Answer {
  const bodies = threads.map((body, i) => `P${i}(${PARAMETERS})\n{\n${body}\n}\n`);
  const test = readLitmus(`C test\n{}\n${bodies.join('')}exists (${condition})\n`);
  const { endings, complete } = explore(test);
  expect(complete).toBe(true);
  return answerOf(test, endings).answer;
}

/** Store buffering: `between` stands between the store and the load of both threads. */
function storeBuffering(between: string): Answer {
  const thread = (mine: string, other: string): string =>
    `WRITE_ONCE(*${mine}, 1);\n${between}\nr0 = READ_ONCE(*${other});`;
  return answer([thread('x', 'y'), thread('y', 'x')], '0:r0=0 /\\ 1:r0=0');
}

/** Message passing to a reader that sees y as 1: does it see x? */
function messagePassing(
  reader: string,
  writer = 'WRITE_ONCE(*x, 1); smp_mb(); WRITE_ONCE(*y, 1);',
): Answer {
  return answer([writer, reader], '1:r0=1 /\\ 1:r1=0');
}

it.each<[Answer, string]>([
  ['Never', 'smp_mb();'],
  ['Sometimes', 'smp_wmb();'],
  ['Sometimes', 'smp_rmb();'],
  ['Sometimes', 'barrier();'],
  ['Never', 'atomic_inc(v); smp_mb__after_atomic();'],
  ['Sometimes', 'smp_mb__after_atomic();'],
  ['Sometimes', 'smp_mb__after_atomic(); atomic_inc(v);'],
  ['Never', 'smp_mb__before_atomic(); atomic_inc(v);'],
  ['Sometimes', 'smp_mb__before_atomic();'],
  ['Sometimes', 'atomic_inc(v); smp_mb__before_atomic();'],
  ['Sometimes', 'atomic_inc(v);'],
  ['Never', 'r9 = atomic_inc_return(v);'],
  ['Sometimes', 'r9 = atomic_inc_return_relaxed(v);'],
  ['Sometimes', 'r9 = atomic_fetch_andnot_acquire(1, v);'],
  ['Never', 'r9 = atomic_fetch_andnot(1, v);'],
  ['Never', 'r9 = atomic_add_unless(v, 1, 5);'],
  ['Never', 'r9 = xchg(v, 1);'],
  ['Sometimes', 'r9 = xchg_release(v, 1);'],
  ['Sometimes', 'r9 = cmpxchg(v, 5, 6);'],
  ['Never', 'spin_lock(l); smp_mb__after_spinlock(); spin_unlock(l);'],
  ['Never', 'spin_lock(l); spin_unlock(l);'],
  ['Sometimes', 'smp_mb__after_spinlock();'],
  ['Never', 'synchronize_rcu();'],
  ['Never', 'synchronize_srcu(s);'],
  ['Sometimes', 'r9 = srcu_read_lock(s); srcu_read_unlock(s, r9);'],
  ['Never', 'r9 = srcu_read_lock(s); srcu_read_unlock(s, r9); smp_mb__after_srcu_read_unlock();'],
  ['Sometimes', 'smp_mb__after_srcu_read_unlock();'],
])('%s, with %s between store and load', (expected, between) => {
  expect(storeBuffering(between)).toBe(expected);
});

it.each<[Answer, string, string]>([
  ['Never', 'smp_load_acquire()', 'r0 = smp_load_acquire(y); r1 = READ_ONCE(*x);'],
  ['Sometimes', 'READ_ONCE()', 'r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);'],
  ['Sometimes', 'a condition', 'r0 = READ_ONCE(*y); if (r0) { r1 = READ_ONCE(*x); }'],
  [
    'Never',
    'a value that is stored, and acquired again',
    'r0 = READ_ONCE(*y); WRITE_ONCE(*t, r0); r9 = smp_load_acquire(t); r1 = READ_ONCE(*x);',
  ],
  [
    'Sometimes',
    'another value that is stored, and acquired again',
    'r0 = READ_ONCE(*y); WRITE_ONCE(*t, 1); r9 = smp_load_acquire(t); r1 = READ_ONCE(*x);',
  ],
  [
    'Never',
    'an address that depends on it',
    'r0 = READ_ONCE(*y); r1 = READ_ONCE(*(x + (r0 ^ r0)));',
  ],
])('%s, with %s in the reader', (expected, _name, reader) => {
  expect(messagePassing(reader)).toBe(expected);
});

it('orders through a pointer only what is reached through it', () => {
  const writer = 'WRITE_ONCE(*x, 1);\nsmp_wmb();\nWRITE_ONCE(*t, x);';
  const test = (reader: string): Answer => answer([writer, reader], '1:r0=x /\\ 1:r1=0');
  expect(test('r0 = READ_ONCE(*t); if (r0 == x) { r1 = READ_ONCE(*r0); }')).toBe('Never');
  expect(test('r0 = READ_ONCE(*t); if (r0 == x) { r1 = READ_ONCE(*x); }')).toBe('Sometimes');
});

it('sees the load of a read-modify-write apart from its store', () => {
  const reader = 'WRITE_ONCE(*z, 1); smp_mb(); r0 = READ_ONCE(*x);';
  const writer = (between: string): Answer =>
    answer([`WRITE_ONCE(*x, 1); ${between} r0 = READ_ONCE(*z);`, reader], '0:r0=0 /\\ 1:r0=0');
  expect(writer('smp_wmb(); r9 = xchg_relaxed(y, 1); smp_rmb();')).toBe('Sometimes');
  expect(writer('r9 = xchg_release(y, 1); r8 = smp_load_acquire(y);')).toBe('Sometimes');
  expect(writer('smp_mb(); r9 = xchg_relaxed(y, 1); smp_rmb();')).toBe('Never');
});

it('makes a full barrier of an unlock and a lock on two CPUs with smp_mb__after_unlock_lock()', () => {
  const first = 'WRITE_ONCE(*x, 1);\nspin_lock(l);\nWRITE_ONCE(*t, 1);\nspin_unlock(l);';
  const second = (fence: string): string =>
    `spin_lock(l);\n${fence}\nr0 = READ_ONCE(*t);\nr1 = READ_ONCE(*y);\nspin_unlock(l);`;
  const third = 'WRITE_ONCE(*y, 1);\nsmp_mb();\nr0 = READ_ONCE(*x);';
  const test = (fence: string): Answer =>
    answer([first, second(fence), third], '1:r0=1 /\\ 1:r1=0 /\\ 2:r0=0');
  expect(test('smp_mb__after_unlock_lock();')).toBe('Never');
  expect(test('')).toBe('Sometimes');
});

describe('spin_is_locked()', () => {
  const holder = (fence: string): string =>
    `spin_lock(l);\n${fence}\nWRITE_ONCE(*x, 1);\nspin_unlock(l);`;
  const watcher = 'r0 = smp_load_acquire(x);\nr1 = spin_is_locked(l);\nr2 = spin_is_locked(l);';

  it('may miss the lock that a store was made under', () => {
    expect(answer([holder(''), watcher], '1:r0=1 /\\ 1:r1=0 /\\ 1:r2=1')).toBe('Sometimes');
  });

  it('does not with smp_mb__after_spinlock()', () => {
    const fenced = holder('smp_mb__after_spinlock();');
    expect(answer([fenced, watcher], '1:r0=1 /\\ 1:r1=0 /\\ 1:r2=1')).toBe('Never');
  });

  it('sees the lock of its own thread', () => {
    const own = 'spin_lock(l); r0 = spin_is_locked(l); spin_unlock(l); r1 = spin_is_locked(l);';
    expect(answer([own], '0:r0=1 /\\ 0:r1=0')).toBe('Always');
  });
});

describe('SRCU', () => {
  const updater = 'WRITE_ONCE(*x, 1);\nsynchronize_srcu(s);\nWRITE_ONCE(*y, 1);';
  const reader = (domain: string): string =>
    `r9 = srcu_read_lock(${domain});\nr0 = READ_ONCE(*y);\nr1 = READ_ONCE(*x);\nsrcu_read_unlock(${domain}, r9);`;

  it('has a grace period wait for the sections of its own srcu_struct', () => {
    expect(answer([updater, reader('s')], '1:r0=1 /\\ 1:r1=0')).toBe('Never');
    expect(answer([updater, reader('t')], '1:r0=1 /\\ 1:r1=0')).toBe('Sometimes');
  });

  it('lets another thread end a section', () => {
    const down = (then: string): string =>
      `r9 = srcu_down_read(s);\nr0 = READ_ONCE(*x);\n${then}\nsmp_store_release(t, r9);`;
    const up = (then: string): string =>
      `r9 = smp_load_acquire(t);\nif (r9) {\nr0 = READ_ONCE(*y);\n${then}\n}`;
    const test = (first: string, second: string): Answer =>
      answer([updater, down(first), up(second)], '1:r0=0 /\\ 2:r9!=0 /\\ 2:r0=1');
    expect(test('', 'srcu_up_read(s, r9);')).toBe('Never');
    expect(test('srcu_up_read(s, r9);', '')).toBe('Sometimes');
  });

  it('refuses an index with which no section is open', () => {
    const wrong = 'r9 = srcu_read_lock(s);\nsrcu_read_unlock(s, r9);\nsrcu_read_unlock(s, r9);';
    expect(() => answer([wrong], 'x=0')).toThrow(
      '7: srcu_read_unlock() is given an index with which no section is open',
    );
  });
});
