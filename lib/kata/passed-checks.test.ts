// SPDX-License-Identifier: GPL-2.0-only
/** A final check runs once for each state in which it can come to something else. */
import {
  alive,
  atomic_inc,
  DEFINE_ATOMIC,
  DEFINE_MUTEX,
  expect_eq,
  expect_true,
  GFP_KERNEL,
  kfree,
  kzalloc,
  int,
  mayFail,
  mutex_lock,
  mutex_unlock,
  type Op,
  reached,
  scenario,
  spin_lock,
  spin_unlock,
  DEFINE_SPINLOCK,
  static_var,
  struct,
} from '../index';
import type { Scenario } from '../scenario/scenario';
import { judgeScenario } from './judge';

const lock = DEFINE_SPINLOCK('lock');
const count = DEFINE_ATOMIC('count', 0);
const first = static_var('first', 0);
const outer = DEFINE_MUTEX('outer');
const inner = DEFINE_MUTEX('inner');
const item = struct('item', { value: int });

interface Asked extends Partial<Scenario> {
  readonly tasks: Scenario['tasks'];
}

/** Judges a scenario with a check, and counts how often the check ran. */
function judged(
  asked: Asked,
  check: (world: unknown) => Op<unknown>,
  everyCheck = false,
): { status: string; message: string | null; executions: number; ran: number } {
  let ran = 0;
  const whole = scenario({
    id: 'asked',
    title: 'what is asked',
    task: 1,
    kind: 'function',
    ...asked,
    *check(world: unknown) {
      ran++;
      yield* check(world);
    },
  });
  const { status, message, exploration } = judgeScenario(whole, { everyCheck, brief: true });
  return { status, message, executions: exploration.executions, ran };
}

/** Three tasks that take a lock in any order. */
function* locked(): Op<void> {
  yield* spin_lock(lock);
  yield* atomic_inc(count);
  yield* spin_unlock(lock);
}

function* nothing(): Op<void> {
  // there is nothing to look at
}

it('runs once where all executions end in the same state, and every time if asked to', () => {
  const three = { tasks: { a: locked, b: locked, c: locked } };
  expect(judged(three, nothing)).toMatchObject({ status: 'pass', executions: 6, ran: 1 });
  expect(judged(three, nothing, true)).toMatchObject({ status: 'pass', executions: 6, ran: 6 });
});

it('runs again where a static has another value', () => {
  const taking = (value: number) =>
    function* (): Op<void> {
      yield* spin_lock(lock);
      if (first.value === 0) first.value = value;
      yield* spin_unlock(lock);
    };
  const tasks = { a: taking(1), b: taking(2), c: taking(3) };
  expect(judged({ tasks }, nothing)).toMatchObject({ executions: 6, ran: 3 });
  const isThree = function* (): Op<void> {
    expect_true(first.value < 3, 'the third was first');
  };
  expect(judged({ tasks }, isThree)).toMatchObject({ status: 'fail' });
});

it('runs again where the world has other contents', () => {
  const noting = (name: string) =>
    function* (world: unknown): Op<void> {
      yield* spin_lock(lock);
      (world as string[]).push(name);
      yield* spin_unlock(lock);
    };
  const asked: Asked = {
    *setup() {
      return [];
    },
    tasks: { a: noting('a'), b: noting('b') },
  };
  const inOrder = function* (world: unknown): Op<void> {
    expect_eq((world as string[]).join(''), 'ab', 'the order');
  };
  expect(judged(asked, nothing)).toMatchObject({ executions: 2, ran: 2 });
  expect(judged(asked, inOrder)).toMatchObject({ status: 'fail' });
});

it('runs again where memory has been freed', () => {
  const asked: Asked = {
    failures: { it: 1 },
    *setup() {
      return { item: yield* kzalloc(item, GFP_KERNEL) };
    },
    tasks: {
      *a(world: unknown) {
        if (yield* mayFail('it')) yield* kfree((world as { item: item }).item);
      },
    },
  };
  const isAlive = function* (world: unknown): Op<void> {
    expect_true(alive((world as { item: item }).item), 'alive');
  };
  expect(judged(asked, nothing)).toMatchObject({ executions: 2, ran: 2 });
  expect(judged(asked, isAlive)).toMatchObject({ status: 'fail' });
});
type item = NonNullable<Parameters<typeof kfree>[0]>;

it('runs again where locks were nested, as lockdep would report the other order', () => {
  const asked: Asked = {
    failures: { it: 1 },
    tasks: {
      *a() {
        const nested = yield* mayFail('it');
        if (nested) yield* mutex_lock(outer);
        yield* mutex_lock(inner);
        yield* mutex_unlock(inner);
        if (nested) yield* mutex_unlock(outer);
        else {
          yield* mutex_lock(outer);
          yield* mutex_unlock(outer);
        }
      },
    },
  };
  const otherOrder = function* (): Op<void> {
    yield* mutex_lock(inner);
    yield* mutex_lock(outer);
    yield* mutex_unlock(outer);
    yield* mutex_unlock(inner);
  };
  expect(judged(asked, nothing)).toMatchObject({ executions: 2, ran: 2 });
  expect(judged(asked, otherOrder)).toMatchObject({ status: 'fail', message: 'circular-locking' });
});

it('runs again where the world holds something that cannot be read', () => {
  class Hidden {
    #seen = 0;
    see(): number {
      return ++this.#seen;
    }
  }
  const asked: Asked = {
    *setup() {
      return new Hidden();
    },
    tasks: { a: locked, b: locked },
  };
  expect(judged(asked, nothing)).toMatchObject({ executions: 2, ran: 2 });
});

it('keeps what the check has reached', () => {
  const asked: Asked = {
    kind: 'reachable',
    reaches: 'the end',
    tasks: { a: locked, b: locked },
  };
  const reaching = function* (): Op<void> {
    reached('the end');
  };
  expect(judged(asked, reaching)).toMatchObject({ status: 'pass', ran: 1 });
});
