// SPDX-License-Identifier: GPL-2.0-only
import { agree, survey } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { atomic_inc, DEFINE_ATOMIC } from './atomic';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from './mutex';
import { READ_ONCE, WRITE_ONCE } from './once';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { static_var } from './static-var';
import { int } from './types';
import { work_struct } from './workqueue-core';
import { DECLARE_WORK, INIT_WORK, schedule_work } from './workqueue';
import { cancel_work_sync } from './workqueue-cancel';
import { flush_work } from './workqueue-wait';

const item = struct('item', { work: work_struct, value: int });
interface item extends StructOf<typeof item> {}
const ran = DEFINE_ATOMIC('ran', 0);
const x = static_var('x', 0);
const lock = DEFINE_MUTEX('lock');
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

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

beforeEach(() => (log.length = 0));

describe('flushing', () => {
  it('flush_work() waits for the last queueing', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* schedule_work(set);
          const waited = yield* flush_work(set);
          log.push(`${waited} ${yield* READ_ONCE(x, 'value')}`);
        },
      },
    });
    // The flush begins before the run, during it, or after it.
    expect(seen).toMatchObject({ ...fine, executions: 3 });
    expect(new Set(log)).toEqual(new Set(['true 1', 'false 1']));
  });

  it.each([
    ['flush_work', flush_work],
    ['cancel_work_sync', cancel_work_sync],
  ])(
    '%s() complains of a work that was never initialised, and not of one that was',
    (name, wait) => {
      const waits = (initialise: boolean): readonly string[] =>
        survey({
          tasks: {
            *a() {
              const one = yield* kzalloc(item, GFP_KERNEL);
              if (one === null) return;
              if (initialise) yield* INIT_WORK(one.work, function* () {});
              yield* wait(one.work);
              yield* kfree(one);
            },
          },
        }).complaints;
      expect(waits(true)).toEqual([]);
      expect(waits(false)).toEqual([
        `workqueue: ${name}() of item#1.work, which was never initialised`,
      ]);
    },
  );

  it('flush_work() of an idle work is false at once', () => {
    const seen = agree({
      tasks: {
        *a() {
          log.push(String(yield* flush_work(empty)));
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect(new Set(log)).toEqual(new Set(['false']));
  });

  it('flushing under a lock the work takes can hang', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* schedule_work(locking);
          yield* mutex_lock(lock);
          yield* flush_work(locking);
          yield* mutex_unlock(lock);
        },
      },
    });
    expect(seen).toMatchObject({ surplus: 0, blocked: 0 });
    expect(seen.hung).toBeGreaterThan(0);
    expect(seen.hung).toBeLessThan(seen.executions);
  });

  it('cancel_work_sync() takes a pending work off its queue, and waits for a running one', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* schedule_work(set);
          const pending = yield* cancel_work_sync(set);
          log.push(`${pending} ${yield* READ_ONCE(x, 'value')}`);
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(log)).toEqual(new Set(['true 0', 'false 1']));
  });

  it('a cancelled work can be queued again', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* schedule_work(count);
          yield* cancel_work_sync(count);
          log.push(String(yield* schedule_work(count)));
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(log)).toEqual(new Set(['true']));
  });

  it('two can cancel one work', () => {
    const cancel = (): Op<boolean> => cancel_work_sync(count);
    const seen = survey({
      *setup() {
        yield* schedule_work(count);
      },
      tasks: { a: cancel, b: cancel },
    });
    expect(seen).toMatchObject(fine);
  });

  it('freeing after cancel_work_sync() is fine', () => {
    const seen = agree({
      *setup(): Op<item | null> {
        const made = yield* kzalloc(item, GFP_KERNEL);
        if (made !== null) yield* INIT_WORK(made.work, () => atomic_inc(ran));
        return made;
      },
      tasks: {
        *a(made) {
          if (made === null) return;
          yield* schedule_work(made.work);
          yield* cancel_work_sync(made.work);
          yield* kfree(made);
        },
      },
    });
    expect(seen).toMatchObject(fine);
  });
});
