// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { atomic_inc, atomic_read, DEFINE_ATOMIC } from './atomic';
import { free_irq, IRQ_HANDLED, raise_irq, request_irq } from './interrupt';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from './mutex';
import { GFP_KERNEL, kfree, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';
import { spin_lock_bh, spin_unlock_bh } from './spinlock-irq';
import {
  DECLARE_TASKLET,
  DECLARE_TASKLET_DISABLED,
  from_tasklet,
  tasklet_disable,
  tasklet_disable_in_atomic,
  tasklet_disable_nosync,
  tasklet_enable,
  tasklet_kill,
  tasklet_schedule,
  tasklet_setup,
} from './tasklet';
import { tasklet_struct } from './tasklet-core';
import { int } from './types';

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const runs = DEFINE_ATOMIC('runs', 0);
const lock = DEFINE_SPINLOCK('lock');
const sleeping = DEFINE_MUTEX('sleeping');
const log: string[] = [];

const counts = DECLARE_TASKLET('counts', function* count() {
  yield* atomic_inc(runs);
});
const off = DECLARE_TASKLET_DISABLED('off', function* count() {
  yield* atomic_inc(runs);
});
const locking = DECLARE_TASKLET('locking', function* locks() {
  yield* spin_lock(lock);
  yield* spin_unlock(lock);
});
const sleeps = DECLARE_TASKLET('sleeps', function* sleepy() {
  yield* mutex_lock(sleeping);
  yield* mutex_unlock(sleeping);
});
const kills_itself = DECLARE_TASKLET('kills_itself', tasklet_kill);

const device = struct('device', { tasklet: tasklet_struct, events: int });
interface device extends StructOf<typeof device> {}

function* handle(t: tasklet_struct): Op<void> {
  from_tasklet(device, t, 'tasklet').events++;
}

/** What is seen of the runs at the end. */
function ends(tasks: Readonly<Record<string, () => Op<unknown>>>): {
  readonly seen: ReturnType<typeof agree>;
  readonly logged: ReadonlySet<string>;
} {
  log.length = 0;
  const seen = agree({
    tasks,
    *check() {
      log.push(`in the end ${yield* atomic_read(runs)}`);
    },
  });
  return { seen, logged: new Set(log) };
}

describe('tasklets', () => {
  it('run once for what schedules them before they run, and once more for what does so after', () => {
    const { seen, logged } = ends({
      *a() {
        yield* tasklet_schedule(counts);
        yield* tasklet_schedule(counts);
      },
    });
    expect(seen).toMatchObject(fine);
    expect(logged).toEqual(new Set(['in the end 1', 'in the end 2']));
  });

  it('never run twice at a time', () => {
    let now = 0;
    let most = 0;
    const one = DECLARE_TASKLET('one', function* () {
      most = Math.max(most, ++now);
      yield* atomic_inc(runs);
      now--;
    });
    const schedules = (): Op<void> => tasklet_schedule(one);
    expect(ends({ a: schedules, b: schedules }).seen).toMatchObject(fine);
    expect(most).toBe(1);
  });

  it('have run after tasklet_kill()', () => {
    const { seen, logged } = ends({
      *a() {
        yield* tasklet_schedule(counts);
        yield* tasklet_kill(counts);
        log.push(`then ${yield* atomic_read(runs)}`);
      },
    });
    expect(seen).toMatchObject(fine);
    expect(logged).toEqual(new Set(['then 1', 'in the end 1']));
  });

  it.each([tasklet_disable, tasklet_disable_in_atomic])(
    'do not run while they are disabled by %p',
    (disable) => {
      const { seen, logged } = ends({
        *a() {
          yield* tasklet_schedule(counts);
          yield* disable(counts);
          const before = yield* atomic_read(runs);
          yield* tasklet_schedule(counts);
          log.push(`then ${(yield* atomic_read(runs)) - before}`);
          yield* tasklet_enable(counts);
        },
      });
      expect(seen).toMatchObject(fine);
      expect(logged).toEqual(new Set(['then 0', 'in the end 1', 'in the end 2']));
    },
  );

  it('may go on running after tasklet_disable_nosync()', () => {
    const { logged } = ends({
      *a() {
        yield* tasklet_schedule(counts);
        yield* tasklet_disable_nosync(counts);
        const before = yield* atomic_read(runs);
        log.push(`then ${(yield* atomic_read(runs)) - before}`);
      },
    });
    expect(logged).toEqual(new Set(['then 0', 'then 1', 'in the end 0', 'in the end 1']));
  });

  it('run only after they are enabled as often as they were disabled', () => {
    const { seen, logged } = ends({
      *a() {
        yield* tasklet_disable(off);
        yield* tasklet_schedule(off);
        yield* tasklet_enable(off);
        log.push(`then ${yield* atomic_read(runs)}`);
        yield* tasklet_enable(off);
        yield* tasklet_kill(off);
      },
    });
    expect(seen).toMatchObject(fine);
    expect(logged).toEqual(new Set(['then 0', 'in the end 1']));
  });

  it('that are scheduled and disabled are never killed', () => {
    const { seen } = ends({
      *a() {
        yield* tasklet_schedule(off);
        yield* tasklet_kill(off);
      },
    });
    expect(seen).toMatchObject({ executions: 1, hung: 1 });
  });
});

/** What the detectors tell of a program of one task and its tasklets. */
function tells(body: () => Op<unknown>): ReturnType<typeof told> {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('a', body);
  });
}

