// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_inc, atomic_read, DEFINE_ATOMIC } from './atomic';
import {
  CLOCK_MONOTONIC,
  hrtimer,
  hrtimer_cancel,
  type hrtimer_func_t,
  HRTIMER_MODE_REL,
  HRTIMER_NORESTART,
  HRTIMER_RESTART,
  hrtimer_is_queued,
  hrtimer_setup,
  hrtimer_start,
  hrtimer_try_to_cancel,
} from './hrtimer';
import { container_of } from './list';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from './mutex';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';
import { spin_lock_irqsave, spin_unlock_irqrestore } from './spinlock-irq';

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const ticks = DEFINE_ATOMIC('ticks', 0);
const lock = DEFINE_SPINLOCK('lock');
const sleeping = DEFINE_MUTEX('sleeping');
const log: string[] = [];

const device = struct('device', { timer: hrtimer });
interface device extends StructOf<typeof device> {}

const once: hrtimer_func_t = function* tick() {
  yield* atomic_inc(ticks);
  return HRTIMER_NORESTART;
};
const again: hrtimer_func_t = function* ticking() {
  yield* atomic_inc(ticks);
  return HRTIMER_RESTART;
};

function* make(func: hrtimer_func_t): Op<device | null> {
  const one = yield* kzalloc(device, GFP_KERNEL);
  if (one === null) return null;
  yield* hrtimer_setup(one.timer, func, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
  return one;
}
const start = (one: device): Op<void> => hrtimer_start(one.timer, 1, HRTIMER_MODE_REL);

beforeEach(() => (log.length = 0));

describe('hrtimers', () => {
  it('expire once, or again as they say, and never after hrtimer_cancel()', () => {
    const after = (func: hrtimer_func_t, cancels: boolean): ReadonlySet<string> => {
      log.length = 0;
      const seen = agree({
        setup: () => make(func),
        tasks: {
          *a(one) {
            if (one === null) return;
            yield* start(one);
            if (!cancels) return;
            const armed = yield* hrtimer_cancel(one.timer);
            const count = yield* atomic_read(ticks);
            log.push(`${armed} ${yield* hrtimer_is_queued(one.timer)}`);
            log.push(`then ${(yield* atomic_read(ticks)) - count}`);
          },
        },
        *check() {
          log.push(`in the end ${yield* atomic_read(ticks)}`);
        },
      });
      expect(seen).toMatchObject(fine);
      return new Set(log);
    };
    expect(after(once, false)).toEqual(new Set(['in the end 1']));
    expect(after(again, false)).toEqual(new Set(['in the end 2']));
    const cancelled = after(again, true);
    expect(cancelled).toContain('then 0');
    expect(cancelled).not.toContain('then 1');
    expect([...cancelled].filter((line) => line.endsWith('true'))).toEqual([]);
  });

  it('are not cancelled by hrtimer_try_to_cancel() while they run', () => {
    agree({
      setup: () => make(once),
      tasks: {
        *a(one) {
          if (one === null) return;
          yield* start(one);
          log.push(String(yield* hrtimer_try_to_cancel(one.timer)));
        },
      },
    });
    expect(new Set(log)).toEqual(new Set(['1', '-1', '0']));
  });
});

/** What the detectors tell of a task with a timer. */
function tells(func: hrtimer_func_t, body: (one: device) => Op<unknown>): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('a', function* () {
      const one = yield* make(func);
      if (one !== null) yield* body(one);
    });
  }).kinds;
}

describe('hrtimers and the detectors', () => {
  it('report one that is freed while it is armed, or runs', () => {
    const freeing = (
      cancel: (t: hrtimer) => Op<unknown>,
      func: hrtimer_func_t,
    ): readonly string[] =>
      tells(func, function* (one) {
        yield* start(one);
        yield* cancel(one.timer);
        yield* kfree(one);
      });
    const uses: hrtimer_func_t = function* use(t) {
      yield* hrtimer_is_queued(container_of(t, device, 'timer').timer);
      return HRTIMER_NORESTART;
    };
    expect(freeing(hrtimer_cancel, uses)).toEqual([]);
    expect(freeing(hrtimer_cancel, again)).toEqual([]);
    expect(freeing(hrtimer_try_to_cancel, again)).toContain('slab-use-after-free');
    expect(freeing(hrtimer_is_queued, once)).toContain('odebug-free-active');
  });

  it('report one that sleeps, and a lock that it shares with a task with interrupts on', () => {
    const sleeps: hrtimer_func_t = function* () {
      yield* mutex_lock(sleeping);
      yield* mutex_unlock(sleeping);
      return HRTIMER_NORESTART;
    };
    const locks: hrtimer_func_t = function* () {
      yield* spin_lock(lock);
      yield* spin_unlock(lock);
      return HRTIMER_NORESTART;
    };
    expect(tells(sleeps, start)).toContain('sleeping-in-atomic');
    const plain = tells(locks, function* (one) {
      yield* start(one);
      yield* spin_lock(lock);
      yield* spin_unlock(lock);
      yield* hrtimer_cancel(one.timer);
    });
    expect(plain).toContain('inconsistent-lock-state');
    const saving = tells(locks, function* (one) {
      yield* start(one);
      const flags = yield* spin_lock_irqsave(lock);
      yield* spin_unlock_irqrestore(lock, flags);
      yield* hrtimer_cancel(one.timer);
      yield* kfree(one);
    });
    expect(saving).toEqual([]);
  });

  it('report a cancel with a lock that the function takes, which never ends', () => {
    const locks: hrtimer_func_t = function* () {
      yield* spin_lock(lock);
      yield* spin_unlock(lock);
      return HRTIMER_NORESTART;
    };
    const kinds = tells(locks, function* (one) {
      yield* start(one);
      const flags = yield* spin_lock_irqsave(lock);
      yield* hrtimer_cancel(one.timer);
      yield* spin_unlock_irqrestore(lock, flags);
    });
    expect(kinds).toContain('deadlock');
  });
});
