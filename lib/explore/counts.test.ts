// SPDX-License-Identifier: GPL-2.0-only
/**
 * Tiny programs whose traces were counted by hand and are listed above each test. A capital letter is a task, the word
 * after it a step. Steps commute unless `<` or their order in a line orders them, so either order is the same trace.
 */
import * as k from '../kernel';
import { rcu_assign_pointer, rcu_dereference } from '../kernel/rcu-pointer';
import { rcu_read_lock, rcu_read_unlock, synchronize_rcu } from '../kernel/rcupdate';
import { Machine, type Op, struct, type StructOf } from '../machine';
import { kasan } from '../sanitize';
import { dpor } from './dpor';
import { agree } from './testing/small-program';

const v = k.static_var('v', 0);
const m = [k.DEFINE_MUTEX('m0'), k.DEFINE_MUTEX('m1'), k.DEFINE_MUTEX('m2')] as const;
const done = k.DECLARE_COMPLETION('done');
const item = struct('item', { x: k.int });
type item = StructOf<typeof item>;
const slot = k.static_var<item | null>('slot', null);

function* increment(): Op<void> {
  yield* k.WRITE_ONCE(v, 'value', (yield* k.READ_ONCE(v, 'value')) + 1);
}

function* inside(first: k.mutex, second: k.mutex): Op<void> {
  yield* k.mutex_lock(first);
  yield* k.mutex_lock(second);
  yield* k.mutex_unlock(second);
  yield* k.mutex_unlock(first);
}

function* once(lock: k.mutex): Op<void> {
  yield* k.mutex_lock(lock);
  yield* k.mutex_unlock(lock);
}

const clean = { surplus: 0, blocked: 0, complaints: [], findings: [] };

describe('reads and writes', () => {
  // A.r A.w B.r B.w | B.r B.w A.r A.w | {A.r B.r} A.w B.w | {A.r B.r} B.w A.w
  it('has 4 traces for two unprotected increments', () => {
    const seen = agree({ tasks: { a: increment, b: increment } });
    expect(seen).toEqual({ ...clean, executions: 4, hung: 0 });
  });

  // A chooses to fail and writes: A.w B.r | B.r A.w; A chooses not to: {A B.r}
  it('has 3 traces for a failure that is chosen and written', () => {
    const tasks = {
      *a(): Op<void> {
        if (yield* k.mayFail('it')) yield* k.WRITE_ONCE(v, 'value', 1);
      },
      b: () => k.READ_ONCE(v, 'value'),
    };
    const seen = agree({ failures: { it: 1 }, tasks });
    expect(seen).toEqual({ ...clean, executions: 3, hung: 0 });
  });
});

describe('locks', () => {
  // ABC ACB BAC BCA CAB CBA
  it('has 6 traces for three tasks with one mutex', () => {
    const tasks = { a: () => once(m[0]), b: () => once(m[0]), c: () => once(m[0]) };
    expect(agree({ tasks })).toEqual({ ...clean, executions: 6, hung: 0 });
  });

  // B.try B.unlock A.lock A.unlock | A.lock B.try (fails) A.unlock | A.lock A.unlock B.try B.unlock
  it('has 3 traces for a lock and a trylock', () => {
    const tasks = {
      a: () => once(m[0]),
      *b(): Op<void> {
        if (yield* k.mutex_trylock(m[0])) yield* k.mutex_unlock(m[0]);
      },
    };
    expect(agree({ tasks })).toEqual({ ...clean, executions: 3, hung: 0 });
  });

  // A then B | B then A | {A.lock(m0) B.lock(m1)}, and both wait for ever
  it('has 3 traces for AB-BA, one of them the deadlock', () => {
    const tasks = { a: () => inside(m[0], m[1]), b: () => inside(m[1], m[0]) };
    expect(agree({ tasks })).toEqual({ ...clean, executions: 3, hung: 1 });
  });

  // Each fork has two users. Six of the eight orders can finish: ABC ACB BAC BCA CAB CBA, up to what commutes. That all
  // second users are first is impossible. That all first users are first is the deadlock: {A.lock(m0) B.lock(m1)
  // C.lock(m2)}
  it('has 7 traces for three philosophers in a circle, one of them the deadlock', () => {
    const tasks = {
      a: () => inside(m[0], m[1]),
      b: () => inside(m[1], m[2]),
      c: () => inside(m[2], m[0]),
    };
    expect(agree({ tasks })).toEqual({ ...clean, executions: 7, hung: 1 });
  });

  // B.lock B.unlock A.lock
  // A.lock: A waits for itself either way, and in the second B waits, too
  it('has 2 traces for a task that locks twice and one that locks once', () => {
    const tasks = { a: () => inside(m[0], m[0]), b: () => once(m[0]) };
    expect(agree({ tasks })).toEqual({ ...clean, executions: 2, hung: 2 });
  });
});

