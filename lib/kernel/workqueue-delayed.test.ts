// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_inc, atomic_inc_return, atomic_read, DEFINE_ATOMIC } from './atomic';
import { HZ } from './jiffies';
import { container_of } from './list';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { int } from './types';
import { DECLARE_WORK, schedule_work, system_wq } from './workqueue';
import {
  cancel_work,
  cancel_work_sync,
  disable_work_sync,
  enable_work,
  work_pending,
} from './workqueue-cancel';
import type { work_struct } from './workqueue-core';
import {
  cancel_delayed_work,
  cancel_delayed_work_sync,
  DECLARE_DELAYED_WORK,
  delayed_work,
  delayed_work_pending,
  flush_delayed_work,
  INIT_DELAYED_WORK,
  mod_delayed_work,
  queue_delayed_work,
  schedule_delayed_work,
  to_delayed_work,
} from './workqueue-delayed';
import { flush_work } from './workqueue-wait';

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const runs = DEFINE_ATOMIC('runs', 0);
const log: string[] = [];

function* count(): Op<void> {
  yield* atomic_inc(runs);
}
const dwork = DECLARE_DELAYED_WORK('dwork', count);
const poll = DECLARE_DELAYED_WORK('poll', function* poll_work(work) {
  yield* atomic_inc(runs);
  yield* schedule_delayed_work(to_delayed_work(work), HZ);
});
const work = DECLARE_WORK('work', count);
const again = DECLARE_WORK('again', function* again_work(self) {
  if ((yield* atomic_inc_return(runs)) < 3) yield* schedule_work(self);
});

/** What a task writes down, in all interleavings, and how often works have run in the end. */
function outcomes(
  body: () => Op<unknown>,
  expiries: Record<string, number> = {},
): readonly string[] {
  log.length = 0;
  let said = '';
  const seen = agree({
    expiries,
    tasks: {
      *a() {
        said = String(yield* body());
      },
    },
    *check() {
      log.push(`${said}: ${yield* atomic_read(runs)}`);
    },
  });
  expect(seen).toMatchObject(fine);
  return [...new Set(log)].sort();
}

describe('delayed works', () => {
  it('run once for one queueing, and are pending until they begin', () => {
    const body = function* (): Op<string> {
      const first = yield* schedule_delayed_work(dwork, HZ);
      const pending = yield* delayed_work_pending(dwork);
      return `${first} ${pending} ${yield* schedule_delayed_work(dwork, 0)}`;
    };
    expect(outcomes(body)).toEqual([
      'true false true: 2',
      'true true false: 1',
      'true true true: 2',
    ]);
  });

  it.each([
    ['cancel_delayed_work', cancel_delayed_work, ['false 0: 1', 'false 1: 1', 'true 0: 0']],
    ['cancel_delayed_work_sync', cancel_delayed_work_sync, ['false 1: 1', 'true 0: 0']],
  ] as const)('%s() takes them off timer and queue', (_name, cancel, expected) => {
    const body = function* (): Op<string> {
      yield* queue_delayed_work(system_wq, dwork, HZ);
      return `${yield* cancel(dwork)} ${yield* atomic_read(runs)}`;
    };
    expect(outcomes(body)).toEqual(expected);
  });

  it('run once for mod_delayed_work() of a pending one', () => {
    const body = function* (): Op<boolean> {
      yield* schedule_delayed_work(dwork, HZ);
      return yield* mod_delayed_work(system_wq, dwork, 0);
    };
    expect(outcomes(body)).toEqual(['false: 2', 'true: 1']);
  });

  it('have run after flush_delayed_work(), however long the delay', () => {
    const body = function* (): Op<string> {
      yield* schedule_delayed_work(dwork, HZ);
      yield* flush_delayed_work(dwork);
      return String(yield* atomic_read(runs));
    };
    expect(outcomes(body)).toEqual(['1: 1']);
  });

  it('that queue themselves for ever run as often as the scenario says', () => {
    expect(outcomes(() => schedule_delayed_work(poll, HZ))).toEqual(['true: 2']);
    expect(outcomes(() => schedule_delayed_work(poll, HZ), { poll: 3 })).toEqual(['true: 3']);
  });

  it('that queue themselves are off after cancel_delayed_work_sync()', () => {
    const body = function* (): Op<boolean> {
      yield* schedule_delayed_work(poll, HZ);
      yield* cancel_delayed_work_sync(poll);
      return yield* delayed_work_pending(poll);
    };
    expect(outcomes(body)).toEqual(['false: 0', 'false: 1', 'false: 2']);
  });
});

describe('cancel_work()', () => {
  it('takes a work off its queue, and does not wait for one that runs', () => {
    const body = function* (): Op<string> {
      yield* schedule_work(work);
      return `${yield* cancel_work(work)} ${yield* atomic_read(runs)}`;
    };
    expect(outcomes(body)).toEqual(['false 0: 1', 'false 1: 1', 'true 0: 0']);
  });

  it('leaves nothing to be flushed or queued twice', () => {
    const body = function* (): Op<string> {
      yield* schedule_work(work);
      if (!(yield* cancel_work(work))) return '';
      const flushed = yield* flush_work(work);
      return `${flushed} ${yield* schedule_work(work)} ${yield* work_pending(work)}`;
    };
    expect(outcomes(body)).toEqual([': 1', 'false true false: 1', 'false true true: 1']);
  });
});

describe('disable_work_sync()', () => {
  it('ends a work that queues itself, which cancel_work() does not', () => {
    const after = (cancel: (w: work_struct) => Op<unknown>): readonly string[] =>
      outcomes(function* () {
        yield* schedule_work(again);
        yield* cancel(again);
        yield* schedule_work(again);
        return yield* flush_work(again);
      });
    expect(after(disable_work_sync)).toEqual(['false: 0', 'false: 1', 'false: 2', 'false: 3']);
    expect(after(cancel_work)).toContain('true: 3');
  });

  it('nests', () => {
    const body = function* (): Op<string> {
      yield* disable_work_sync(work);
      yield* disable_work_sync(work);
      const first = yield* enable_work(work);
      const queued = yield* schedule_work(work);
      yield* cancel_work_sync(work);
      return `${first} ${queued} ${yield* enable_work(work)} ${yield* schedule_work(work)}`;
    };
    expect(outcomes(body)).toEqual(['false false true true: 1']);
  });
});

const device = struct('device', { poll: delayed_work, polls: int });

function* touch(work: work_struct): Op<void> {
  yield* atomic_inc(runs);
  container_of(to_delayed_work(work), device, 'poll').polls++;
}

function freeing(cancel: (dwork: delayed_work) => Op<unknown>): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('a', function* () {
      const one = yield* kzalloc(device, GFP_KERNEL);
      if (one === null) return;
      yield* INIT_DELAYED_WORK(one.poll, touch);
      yield* schedule_delayed_work(one.poll, HZ);
      yield* cancel(one.poll);
      yield* kfree(one);
    });
  }).kinds;
}

it('a delayed work that is freed too early is reported, and not one that is cancelled before', () => {
  expect(freeing(delayed_work_pending)).toContain('odebug-free-active');
  expect(freeing(cancel_delayed_work)).toContain('slab-use-after-free');
  expect(freeing(cancel_delayed_work_sync)).toEqual([]);
});
