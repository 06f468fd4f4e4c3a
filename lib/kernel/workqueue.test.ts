// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { kasan } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_inc, atomic_read, DEFINE_ATOMIC } from './atomic';
import { container_of } from './list';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from './mutex';
import { READ_ONCE, WRITE_ONCE } from './once';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';
import { static_var } from './static-var';
import { int } from './types';
import { work_struct, type workqueue_struct } from './workqueue-core';
import {
  alloc_ordered_workqueue,
  alloc_workqueue,
  DECLARE_WORK,
  INIT_WORK,
  queue_work,
  schedule_work,
  WQ_UNBOUND,
} from './workqueue';
import { destroy_workqueue, drain_workqueue, flush_workqueue } from './workqueue-wait';

const item = struct('item', { work: work_struct, value: int });
interface item extends StructOf<typeof item> {}
const ran = DEFINE_ATOMIC('ran', 0);
const x = static_var('x', 0);
const lock = DEFINE_MUTEX('lock');
const spin = DEFINE_SPINLOCK('spin');
const log: string[] = [];
const count = DECLARE_WORK('count', function* count_work() {
  yield* atomic_inc(ran);
});
const set = DECLARE_WORK('set', () => WRITE_ONCE(x, 'value', 1));
const empty = DECLARE_WORK('empty', function* () {});
const locking = DECLARE_WORK('locking', function* () {
  yield* mutex_lock(lock);
  yield* mutex_unlock(lock);
});
const leaky = DECLARE_WORK('leaky', function* leaky_work() {
  yield* spin_lock(spin);
});
const again = DECLARE_WORK('again', function* (work) {
  if ((yield* atomic_read(ran)) > 0) return;
  yield* atomic_inc(ran);
  yield* schedule_work(work);
});

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

beforeEach(() => (log.length = 0));

