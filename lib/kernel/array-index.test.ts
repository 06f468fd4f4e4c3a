// SPDX-License-Identifier: GPL-2.0-only
/** An index is a dependency: an element of an array is read behind the load that may have given its place. */
import { dpor } from '../explore';
import { Machine, type Op, struct } from '../machine';
import { smp_wmb } from './barrier';
import { READ_ONCE, WRITE_ONCE } from './once';
import { DEFINE_STATIC } from './static-var';
import { array, int } from './types';

const group = DEFINE_STATIC('group', struct('group', { num: int, first: int, arr: array(int, 2) }));

/** The values that a reader may find after it has seen the number change, behind a writer with smp_wmb(). */
function found(write: () => Op<void>, read: () => Op<number>): string {
  const values = new Set<number>();
  let value = 0;
  const boot = (machine: Machine): void => {
    value = -1;
    machine.spawn('writer', function* () {
      yield* write();
      yield* smp_wmb();
      yield* WRITE_ONCE(group, 'num', 1);
    });
    machine.spawn('reader', function* () {
      if ((yield* READ_ONCE(group, 'num')) === 1) value = yield* read();
    });
  };
  dpor(new Machine({ boot }, { reorders: 'always' }), () => {
    values.add(value);
    return false;
  });
  return [...values].sort().join(' ');
}

it('reads an element behind the number that gave its index', () => {
  const element = found(
    () => WRITE_ONCE(group.arr, 1, 7),
    () => READ_ONCE(group.arr, 1),
  );
  expect(element).toBe('-1 7');
});

it('reads another field in front of the number', () => {
  const field = found(
    () => WRITE_ONCE(group, 'first', 7),
    () => READ_ONCE(group, 'first'),
  );
  expect(field).toBe('-1 0 7');
});
