// SPDX-License-Identifier: GPL-2.0-only
/** What a task knows of the store that an atomic of its own has read, once a barrier orders the atomic's load. */
import { dpor } from '../explore';
import type { Op } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_inc, atomic_read, DEFINE_ATOMIC } from './atomic';
import { atomic_cmpxchg_release, atomic_set_release } from './atomic-order';
import { smp_mb, smp_mb__after_atomic, smp_rmb } from './barrier';
import { set_bit } from './bitops';
import { READ_ONCE, smp_store_release } from './once';
import { static_var } from './static-var';

const data = static_var('data', 0);
const flag = DEFINE_ATOMIC('flag', 0);
const flags = static_var('flags', 0);

function* counts(order: () => Op<void>): Op<boolean> {
  yield* atomic_inc(flag);
  yield* order();
  return (yield* atomic_read(flag)) === 2;
}

function* sets(order: () => Op<void>): Op<boolean> {
  yield* set_bit(1, flags, 'value');
  yield* order();
  return (yield* READ_ONCE(flags, 'value')) === 3;
}

function* exchanges(order: () => Op<void>): Op<boolean> {
  const old = yield* atomic_cmpxchg_release(flag, 1, 2);
  yield* order();
  return old === 1;
}

it.each([
  ['atomic_inc', 'smp_mb', counts, smp_mb, []],
  ['atomic_inc', 'smp_mb__after_atomic', counts, smp_mb__after_atomic, []],
  ['atomic_inc', 'smp_rmb', counts, smp_rmb, ['data-race']],
  ['set_bit', 'smp_mb__after_atomic', sets, smp_mb__after_atomic, []],
  ['set_bit', 'smp_rmb', sets, smp_rmb, ['data-race']],
  ['atomic_cmpxchg_release', 'smp_mb', exchanges, smp_mb, []],
  ['atomic_cmpxchg_release', 'smp_rmb', exchanges, smp_rmb, []],
] as const)('%s() and %s() order what follows', (_atomic, _barrier, has, order, kinds) => {
  const { kinds: found } = told(dpor, allMonitors(), (machine) => {
    machine.spawn('writer', function* () {
      data.value = 42;
      if (has === sets) yield* smp_store_release(flags, 'value', 1);
      else yield* atomic_set_release(flag, 1);
    });
    machine.spawn('reader', function* () {
      return (yield* has(order)) ? data.value : 0;
    });
  });
  expect(found).toEqual(kinds);
});