describe('works', () => {
  it('run once for one queueing, later', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* schedule_work(set);
          log.push(String(yield* READ_ONCE(x, 'value')));
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect(new Set(log)).toEqual(new Set(['0', '1']));
  });

  it('are queued once while pending, and again once their function has begun', () => {
    const seen = agree({
      tasks: {
        *a() {
          const first = yield* schedule_work(count);
          const second = yield* schedule_work(count);
          log.push(`${first} ${second}`);
        },
      },
      *check() {
        log.push(String(yield* atomic_read(ran)));
      },
    });
    // Queued again before the first run, or after its beginning; the second run follows the first.
    expect(seen).toMatchObject({ ...fine, executions: 2 });
    expect(new Set(log)).toEqual(new Set(['true false', '1', 'true true', '2']));
  });

  it('can queue themselves', () => {
    const seen = agree({
      tasks: { a: () => schedule_work(again) },
      *check() {
        log.push(String(yield* atomic_read(ran)));
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(new Set(log)).toEqual(new Set(['1']));
  });

  it('never run twice at a time', () => {
    let inside = 0;
    const seen = agree({
      *setup(): Op<item | null> {
        const made = yield* kzalloc(item, GFP_KERNEL);
        if (made !== null) {
          yield* INIT_WORK(made.work, function* () {
            inside++;
            yield* atomic_inc(ran);
            if (inside > 1) log.push('two');
            inside--;
          });
        }
        inside = 0;
        return made;
      },
      tasks: {
        *a(made) {
          if (made === null) return;
          yield* schedule_work(made.work);
          yield* schedule_work(made.work);
        },
        *b(made) {
          if (made !== null) yield* schedule_work(made.work);
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(log).toEqual([]);
  });

  it('may free themselves', () => {
    const seen = agree({
      *setup(): Op<item | null> {
        const made = yield* kzalloc(item, GFP_KERNEL);
        if (made !== null) {
          yield* INIT_WORK(made.work, function* (work) {
            yield* kfree(container_of(work, item, 'work'));
          });
        }
        return made;
      },
      tasks: {
        *a(made) {
          if (made !== null) yield* schedule_work(made.work);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
  });

  it('complain when they leak a lock', () => {
    const seen = agree({ tasks: { a: () => schedule_work(leaky) } });
    expect(seen.complaints).toEqual([
      'workqueue: BUG: workqueue leaked atomic, lock or RCU: kworker/events[102] preempt=1 lock=0->1 RCU=0->0 workfn=leaky_work',
    ]);
  });

  it('see what was done before a queueing that failed because they were pending', () => {
    const seen = agree({ tasks: { a: () => schedule_work(count), b: () => schedule_work(count) } });
    // One queues and the run begins before or after the other's attempt; in two orders.
    expect(seen).toMatchObject({ ...fine, executions: 4 });
  });
});

function withQueue(
  make: () => Op<workqueue_struct | null>,
  ...bodies: ((wq: workqueue_struct) => Op<unknown>)[]
) {
  const tasks = Object.fromEntries(
    bodies.map((body, i) => [
      `t${i}`,
      function* (wq: workqueue_struct | null): Op<void> {
        if (wq !== null) yield* body(wq);
      },
    ]),
  );
  return agree({ setup: make, tasks });
}

const unbound = (): Op<workqueue_struct | null> => alloc_workqueue('test', WQ_UNBOUND, 0);
const ordered = (): Op<workqueue_struct | null> => alloc_ordered_workqueue('test', 0);

describe('workqueues', () => {
  it('run works at the same time, or one after the other if they are ordered', () => {
    const both = function* (wq: workqueue_struct): Op<void> {
      yield* queue_work(wq, locking);
      yield* queue_work(wq, count);
      yield* queue_work(wq, set);
    };
    expect(withQueue(ordered, both)).toMatchObject({ ...fine });
    const two = function* (wq: workqueue_struct): Op<void> {
      yield* queue_work(wq, count);
      yield* queue_work(wq, again);
    };
    expect(withQueue(ordered, two)).toMatchObject({ ...fine, executions: 1 });
    expect(withQueue(unbound, two).executions).toBeGreaterThan(1);
  });

  it('ordered ones keep the order of queueing between tasks', () => {
    const seen = withQueue(
      ordered,
      (wq) => queue_work(wq, count),
      (wq) => queue_work(wq, empty),
    );
    expect(seen).toMatchObject({ ...fine, executions: 2 });
  });

  it('max_active lets so many run', () => {
    const seen = withQueue(
      () => alloc_workqueue('test', 0, 2),
      function* (wq) {
        yield* queue_work(wq, empty);
        yield* queue_work(wq, set);
      },
    );
    expect(seen).toMatchObject(fine);
  });

  it('flush_workqueue() waits for what was queued before', () => {
    const seen = withQueue(unbound, function* (wq) {
      yield* queue_work(wq, set);
      yield* queue_work(wq, count);
      yield* flush_workqueue(wq);
      log.push(`${yield* READ_ONCE(x, 'value')} ${yield* atomic_read(ran)}`);
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(new Set(log)).toEqual(new Set(['1 1']));
  });

  it('flush_workqueue() against a task that queues: before or after', () => {
    const seen = withQueue(unbound, flush_workqueue, (wq) => queue_work(wq, count));
    expect(seen).toMatchObject({ ...fine, executions: 2 });
  });

  it('destroy_workqueue() of an ordered queue frees it when the last kworker has left it', () => {
    const found = told(dpor, [kasan()], (machine) => {
      machine.spawn('a', function* () {
        const wq = yield* ordered();
        if (wq === null) return;
        yield* queue_work(wq, count);
        yield* destroy_workqueue(wq);
      });
    });
    expect(found.kinds).toEqual([]);
  });

  it('destroy_workqueue() waits; queueing later is dropped with a warning', () => {
    const seen = withQueue(unbound, function* (wq) {
      yield* queue_work(wq, set);
      yield* destroy_workqueue(wq);
      log.push(String(yield* READ_ONCE(x, 'value')));
      yield* queue_work(wq, count);
    });
    expect(seen).toMatchObject({
      ...fine,
      executions: 1,
      complaints: expect.anything() as unknown,
    });
    expect(seen.complaints).toEqual(['workqueue: workqueue: cannot queue count_work on wq test']);
    expect(new Set(log)).toEqual(new Set(['1']));
  });

  it('a work may queue on while its queue is drained; the queue can be used afterwards', () => {
    const seen = agree({
      *setup(): Op<{ made: item; wq: workqueue_struct } | null> {
        const wq = yield* unbound();
        const made = yield* kzalloc(item, GFP_KERNEL);
        if (made === null || wq === null) return null;
        yield* INIT_WORK(made.work, function* (work) {
          if ((yield* atomic_read(ran)) > 0) return;
          yield* atomic_inc(ran);
          yield* queue_work(wq, work);
        });
        return { made, wq };
      },
      tasks: {
        *a(world) {
          if (world === null) return;
          yield* queue_work(world.wq, world.made.work);
          yield* drain_workqueue(world.wq);
          log.push(String(yield* queue_work(world.wq, count)));
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(log)).toEqual(new Set(['true']));
  });

  it('alloc_workqueue() may fail and sleeps', () => {
    const seen = agree({
      failures: { alloc_workqueue: 1 },
      tasks: {
        *a() {
          yield* spin_lock(spin);
          log.push((yield* unbound()) === null ? 'none' : 'some');
          yield* spin_unlock(spin);
        },
      },
    });
    expect(seen).toMatchObject({ executions: 2 });
    expect(seen.complaints).toEqual(['alloc_workqueue: sleeps in atomic context']);
    expect(new Set(log)).toEqual(new Set(['none', 'some']));
  });
});
