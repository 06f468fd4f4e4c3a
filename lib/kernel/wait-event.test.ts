// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { Machine, type Op } from '../machine';
import { atomic_read, atomic_set, DEFINE_ATOMIC } from './atomic';
import { complete, completion_done, DECLARE_COMPLETION, wait_for_completion } from './completion';
import { EINTR, ERESTARTSYS, ETIME } from './err';
import {
  down_interruptible,
  down_timeout,
  mutex_lock_interruptible,
  mutex_lock_killable,
  wait_for_completion_interruptible,
  wait_for_completion_timeout,
} from './interruptible';
import { HZ } from './jiffies';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from './mutex';
import { READ_ONCE, WRITE_ONCE } from './once';
import { DEFINE_SEMAPHORE, up } from './semaphore';
import { static_var } from './static-var';
import { DECLARE_WAIT_QUEUE_HEAD, wait_event, waitqueue_active, wake_up } from './wait';
import {
  wait_event_interruptible,
  wait_event_interruptible_timeout,
  wait_event_killable,
  wait_event_timeout,
  wq_has_sleeper,
} from './wait-event';

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const queue = DECLARE_WAIT_QUEUE_HEAD('queue');
const ready = DEFINE_ATOMIC('ready', 0);
const flag = static_var('flag', false);
const done = DECLARE_COMPLETION('done');
const lock = DEFINE_MUTEX('lock');
const sem = DEFINE_SEMAPHORE('sem', 0);
const log: unknown[] = [];

function* isReady(): Op<boolean> {
  return (yield* atomic_read(ready)) === 1;
}

function* makeReady(): Op<void> {
  yield* atomic_set(ready, 1);
  yield* wake_up(queue);
}

interface Ends {
  readonly failures?: Record<string, number>;
  readonly expiries?: Record<string, number>;
}

/** All results of a wait beside a task that ends it; the wait is never for ever. */
function results(
  wait: () => Op<unknown>,
  other: () => Op<unknown>,
  ends: Ends = {},
  hung = 0,
): Set<unknown> {
  log.length = 0;
  const seen = agree({
    ...ends,
    tasks: {
      *a() {
        log.push(yield* wait());
      },
      b: other,
    },
  });
  expect(seen).toMatchObject({ ...fine, hung });
  return new Set(log);
}

function* nothing(): Op<void> {}
const signal = { failures: { signal: 1 } };
const fatal = { failures: { fatal_signal: 1 } };

describe('waits for a condition', () => {
  it('may look at a plain expression', () => {
    const wait = (): Op<void> => wait_event(queue, () => flag.value);
    function* set(): Op<void> {
      flag.value = true;
      yield* wake_up(queue);
    }
    expect(results(wait, set)).toEqual(new Set([undefined]));
  });

  it('end by a signal where there are any, and only those that let it', () => {
    const interruptible = (): Op<number> => wait_event_interruptible(queue, isReady);
    const killable = (): Op<number> => wait_event_killable(queue, isReady);
    expect(results(interruptible, makeReady)).toEqual(new Set([0]));
    expect(results(interruptible, makeReady, signal)).toEqual(new Set([0, -ERESTARTSYS]));
    expect(results(interruptible, nothing, signal)).toEqual(new Set([-ERESTARTSYS]));
    expect(results(killable, makeReady, signal)).toEqual(new Set([0]));
    expect(results(killable, makeReady, fatal)).toEqual(new Set([0, -ERESTARTSYS]));
  });

  it('whose time is over say so, and so often as the scenario says', () => {
    const timed = (): Op<number> => wait_event_timeout(queue, isReady, HZ);
    expect(results(timed, makeReady)).toEqual(new Set([0, 1]));
    expect(results(timed, nothing)).toEqual(new Set([0]));
    expect(results(timed, makeReady, { expiries: { timeout: 0 } })).toEqual(new Set([1]));
    function* again(): Op<number> {
      let times = 0;
      while ((yield* timed()) === 0) times++;
      return times;
    }
    expect(results(again, makeReady)).toEqual(new Set([0, 1, 2]));
  });

  it('may end both ways', () => {
    const either = (): Op<number> => wait_event_interruptible_timeout(queue, isReady, HZ);
    expect(results(either, makeReady)).toEqual(new Set([0, 1]));
    expect(results(either, nothing, signal)).toEqual(new Set([0, -ERESTARTSYS]));
    expect(results(either, makeReady, signal)).toEqual(new Set([0, 1, -ERESTARTSYS]));
  });
});

