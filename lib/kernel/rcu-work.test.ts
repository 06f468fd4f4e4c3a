// SPDX-License-Identifier: GPL-2.0-only
import { agree, survey } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { READ_ONCE, WRITE_ONCE } from './once';
import { flush_rcu_work, INIT_RCU_WORK, queue_rcu_work, rcu_work, to_rcu_work } from './rcu-work';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { GFP_KERNEL, kzalloc } from './slab';
import { static_var } from './static-var';
import { alloc_workqueue, WQ_UNBOUND } from './workqueue';
import type { workqueue_struct } from './workqueue-core';

const delayed = struct('delayed', { rwork: rcu_work });
const x = static_var('x', 0);
const log: string[] = [];
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

beforeEach(() => (log.length = 0));

describe('rcu_work', () => {
  const program = (
    explore: typeof agree,
    body: (wq: workqueue_struct, d: StructOf<typeof delayed>) => Op<unknown>,
  ) =>
    explore({
      *setup() {
        const wq = yield* alloc_workqueue('test', WQ_UNBOUND, 0);
        const d = yield* kzalloc(delayed, GFP_KERNEL);
        if (d === null || wq === null) return null;
        yield* INIT_RCU_WORK(d.rwork, function* (work) {
          to_rcu_work(work);
          yield* WRITE_ONCE(x, 'value', 1);
        });
        return { wq, d };
      },
      tasks: {
        *a(world) {
          if (world !== null) yield* body(world.wq, world.d);
        },
        *b() {
          yield* rcu_read_lock();
          const before = yield* READ_ONCE(x, 'value');
          const after = yield* READ_ONCE(x, 'value');
          if (before !== after) log.push('changed in a section');
          yield* rcu_read_unlock();
        },
      },
    });

  it('runs after a grace period', () => {
    const seen = program(agree, (wq, { rwork }) => queue_rcu_work(wq, rwork));
    expect(seen).toMatchObject(fine);
  });

  it('flush_rcu_work() waits for grace period and work', () => {
    const seen = program(survey, function* (wq, { rwork }) {
      yield* queue_rcu_work(wq, rwork);
      yield* queue_rcu_work(wq, rwork);
      yield* flush_rcu_work(rwork);
      if ((yield* READ_ONCE(x, 'value')) !== 1) log.push('not flushed');
    });
    expect(seen).toMatchObject(fine);
    expect(log).not.toContain('not flushed');
  });
});