describe('tasklets and the detectors', () => {
  it('report one that is freed before it has run, and not one that is killed before', () => {
    const freeing = (end: (t: tasklet_struct) => Op<unknown>): readonly string[] =>
      tells(function* () {
        const one = yield* kzalloc(device, GFP_KERNEL);
        if (one === null) return;
        yield* tasklet_setup(one.tasklet, handle);
        yield* tasklet_schedule(one.tasklet);
        yield* end(one.tasklet);
        yield* kfree(one);
      }).kinds;
    expect(freeing(tasklet_disable_nosync)).toContain('slab-use-after-free');
    expect(freeing(tasklet_kill)).toEqual([]);
  });

  it('report one that was never set up', () => {
    const found = tells(function* () {
      const one = yield* kzalloc(device, GFP_KERNEL);
      if (one === null) return;
      yield* tasklet_schedule(one.tasklet);
      yield* tasklet_kill(one.tasklet);
      yield* kfree(one);
    });
    expect(found.kinds).toContain('null-deref');
  });

  it('report one that sleeps, and one that waits for itself', () => {
    expect(tells(() => tasklet_schedule(sleeps)).kinds).toEqual(['sleeping-in-atomic']);
    expect(tells(() => tasklet_schedule(kills_itself)).kinds).toContain('sleeping-in-atomic');
  });

  it('report a lock that both a tasklet and a task with softirqs on take', () => {
    const taking = (take: typeof spin_lock, drop: typeof spin_lock): readonly string[] =>
      tells(function* () {
        yield* tasklet_schedule(locking);
        yield* take(lock);
        yield* drop(lock);
        yield* tasklet_kill(locking);
      }).kinds;
    expect(taking(spin_lock, spin_unlock)).toContain('inconsistent-lock-state');
    expect(taking(spin_lock_bh, spin_unlock_bh)).toEqual([]);
  });

  it('do what an interrupt leaves to them', () => {
    const found = tells(function* () {
      const one = yield* kzalloc(device, GFP_KERNEL);
      if (one === null) return;
      yield* tasklet_setup(one.tasklet, handle);
      yield* request_irq(
        5,
        function* () {
          yield* tasklet_schedule(one.tasklet);
          return IRQ_HANDLED;
        },
        0,
        'device',
        one,
      );
      yield* raise_irq(5);
      yield* free_irq(5, one);
      yield* tasklet_kill(one.tasklet);
      yield* kfree(one);
    });
    expect(found.kinds).toEqual([]);
  });
});
