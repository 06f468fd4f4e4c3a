// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import {
  complete,
  complete_all,
  completion,
  completion_done,
  DECLARE_COMPLETION,
  DECLARE_COMPLETION_ONSTACK,
  init_completion,
  reinit_completion,
  try_wait_for_completion,
  wait_for_completion,
} from './completion';
import { GFP_KERNEL, kzalloc } from './slab';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';

const done = DECLARE_COMPLETION('done');
const lock = DEFINE_SPINLOCK('lock');
const holder = struct('holder', { done: completion });

function* nothing(): Op<void> {}

describe('completion', () => {
  it('lets a waiter through only after complete(): one trace', () => {
    // a.complete b.wait
    const seen = agree({
      tasks: { a: () => complete(done), b: () => wait_for_completion(done) },
    });
    expect(seen).toMatchObject({ executions: 1, surplus: 0, blocked: 0, hung: 0, complaints: [] });
  });

  it('lets one of two waiters through for one complete()', () => {
    // a b, c waits; a c, b waits
    const seen = agree({
      tasks: {
        a: () => complete(done),
        b: () => wait_for_completion(done),
        c: () => wait_for_completion(done),
      },
    });
    expect(seen).toMatchObject({ executions: 2, surplus: 0, blocked: 0, hung: 2 });
  });

  it('counts: two complete() and two waiters', () => {
    // a d b c | a d c b | d a b c | d a c b | a b d c | a c d b | d b a c | d c a b
    const seen = agree({
      tasks: {
        a: () => complete(done),
        b: () => wait_for_completion(done),
        c: () => wait_for_completion(done),
        d: () => complete(done),
      },
    });
    expect(seen).toMatchObject({ executions: 8, surplus: 0, blocked: 0, hung: 0 });
  });

  it('complete_all() lets everybody through, until reinit_completion()', () => {
    const results: unknown[] = [];
    agree({
      *setup() {
        yield* complete_all(done);
        results.push(yield* try_wait_for_completion(done), yield* try_wait_for_completion(done));
        yield* reinit_completion(done);
        results.push(yield* try_wait_for_completion(done), yield* completion_done(done));
        yield* complete(done);
        results.push(yield* completion_done(done), yield* try_wait_for_completion(done));
        results.push(yield* completion_done(done));
      },
      tasks: { a: nothing },
    });
    expect(results.slice(0, 7)).toEqual([true, true, false, false, true, true, false]);
  });

  it('a poll may come before or after', () => {
    const seen = agree({
      tasks: {
        a: () => complete(done),
        *b() {
          if (yield* try_wait_for_completion(done)) return;
          yield* wait_for_completion(done);
        },
      },
    });
    expect(seen).toMatchObject({ executions: 2, surplus: 0, blocked: 0, hung: 0 });
  });

  it('gives a task a completion of its own on the stack', () => {
    const seen = agree({
      *setup(): Op<completion> {
        return yield* DECLARE_COMPLETION_ONSTACK('comp');
      },
      tasks: { a: (comp) => complete(comp), b: (comp) => wait_for_completion(comp) },
    });
    expect(seen).toMatchObject({ executions: 1, hung: 0, complaints: [] });
  });

  it('complains of one that was never initialised, and not of one that was', () => {
    const program = (init: boolean): ReturnType<typeof agree> =>
      agree({
        tasks: {
          *a() {
            const object = yield* kzalloc(holder, GFP_KERNEL);
            if (object === null) return;
            if (init) yield* init_completion(object.done);
            yield* complete(object.done);
            yield* wait_for_completion(object.done);
          },
        },
      });
    expect(program(true).complaints).toEqual([]);
    expect(program(false).complaints).toEqual(['spinlock: bad magic on CPU#1, a/101']);
  });

  it('says that waiting sleeps', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* complete(done);
          yield* spin_lock(lock);
          yield* wait_for_completion(done);
          yield* spin_unlock(lock);
        },
      },
    });
    expect(seen.complaints).toEqual(['wait_for_completion: sleeps in atomic context']);
  });
});
