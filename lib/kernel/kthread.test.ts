// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import { Machine, type Op } from '../machine';
import { allMonitors } from '../sanitize';
import { EBUSY, EINTR, ENOMEM, IS_ERR, PTR_ERR } from './err';
import type { task_struct } from './join';
import {
  get_task_struct,
  kthread_create,
  kthread_park,
  kthread_parkme,
  kthread_run,
  kthread_should_park,
  kthread_should_stop,
  kthread_stop,
  kthread_unpark,
  put_task_struct,
} from './kthread';
import { __set_current_state, schedule, set_current_state } from './sched';
import { static_var } from './static-var';
import { TASK_INTERRUPTIBLE, TASK_RUNNING } from './task-state';

const shared = static_var<task_struct | null>('shared', null);

/** Sleeps until it is stopped; with the check first, it can miss that. */
function sleeps(checkFirst: boolean) {
  return function* (): Op<number> {
    for (;;) {
      if (checkFirst && (yield* kthread_should_stop())) break;
      yield* set_current_state(TASK_INTERRUPTIBLE);
      if (!checkFirst && (yield* kthread_should_stop())) break;
      yield* schedule();
    }
    yield* __set_current_state(TASK_RUNNING);
    return 7;
  };
}

function* returns(): Op<number> {
  return 3;
}

function* run(threadfn: () => Op<number>): Op<task_struct> {
  const thread = yield* kthread_run(threadfn, null, 'worker');
  if (IS_ERR(thread)) throw new TypeError('no thread');
  return thread;
}

/** All results of what one task does, and how many executions hung. */
function results(body: () => Op<unknown>, failures = {}): { seen: unknown[]; hung: number } {
  const seen = new Set<unknown>();
  const { hung, surplus, blocked } = agree({
    failures,
    tasks: {
      *a() {
        seen.add(yield* body());
      },
    },
  });
  expect({ surplus, blocked }).toEqual({ surplus: 0, blocked: 0 });
  return { seen: [...seen], hung };
}

/** The kinds of what the detectors find in all executions. */
function found(...bodies: (() => Op<unknown>)[]): string[] {
  const program = {
    boot(machine: Machine) {
      bodies.forEach((body, i) => machine.spawn(`t${i}`, body));
    },
  };
  const kinds = new Set<string>();
  const machine = new Machine(program, { monitors: allMonitors() });
  dpor(machine, () => {
    for (const { kind } of machine.findings) kinds.add(kind);
    return false;
  });
  return [...kinds].sort();
}

describe('kthread_stop()', () => {
  it('wakes a thread that sleeps, and gives its result, or -EINTR if it never ran', () => {
    const stop = function* (): Op<number> {
      return yield* kthread_stop(yield* run(sleeps(false)));
    };
    expect(results(stop)).toEqual({ seen: [-EINTR, 7], hung: 0 });
  });

  it('is missed by a thread that checks before it sets its state', () => {
    const stop = function* (): Op<number> {
      return yield* kthread_stop(yield* run(sleeps(true)));
    };
    expect(results(stop).hung).toBeGreaterThan(0);
  });

  it('gives -EINTR for a thread that never ran', () => {
    const stop = function* (): Op<number> {
      const thread = yield* kthread_create(returns, null, 'worker');
      return IS_ERR(thread) ? PTR_ERR(thread) : yield* kthread_stop(thread);
    };
    expect(results(stop)).toEqual({ seen: [-EINTR], hung: 0 });
    expect(results(stop, { kthread_create: 1 }).seen).toContain(-ENOMEM);
  });

  it('twice uses a task_struct that is gone; once does not', () => {
    const times = (n: number) =>
      function* (): Op<void> {
        const thread = yield* run(sleeps(false));
        for (let i = 0; i < n; i++) yield* kthread_stop(thread);
      };
    expect(found(times(1))).toEqual([]);
    expect(found(times(2))).toContain('slab-use-after-free');
  });

  it('of a thread that may have returned needs a reference', () => {
    const stop = (reference: boolean) =>
      function* (): Op<void> {
        const thread = yield* kthread_create(returns, null, 'worker');
        if (IS_ERR(thread)) return;
        if (reference) yield* get_task_struct(thread);
        shared.value = thread;
        const other = yield* run(returns);
        yield* kthread_stop(reference ? thread : other);
        if (reference) yield* put_task_struct(thread);
      };
    expect(found(stop(true))).toEqual([]);
    expect(found(stop(false))).toContain('slab-use-after-free');
  });
});

it('kthread_park() waits until the thread is parked, and kthread_unpark() lets it go on', () => {
  const seen = new Set<string>();
  let wentOn = false;
  function* parks(): Op<number> {
    while (!(yield* kthread_should_stop())) {
      if (yield* kthread_should_park()) yield* kthread_parkme();
      wentOn = true;
    }
    return 0;
  }
  function* park(): Op<void> {
    wentOn = false;
    const thread = yield* run(parks);
    const first = yield* kthread_park(thread);
    const again = yield* kthread_park(thread);
    const before = wentOn;
    yield* kthread_unpark(thread);
    yield* kthread_stop(thread);
    seen.add(`${first} ${again} ${before}`);
  }
  expect(found(park)).toEqual(['warn']);
  expect(seen).toContain(`0 ${-EBUSY} false`);
});