describe('waits for locks and completions', () => {
  it('of a mutex end by a signal only where they would have to wait', () => {
    function* held(): Op<void> {
      yield* mutex_lock(lock);
      yield* mutex_unlock(lock);
    }
    const taking = (take: (l: typeof lock) => Op<number>) =>
      function* (): Op<number> {
        const error = yield* take(lock);
        if (error === 0) yield* mutex_unlock(lock);
        return error;
      };
    expect(results(taking(mutex_lock_interruptible), held)).toEqual(new Set([0]));
    expect(results(taking(mutex_lock_interruptible), held, signal)).toEqual(new Set([0, -EINTR]));
    expect(results(taking(mutex_lock_interruptible), nothing, signal)).toEqual(new Set([0]));
    expect(results(taking(mutex_lock_killable), held, signal)).toEqual(new Set([0]));
    expect(results(taking(mutex_lock_killable), held, fatal)).toEqual(new Set([0, -EINTR]));
  });

  it('of a semaphore likewise, or by a timeout', () => {
    expect(
      results(
        () => down_interruptible(sem),
        () => up(sem),
        signal,
      ),
    ).toEqual(new Set([0, -EINTR]));
    expect(
      results(
        () => down_timeout(sem, HZ),
        () => up(sem),
      ),
    ).toEqual(new Set([0, -ETIME]));
  });

  it('of a completion leave it to the next who waits', () => {
    function* interrupted(): Op<string> {
      const error = yield* wait_for_completion_interruptible(done);
      return `${error} ${yield* completion_done(done)}`;
    }
    const expected = new Set(['0 false', `${-ERESTARTSYS} false`, `${-ERESTARTSYS} true`]);
    expect(results(interrupted, () => complete(done), signal)).toEqual(expected);
    function* timed(): Op<number> {
      const left = yield* wait_for_completion_timeout(done, HZ);
      if (left === 0) yield* wait_for_completion(done);
      return left;
    }
    expect(results(timed, () => complete(done))).toEqual(new Set([0, 1]));
  });
});

it('wq_has_sleeper() sees who sleeps where waitqueue_active() without a barrier need not', () => {
  const wakes = (look: typeof wq_has_sleeper): Op<void> =>
    (function* () {
      yield* WRITE_ONCE(flag, 'value', true);
      if (yield* look(queue)) yield* wake_up(queue);
    })();
  const wait = (): Op<void> =>
    wait_event(queue, function* () {
      return yield* READ_ONCE(flag, 'value');
    });
  expect(results(wait, () => wakes(wq_has_sleeper))).toEqual(new Set([undefined]));
  const reordered = (look: typeof wq_has_sleeper): number => hungIn(wait, () => wakes(look));
  expect(reordered(wq_has_sleeper)).toBe(0);
  expect(reordered(waitqueue_active)).toBeGreaterThan(0);
});

/** In how many executions somebody waits for ever, accesses seen in another order included. */
function hungIn(...bodies: (() => Op<unknown>)[]): number {
  let hung = 0;
  const boot = (machine: Machine): void => {
    bodies.forEach((body, i) => machine.spawn(`t${i}`, body));
  };
  dpor(new Machine({ boot }, { reorders: 'always' }), ({ machine }) => {
    if (machine.tasks.some((task) => task?.done === false)) hung++;
    return false;
  });
  return hung;
}
