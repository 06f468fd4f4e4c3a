// SPDX-License-Identifier: GPL-2.0-only
/** What grace_periods() counts beyond what tasks wait for themselves. */
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import { grace_periods } from './grace-periods';
import { rcu_head } from './rcu-callback';
import { call_rcu, callRcuUncounted, synchronize_rcu } from './rcupdate';
import { GFP_KERNEL, kzalloc } from './slab';

const item = struct('item', { rcu: rcu_head });

function* nothing(): Op<void> {
  // a callback with nothing to do
}

/** What is counted at the end where `call` is made twice, by set-up code or by a task. */
function counted(call: typeof call_rcu, setup: boolean): number[] {
  const counts = new Set<number>();
  function* twice(): Op<void> {
    for (let i = 0; i < 2; i++) {
      const object = yield* kzalloc(item, GFP_KERNEL);
      if (object !== null) yield* call(object.rcu, nothing);
    }
  }
  agree({
    ...(setup ? { setup: twice } : {}),
    tasks: setup ? { a: synchronize_rcu } : { a: twice },
    *check() {
      counts.add(yield* grace_periods());
    },
  });
  return [...counts].sort();
}

describe('grace_periods()', () => {
  it('takes what began in set-up code as having begun before all else', () => {
    expect(counted(call_rcu, true)).toEqual([1, 2]);
  });

  it('does not count what a model waits for on its own account', () => {
    expect(counted(call_rcu, false)).toEqual([1, 2]);
    expect(counted(callRcuUncounted, false)).toEqual([0]);
    expect(counted(callRcuUncounted, true)).toEqual([1]);
  });
});
