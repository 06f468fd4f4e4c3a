// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_inc, atomic_read, DEFINE_ATOMIC } from './atomic';
import { DECLARE_COMPLETION, wait_for_completion } from './completion';
import { msleep } from './delay';
import { HZ, jiffies, time_after } from './jiffies';
import { mutex_lock, DEFINE_MUTEX, mutex_unlock } from './mutex';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';
import { spin_lock_bh, spin_unlock_bh } from './spinlock-irq';
import {
  add_timer,
  DEFINE_TIMER,
  from_timer,
  mod_timer,
  timer_pending,
  timer_setup,
} from './timer';
import { timer_list } from './timer-core';
import {
  del_timer,
  timer_delete,
  timer_delete_sync,
  timer_shutdown,
  timer_shutdown_sync,
  try_to_del_timer_sync,
} from './timer-delete';
import { int } from './types';

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const ticks = DEFINE_ATOMIC('ticks', 0);
const lock = DEFINE_SPINLOCK('lock');
const sleeping = DEFINE_MUTEX('sleeping');
const never = DECLARE_COMPLETION('never');
const log: string[] = [];

const timer = DEFINE_TIMER('timer', function* tick() {
  yield* atomic_inc(ticks);
});
const watchdog = DEFINE_TIMER('watchdog', function* bark(t) {
  yield* atomic_inc(ticks);
  yield* mod_timer(t, HZ);
});
const locking = DEFINE_TIMER('locking', function* locking_timer() {
  yield* spin_lock(lock);
  yield* spin_unlock(lock);
});
const deletes_itself = DEFINE_TIMER('deletes_itself', timer_delete_sync);
const sleeps = DEFINE_TIMER('sleeps', function* sleeping_timer() {
  yield* mutex_lock(sleeping);
  yield* mutex_unlock(sleeping);
});
const late = DEFINE_TIMER('late', function* () {
  log.push(String((yield* jiffies()) >= 10));
});

const device = struct('device', { watchdog: timer_list, barks: int });
interface device extends StructOf<typeof device> {}

function* free(t: timer_list): Op<void> {
  yield* kfree(from_timer(device, t, 'watchdog'));
}

function* make(func: (t: timer_list) => Op<unknown>): Op<device | null> {
  const one = yield* kzalloc(device, GFP_KERNEL);
  if (one !== null) yield* timer_setup(one.watchdog, func, 0);
  return one;
}

beforeEach(() => (log.length = 0));

