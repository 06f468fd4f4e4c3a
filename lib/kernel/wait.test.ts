// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import { atomic_read, atomic_set, DEFINE_ATOMIC } from './atomic';
import { GFP_KERNEL, kzalloc } from './slab';
import { schedule } from './sched';
import {
  DECLARE_WAIT_QUEUE_HEAD,
  finish_wait,
  init_waitqueue_head,
  prepare_to_wait,
  wait_event,
  waitqueue_active,
  wake_up,
  wake_up_all,
} from './wait';
import { wait_queue_head_t } from './wait-queue';

const wq = DECLARE_WAIT_QUEUE_HEAD('wq');
const ready = DEFINE_ATOMIC('ready', 0);
const holder = struct('holder', { wq: wait_queue_head_t });

function* isReady(): Op<boolean> {
  return (yield* atomic_read(ready)) !== 0;
}

function* setAndWake(): Op<void> {
  yield* atomic_set(ready, 1);
  yield* wake_up(wq);
}

describe('wait queues', () => {
  it('wait_event() never misses a condition that is set before the wake-up', () => {
    // read 1; read 0, prepare, read 1 with the wake-up in 3 places; read 0, prepare, read 0, woken, read 1.
    const seen = agree({ tasks: { a: () => wait_event(wq, isReady), b: setAndWake } });
    expect(seen).toMatchObject({ surplus: 0, blocked: 0, hung: 0, complaints: [] });
    expect(seen.executions).toBe(5);
  });

  it('a sleeper that looks before it queues can miss the wake-up', () => {
    const seen = agree({
      tasks: {
        *a() {
          if (yield* isReady()) return;
          yield* prepare_to_wait(wq);
          yield* schedule();
          yield* finish_wait(wq);
        },
        b: setAndWake,
      },
    });
    expect(seen.hung).toBeGreaterThan(0);
    expect(seen).toMatchObject({ surplus: 0, blocked: 0 });
  });

  it('a wake-up before the condition is set is lost', () => {
    const seen = agree({
      tasks: {
        a: () => wait_event(wq, isReady),
        *b() {
          yield* wake_up(wq);
          yield* atomic_set(ready, 1);
        },
      },
    });
    expect(seen.hung).toBeGreaterThan(0);
    expect(seen).toMatchObject({ surplus: 0, blocked: 0 });
  });

  it('waiters commute: two of them and one wake_up_all()', () => {
    const waiter = function* (): Op<void> {
      yield* prepare_to_wait(wq);
      yield* schedule();
      yield* finish_wait(wq);
    };
    // The wake-up comes before, or after, each of the two: 4 traces, in 3 of which somebody hangs.
    const seen = agree({ tasks: { a: waiter, b: waiter, c: () => wake_up_all(wq) } });
    expect(seen).toMatchObject({ surplus: 0, blocked: 0, hung: 3 });
  });

  it('schedule() without a queue just goes on, and a queue nobody waits on is not active', () => {
    const answers = new Set<boolean>();
    const seen = agree({
      tasks: {
        *a() {
          yield* schedule();
          answers.add(yield* waitqueue_active(wq));
        },
      },
    });
    expect(seen).toMatchObject({ executions: 1, hung: 0 });
    expect([...answers]).toEqual([false]);
  });

  it('complains of a queue that was never initialised, and not of one that was', () => {
    const program = (init: boolean): ReturnType<typeof agree> =>
      agree({
        tasks: {
          *a() {
            const object = yield* kzalloc(holder, GFP_KERNEL);
            if (object === null) return;
            if (init) yield* init_waitqueue_head(object.wq);
            yield* wake_up(object.wq);
          },
        },
      });
    expect(program(true).complaints).toEqual([]);
    expect(program(false).complaints).toEqual(['spinlock: bad magic on CPU#1, a/101']);
  });
});
