// SPDX-License-Identifier: GPL-2.0-only
/** What a driver may return to scenarios. */
import { DEFINE_SPINLOCK, ERR_PTR, spin_lock, spin_unlock } from '../kernel';
import { Machine, type Op } from '../machine';
import { facadeOf } from './facade';

const lock = DEFINE_SPINLOCK('lock');

beforeAll(() => {
  new Machine({ boot: () => undefined }).boot();
});

type Driver = Readonly<Record<string, (...args: unknown[]) => unknown>>;

function facade(driver: Readonly<Record<string, unknown>>): Driver {
  return facadeOf(driver) as Driver;
}

/** Runs an operation by hand, with a given result for each of its steps. */
function run(op: unknown, ...results: unknown[]): unknown {
  const steps = (op as Op<unknown>)[Symbol.iterator]();
  let step = steps.next();
  for (const result of results) step = steps.next(result);
  return step.done === true ? step.value : 'not over';
}

it('returns values and kernel objects unchanged', () => {
  const { get, plain } = facade({ get: () => lock, plain: (n: unknown) => n });
  expect(get?.()).toBe(lock);
  expect(plain?.(ERR_PTR(-5))).toBe(ERR_PTR(-5));
  expect([plain?.(1), plain?.(null), plain?.(undefined), plain?.('x')]).toEqual([
    1,
    null,
    undefined,
    'x',
  ]);
});

it('runs operations step by step, and returns their results', () => {
  const { locked } = facade({
    *locked(): Op<number> {
      yield* spin_lock(lock);
      yield* spin_unlock(lock);
      return 7;
    },
  });
  expect(run(locked?.(), undefined)).toBe('not over');
  expect(run(locked?.(), undefined, undefined)).toBe(7);
});

it('never returns an object of the driver', () => {
  const own = { n: 0 };
  const fake = (after: number): object => {
    let asked = 0;
    const result = {
      value: own,
      get done() {
        return ++asked > after;
      },
    };
    return { [Symbol.iterator]: () => ({ next: () => result }) };
  };
  const { direct, op, early, late } = facade({
    direct: () => own,
    *op(): Op<object> {
      return own;
    },
    early: () => fake(0),
    *late(): Generator<never, unknown> {
      return yield* fake(1) as Generator<never, unknown>;
    },
  });
  for (const call of [direct, op, early, late]) {
    expect(() => run(call?.())).toThrow('can be stored in memory');
  }
});

it('keeps the names of a driver, and is frozen', () => {
  const driver = facadeOf({ rbd_put_client: () => 1, LIMIT: 5 });
  expect((driver['rbd_put_client'] as () => number).name).toBe('rbd_put_client');
  expect(driver['LIMIT']).toBe(5);
  expect(Object.isFrozen(driver)).toBe(true);
});