describe('completions', () => {
  // T.try (false) C W | C W T.try (false) | C T.try (true), and W waits for ever
  it('has 3 traces for one completion, a waiter and a task that only tries', () => {
    const tasks = {
      c: () => k.complete(done),
      w: () => k.wait_for_completion(done),
      t: () => k.try_wait_for_completion(done),
    };
    expect(agree({ tasks })).toEqual({ ...clean, executions: 3, hung: 1 });
  });
});

describe('memory that is freed', () => {
  function* setup(): Op<void> {
    slot.value = yield* k.kzalloc(item, k.GFP_KERNEL);
  }
  function* lookup(): Op<void> {
    yield* rcu_read_lock();
    const found = yield* rcu_dereference(slot, 'value');
    if (found !== null) yield* k.READ_ONCE(found, 'x');
    yield* rcu_read_unlock();
  }
  function remove(wait: boolean): () => Op<void> {
    return function* () {
      const old = yield* k.READ_ONCE(slot, 'value');
      yield* rcu_assign_pointer(slot, 'value', null);
      if (wait) yield* synchronize_rcu();
      yield* k.kfree(old);
    };
  }
  /** The number of executions in which the detector reports a use of freed memory. */
  function usesAfterFree(tasks: Readonly<Record<string, () => Op<unknown>>>): number {
    let count = 0;
    const boot = (machine: Machine): void => {
      machine.runNow(setup());
      for (const [name, task] of Object.entries(tasks)) machine.spawn(name, task);
    };
    const machine = new Machine({ boot }, { monitors: [kasan()] });
    const visit = (): boolean => {
      if (machine.findings.some(({ predicted }) => predicted !== true)) count++;
      return false;
    };
    dpor(machine, visit, { restarted: () => (count = 0) });
    return count;
  }

  // A.free B.read | B.read A.free: a free is a write of the whole object
  it('has 2 traces for a free and a read, one of them the use after free', () => {
    const tasks = {
      *a(): Op<void> {
        yield* k.kfree(yield* k.READ_ONCE(slot, 'value'));
      },
      *b(): Op<void> {
        const found = yield* k.READ_ONCE(slot, 'value');
        if (found !== null) yield* k.READ_ONCE(found, 'x');
      },
    };
    expect(agree({ setup, tasks })).toEqual({ ...clean, executions: 2, hung: 0 });
    expect(usesAfterFree(tasks)).toBe(1);
  });

  // R.load U.store, then R.read U.free | U.free R.read; or U.store R.load (finds nothing, U.free commutes)
  it('has 3 traces for a lookup and a removal that does not wait for it', () => {
    const tasks = { r: lookup, u: remove(false) };
    expect(agree({ setup, tasks })).toEqual({ ...clean, executions: 3, hung: 0 });
    expect(usesAfterFree(tasks)).toBe(1);
  });

  // R.lock before the grace period begins: R.load U.store | U.store R.load; R.lock after it: U.store R.load.
  // The free comes after the end of the grace period, that after R.unlock where R.lock came first.
  it('has 3 traces for a lookup and a removal that waits for a grace period', () => {
    const tasks = { r: lookup, u: remove(true) };
    expect(agree({ setup, tasks })).toEqual({ ...clean, executions: 3, hung: 0 });
    expect(usesAfterFree(tasks)).toBe(0);
  });
});
