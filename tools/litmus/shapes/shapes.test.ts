// SPDX-License-Identifier: GPL-2.0-only
import { kcsan } from '../../../lib/sanitize';
import { LITMUS, type Litmus, litmusRows, observe, raceRows } from '.';

function litmus(name: string): Litmus {
  const found = LITMUS.find((test) => test.name === name);
  if (found === undefined) throw new RangeError(`no litmus test ${name}`);
  return found;
}

describe('litmus tests', () => {
  it.each(LITMUS.map((test) => [test.name, test] as const))('%s', (_name, test) => {
    const { answer, complete } = observe(test);
    expect({ answer, complete }).toEqual({ answer: test.ours, complete: true });
  });

  it('never observe what the kernel model forbids', () => {
    const wrong = LITMUS.filter(({ ours, kernel }) => ours === 'observed' && kernel === 'Never');
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('say so where the kernel model allows what we cannot see', () => {
    const silent = LITMUS.filter(
      ({ ours, kernel, note }) =>
        ours === 'never' && kernel !== 'Never' && !(note ?? '').includes('load buffering'),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(LITMUS.map(({ name }) => name)).size).toBe(LITMUS.length);
  });

  it('use marked accesses only, so that no answer is void for a data race', () => {
    const racy = LITMUS.filter((test) => observe(test, [kcsan()]).findings.length > 0);
    expect(racy.map(({ name }) => name)).toEqual([]);
  });
});

describe('executions of a litmus test', () => {
  /*
   * Rx, Wx: a read and a write of x; the left thread's in capitals. Only the order of conflicting accesses counts.
   * CoRR:  W r r, r W r, r r W.
   * Lost update: R W r w, r w R W, and both reads first with either write first.
   * MP:    reader after both writes; reader's Rx before Wx; Ry before Wy and Rx after Wx; Ry after Wy, Rx passes over Wx.
   * SB:    each read before or after the other's write, but not both before; then the last read may pass over the other's
   *        write, in two ways that come to the same.
   * LB:    each read before or after the other's write, but not both after.
   * 2+2W:  each pair of writes in either order, but not the two orders that go round in a circle; then the last write may go
   *        behind the first, in two ways that come to the same.
   * Two exchanges, two locked sections: either first.
   * IRIW:  four reads before or after their write, but not the one that has the readers disagree: 16 - 1; the readers disagree
   *        if the last read passes over its write, in two ways that come to the same.
   */
  it.each([
    ['CoRR', 3],
    ['lost update, marked', 4],
    ['MP, relaxed', 4],
    ['MP, relaxed, data read first', 4],
    ['SB, relaxed', 5],
    ['LB, relaxed', 3],
    ['2+2W, relaxed', 5],
    ['two exchanges', 2],
    ['IRIW, relaxed', 17],
  ])('%s: %i', (name, executions) => {
    expect(observe(litmus(name)).executions).toBe(executions);
  });

  it.each([
    ['MP, relaxed', ['r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1']],
    ['SB, relaxed', ['r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1']],
    ['LB, relaxed', ['r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=0']],
    ['CoRR', ['r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=1']],
    ['2+2W, relaxed', ['x=1 y=1', 'x=1 y=2', 'x=2 y=1', 'x=2 y=2']],
    ['two increments', ['v=2']],
    ['an increment by atomic_read() and atomic_set()', ['r0=0 v=1', 'r0=0 v=2', 'r0=1 v=1']],
    ['old object spoilt after a grace period', ['r0=&x r1=1', 'r0=&z r1=1']],
    ['old object spoilt without a grace period', ['r0=&x r1=1', 'r0=&z r1=0', 'r0=&z r1=1']],
  ])('%s gives all it can', (name, outcomes) => {
    expect(observe(litmus(name)).outcomes).toEqual(outcomes);
  });
});

describe('the tables', () => {
  it('have a row for each test', () => {
    const rows = litmusRows();
    expect(rows[0]).toEqual(['shape', 'threads', 'exists', 'ours', 'kernel', 'source', 'note']);
    expect(rows.find(([shape]) => shape === 'MP, release and acquire')).toEqual([
      'MP, release and acquire',
      '`WRITE_ONCE(x, 1); smp_store_release(&y, 1)`<br>`r0 = smp_load_acquire(&y); r1 = READ_ONCE(x)`',
      '`r0=1 && r1=0`',
      'never',
      'Never',
      'MP+pooncerelease+poacquireonce',
      '',
    ]);
    expect(rows).toHaveLength(LITMUS.length + 1);
  });

  it('keep bars out of the cells', () => {
    const cells = [...litmusRows(), ...raceRows()].flat();
    expect(cells.filter((cell) => cell.includes('|'))).toEqual([]);
  });
});
