// SPDX-License-Identifier: GPL-2.0-only
import { agree, type Seen } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { atomic_dec, atomic_read, atomic_set, DEFINE_ATOMIC } from './atomic';
import { READ_ONCE, WRITE_ONCE } from './once';
import type { task_struct } from './join';
import {
  __set_current_state,
  get_current,
  schedule,
  schedule_timeout,
  schedule_timeout_uninterruptible,
  set_current_state,
  signal_pending,
  wake_up_process,
} from './sched';
import { static_var } from './static-var';
import { TASK_INTERRUPTIBLE, TASK_RUNNING, TASK_UNINTERRUPTIBLE } from './task-state';
import {
  add_wait_queue,
  DECLARE_WAIT_QUEUE_HEAD,
  finish_wait,
  prepare_to_wait,
  prepare_to_wait_exclusive,
  remove_wait_queue,
  wake_up,
  wake_up_all,
  wake_up_interruptible,
  wake_up_nr,
} from './wait';
import { wait_event_interruptible_exclusive } from './wait-event';

const waiter = static_var<task_struct | null>('waiter', null);
const wq = DECLARE_WAIT_QUEUE_HEAD('wq');
const ready = DEFINE_ATOMIC('ready', 0);
const log: unknown[] = [];
const fine = { surplus: 0, blocked: 0, complaints: [] };

function* wakeWaiter(): Op<void> {
  yield* atomic_set(ready, 1);
  const task = yield* READ_ONCE(waiter, 'value');
  if (task !== null) yield* wake_up_process(task);
}

/** A task that sleeps until it is ready, setting its state with `set` before or after its check. */
function sleeper(set: (state: number) => Op<void>, checkFirst = false): () => Op<void> {
  return function* () {
    yield* WRITE_ONCE(waiter, 'value', get_current());
    for (;;) {
      if (checkFirst && (yield* atomic_read(ready)) === 1) break;
      yield* set(TASK_UNINTERRUPTIBLE);
      if (!checkFirst && (yield* atomic_read(ready)) === 1) break;
      yield* schedule();
    }
    yield* __set_current_state(TASK_RUNNING);
  };
}

function together(a: () => Op<unknown>, b: () => Op<unknown>, more: object = {}): Seen {
  log.length = 0;
  return agree({ tasks: { a, b }, ...more });
}

describe('sleeping by hand', () => {
  it('misses no wake-up if the state is set before the check', () => {
    expect(together(sleeper(set_current_state), wakeWaiter)).toMatchObject({ ...fine, hung: 0 });
  });

  it('misses one if the state is set after the check', () => {
    const seen = together(sleeper(set_current_state, true), wakeWaiter);
    expect(seen).toMatchObject(fine);
    expect(seen.hung).toBeGreaterThan(0);
  });

  it('sleeps on no queue that is woken in another state', () => {
    function* interruptible(): Op<void> {
      yield* prepare_to_wait(wq, TASK_INTERRUPTIBLE);
      yield* schedule();
      yield* finish_wait(wq);
    }
    const all = together(interruptible, () => wake_up(wq));
    expect(together(interruptible, () => wake_up_interruptible(wq)).hung).toBe(all.hung);
    function* uninterruptible(): Op<void> {
      yield* prepare_to_wait(wq, TASK_UNINTERRUPTIBLE);
      yield* schedule();
      yield* finish_wait(wq);
    }
    const seen = together(uninterruptible, () => wake_up_interruptible(wq));
    expect(seen.hung).toBe(seen.executions);
  });

  it('stays on the queue that it was added to, until it is removed', () => {
    function* added(): Op<void> {
      yield* add_wait_queue(wq);
      for (;;) {
        yield* set_current_state(TASK_INTERRUPTIBLE);
        if ((yield* atomic_read(ready)) === 2) break;
        yield* schedule();
      }
      yield* __set_current_state(TASK_RUNNING);
      yield* remove_wait_queue(wq);
    }
    function* twice(): Op<void> {
      for (const value of [1, 2]) {
        yield* atomic_set(ready, value);
        yield* wake_up_interruptible(wq);
      }
    }
    expect(together(added, twice)).toMatchObject({ ...fine, hung: 0 });
  });

  it('is also ended by wake_up_process() while it is on a queue', () => {
    function* queued(): Op<void> {
      yield* WRITE_ONCE(waiter, 'value', get_current());
      yield* prepare_to_wait(wq, TASK_INTERRUPTIBLE);
      if ((yield* atomic_read(ready)) === 0) yield* schedule();
      yield* finish_wait(wq);
    }
    expect(together(queued, wakeWaiter)).toMatchObject({ ...fine, hung: 0 });
  });

  it('is ended by a signal, which stays pending', () => {
    function* signalled(): Op<void> {
      yield* set_current_state(TASK_INTERRUPTIBLE);
      if (!(yield* signal_pending(get_current()))) yield* schedule();
      log.push(yield* signal_pending(get_current()));
    }
    const ends = { failures: { signal: 1 } };
    const seen = together(signalled, () => atomic_set(ready, 1), ends);
    expect(seen.hung).toBe(0);
    expect(new Set(log)).toEqual(new Set([true]));
  });

  it('for some time ends by a wake-up or by the time', () => {
    function* timed(): Op<void> {
      yield* WRITE_ONCE(waiter, 'value', get_current());
      yield* set_current_state(TASK_INTERRUPTIBLE);
      log.push(yield* schedule_timeout(7));
    }
    expect(together(timed, wakeWaiter)).toMatchObject({ ...fine, hung: 0 });
    expect(new Set(log)).toEqual(new Set([0, 7]));
  });

  it('in a loop looks again when something has changed, for ever', () => {
    function* waits(): Op<void> {
      while ((yield* atomic_read(ready)) !== -4) yield* schedule_timeout_uninterruptible(1);
    }
    function* counts(): Op<void> {
      for (let i = 0; i < 4; i++) yield* atomic_dec(ready);
    }
    expect(together(waits, counts).hung).toBe(0);
    const never = together(waits, () => atomic_dec(ready));
    expect(never.hung).toBe(never.executions);
  });
});

describe('exclusive waiters', () => {
  function* exclusive(): Op<void> {
    yield* prepare_to_wait_exclusive(wq, TASK_UNINTERRUPTIBLE);
    yield* schedule();
    yield* finish_wait(wq);
  }

  it.each([
    ['wake_up() wakes one', () => wake_up(wq), 1],
    ['wake_up_nr(2) wakes both', () => wake_up_nr(wq, 2), 2],
    ['wake_up_all() wakes both', () => wake_up_all(wq), 2],
  ])('%s', (_name, wake, most) => {
    let woken = 0;
    const seen = agree({
      tasks: {
        *a() {
          yield* exclusive();
          woken |= 1;
        },
        *b() {
          yield* exclusive();
          woken |= 2;
        },
        c: wake,
      },
    });
    expect(seen).toMatchObject({ surplus: 0, blocked: 0 });
    // Both wait before the wake-up in two executions: one for each order in which they came.
    expect(seen.hung).toBe(most === 2 ? seen.executions - 2 : seen.executions);
    expect(woken).toBe(3);
  });

  it('that came first is woken first, and hands on', () => {
    function* take(): Op<void> {
      yield* wait_event_interruptible_exclusive(wq, function* () {
        return (yield* atomic_read(ready)) === 1;
      });
      yield* wake_up(wq);
    }
    const seen = agree({
      tasks: {
        a: take,
        b: take,
        *c() {
          yield* atomic_set(ready, 1);
          yield* wake_up(wq);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, hung: 0 });
  });
});