describe('timers', () => {
  it('expire after they were armed, and not before', () => {
    const seen = agree({
      tasks: {
        *a() {
          log.push(`${yield* atomic_read(ticks)}`);
          log.push(`${yield* mod_timer(timer, HZ)} ${yield* mod_timer(timer, HZ)}`);
          log.push(`${yield* timer_pending(timer)}`);
        },
      },
      *check() {
        log.push(`in the end ${yield* atomic_read(ticks)}`);
      },
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(log)).toEqual(
      new Set(['0', '0 1', 'true', 'false', '0 0', 'in the end 1', 'in the end 2']),
    );
  });

  it('may still run after del_timer(), and not after timer_delete_sync()', () => {
    const after = (del: (t: timer_list) => Op<number>): Set<string> => {
      log.length = 0;
      const seen = agree({
        tasks: {
          *a() {
            yield* mod_timer(timer, HZ);
            log.push(`${yield* del(timer)} ${yield* atomic_read(ticks)}`);
          },
        },
      });
      expect(seen).toMatchObject(fine);
      return new Set(log);
    };
    expect(after(del_timer)).toEqual(new Set(['1 0', '0 1', '0 0']));
    expect(after(timer_delete_sync)).toEqual(new Set(['1 0', '0 1']));
  });

  it('never run twice at a time', () => {
    let most = 0;
    let now = 0;
    const seen = agree({
      *setup() {
        now = 0;
        return yield* make(function* () {
          most = Math.max(most, ++now);
          yield* atomic_inc(ticks);
          now--;
        });
      },
      tasks: {
        *a(made) {
          if (made === null) return;
          yield* mod_timer(made.watchdog, HZ);
          yield* mod_timer(made.watchdog, HZ);
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(most).toBe(1);
  });

  it('may free themselves', () => {
    const seen = agree({
      setup: () => make(free),
      tasks: {
        *a(made) {
          if (made !== null) yield* mod_timer(made.watchdog, HZ);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
  });

  it('that arm themselves for ever expire as often as the scenario says', () => {
    const ends = (expiries: Record<string, number>): Set<string> => {
      log.length = 0;
      agree({
        expiries,
        tasks: { a: () => mod_timer(watchdog, HZ) },
        *check() {
          log.push(`${yield* atomic_read(ticks)} ${yield* timer_pending(watchdog)}`);
        },
      });
      return new Set(log);
    };
    expect(ends({})).toEqual(new Set(['2 true']));
    expect(ends({ watchdog: 3, timer: 1 })).toEqual(new Set(['3 true']));
  });

  it('that arm themselves are off after timer_delete_sync()', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* mod_timer(watchdog, HZ);
          yield* timer_delete_sync(watchdog);
        },
      },
      *check() {
        log.push(String(yield* timer_pending(watchdog)));
      },
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(log)).toEqual(new Set(['false']));
  });

  it('cannot be armed again once they are shut down', () => {
    agree({
      tasks: {
        *a() {
          log.push(`${yield* timer_shutdown(timer)} ${yield* mod_timer(timer, HZ)}`);
          log.push(String(yield* timer_pending(timer)));
        },
      },
    });
    expect(log).toEqual(expect.arrayContaining(['0 0', 'false']));
    expect(new Set(log).size).toBe(2);
  });

  it('that arm themselves have an end by timer_shutdown_sync()', () => {
    agree({
      tasks: {
        *a() {
          yield* mod_timer(watchdog, HZ);
          yield* timer_shutdown_sync(watchdog);
          const before = yield* atomic_read(ticks);
          yield* mod_timer(watchdog, HZ);
          log.push(`${(yield* atomic_read(ticks)) - before} ${yield* timer_pending(watchdog)}`);
        },
      },
    });
    expect(new Set(log)).toEqual(new Set(['0 false']));
  });

  it('are not deleted by try_to_del_timer_sync() while they run', () => {
    agree({
      tasks: {
        *a() {
          yield* mod_timer(timer, HZ);
          log.push(String(yield* try_to_del_timer_sync(timer)));
        },
      },
    });
    expect(new Set(log)).toEqual(new Set(['1', '-1', '0']));
  });

  it('armed by add_timer() while they are, give a warning', () => {
    const twice = agree({
      tasks: {
        *a() {
          yield* add_timer(timer);
          yield* add_timer(timer);
        },
      },
    });
    expect(twice.complaints).toEqual(['warn: ']);
    const once = agree({ tasks: { a: () => add_timer(timer) } });
    expect(once).toMatchObject({ ...fine, executions: 1 });
  });

  it('complain when they were never set up', () => {
    const seen = agree({
      *setup() {
        return yield* kzalloc(device, GFP_KERNEL);
      },
      tasks: {
        *a(made) {
          if (made !== null) yield* mod_timer(made.watchdog, HZ);
        },
      },
    });
    expect(seen.complaints).toEqual([
      'warn: ODEBUG: assert_init not available (active state 0) object: device#1.watchdog object type: timer_list hint: 0x0',
    ]);
  });

  it('see no time before the one they were armed for; nor does a task that has slept', () => {
    agree({
      tasks: {
        *a() {
          const start = yield* jiffies();
          yield* mod_timer(late, 10);
          yield* msleep(20);
          log.push(String(time_after(yield* jiffies(), start)));
        },
      },
    });
    expect(new Set(log)).toEqual(new Set(['true']));
  });
});

/** What the detectors tell of a program of one task and its timers. */
function tells(body: () => Op<unknown>): ReturnType<typeof told> {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('a', body);
  });
}

describe('timers and the detectors', () => {
  it('report a timer that is freed while it is armed, and not one that is deleted before', () => {
    const freeing = (del: (t: timer_list) => Op<unknown>): readonly string[] =>
      tells(function* () {
        const one = yield* make(function* use(t) {
          yield* atomic_inc(ticks);
          from_timer(device, t, 'watchdog').barks++;
        });
        if (one === null) return;
        yield* mod_timer(one.watchdog, HZ);
        yield* del(one.watchdog);
        yield* kfree(one);
      }).kinds;
    expect(freeing(timer_pending)).toEqual([
      '(slab-use-after-free)',
      'odebug-free-active',
      'slab-use-after-free',
    ]);
    expect(freeing(del_timer)).toEqual(['(slab-use-after-free)', 'slab-use-after-free']);
    expect(freeing(timer_delete_sync)).toEqual([]);
  });

  it('report one that waits for itself', () => {
    const found = tells(() => mod_timer(deletes_itself, HZ));
    expect(found.kinds).toEqual(['deadlock', 'recursive-locking']);
    expect(found.report('deadlock')).toMatch(/^watchdog: BUG: soft lockup - CPU#2 stuck in /);
  });

  it('report one that waits with a lock that the function takes, and not one without', () => {
    const found = tells(function* () {
      yield* mod_timer(locking, HZ);
      yield* spin_lock_bh(lock);
      yield* timer_delete_sync(locking);
      yield* spin_unlock_bh(lock);
    });
    expect(found.kinds).toEqual(['circular-locking', 'deadlock']);
    const apart = tells(function* () {
      yield* mod_timer(locking, HZ);
      yield* spin_lock_bh(lock);
      yield* timer_delete(locking);
      yield* spin_unlock_bh(lock);
      yield* timer_delete_sync(locking);
    });
    expect(apart.kinds).toEqual([]);
  });

  it('report one that sleeps', () => {
    expect(tells(() => mod_timer(sleeps, HZ)).kinds).toEqual(['sleeping-in-atomic']);
  });

  it('say of a wait that a timer beyond its bound might have ended it', () => {
    const waits = (t: timer_list): string =>
      tells(function* () {
        yield* mod_timer(t, HZ);
        yield* wait_for_completion(never);
      }).report('hung-task');
    const said =
      "watchdog is armed and would expire again: the scenario's 'expiries' says how often is explored.";
    expect(waits(watchdog)).toContain(said);
    expect(waits(timer)).not.toContain('expir');
  });
});
