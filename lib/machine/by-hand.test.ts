// SPDX-License-Identifier: GPL-2.0-only
/** Code that takes operations apart, instead of running them with `yield*`, gets nothing out of it. */
import {
  atomic_inc_return,
  DEFINE_ATOMIC,
  DEFINE_MUTEX,
  DEFINE_STATIC,
  int,
  mutex_lock,
  READ_ONCE,
  spinlock_t,
} from '../kernel';
import { composite, type Op, type Request } from './op';
import { Machine } from './machine';
import { objectOf } from './handle';
import { struct } from './struct';

const count = DEFINE_ATOMIC('count', 0);

/** What is found in a program of one task. */
function found(body: () => Op<unknown>): string[] {
  const machine = new Machine({
    boot(booted) {
      booted.spawn('a', body);
    },
  });
  machine.boot();
  while (machine.enabled(1)) machine.run(1);
  const telling = { frames: () => [], where: () => '?', stack: () => [] };
  return machine.findings.map((finding) => finding.headline(telling));
}

type Steps = Iterator<Request, unknown, unknown>;

it('an operation that has not run cannot be resumed', () => {
  const headlines = found(function* () {
    const steps: Steps = atomic_inc_return(count)[Symbol.iterator]();
    steps.next();
    steps.next(41);
  });
  expect(headlines).toEqual(['error: an operation was resumed that has not run']);
});

it('an operation returns the result of the machine, not the value passed by its caller', () => {
  let given: unknown;
  const headlines = found(function* () {
    const steps: Steps = atomic_inc_return(count)[Symbol.iterator]();
    const { value } = steps.next();
    yield value as Request;
    given = steps.next(41).value;
  });
  expect(headlines).toEqual([]);
  expect(given).toBe(1);
});

it('a composite cannot be ended half-way', () => {
  const both = function* (): Op<void> {
    yield* mutex_lock(DEFINE_MUTEX('m'));
  };
  const op: Iterable<unknown> = composite('both', both()) as never;
  const shared = Object.getPrototypeOf(op[Symbol.iterator]()) as object;
  expect(Object.getOwnPropertyNames(shared)).toEqual(['next']);
  expect(Object.isFrozen(shared)).toBe(true);
});

it('a static structure is reset for every execution, whatever happened to it', () => {
  const box = DEFINE_STATIC('box', struct('box', { lock: spinlock_t, n: int }));
  const object = objectOf(box) as unknown as { values: unknown[] };
  const { lock } = box;
  const seen: unknown[] = [];
  const machine = new Machine({
    boot(booted) {
      booted.spawn('a', function* () {
        seen.push(box.lock, yield* READ_ONCE(box, 'n'), object.values.length);
        object.values.splice(0, 2, 'lock', 'n', 'more');
      });
    },
  });
  for (let i = 0; i < 2; i++) {
    machine.boot();
    while (machine.enabled(1)) machine.run(1);
  }
  expect(seen).toEqual([lock, 0, 2, lock, 0, 2]);
});
