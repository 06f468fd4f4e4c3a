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

/** Runs an operation in set-up code; gives its result. */
function run(op: unknown): unknown {
  let result: unknown;
  const machine = new Machine({
    boot: (booted) => {
      result = booted.runNow(op as Op<unknown>);
    },
  });
  machine.boot();
  if (machine.findings.length > 0) throw new Error(machine.findings[0]?.headline(TELLING) ?? '');
  return result;
}

const TELLING = { frames: () => [], where: () => '?', stack: () => [] };

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
  expect(run(locked?.())).toBe(7);
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

/** Runs a driver's function with what a scenario hands it. */
function hand(func: (...args: never[]) => unknown, ...args: readonly unknown[]): unknown {
  return facade({ func })['func']?.(...args);
}

it('hands a driver no object of the scenario that could be changed', () => {
  const shared = { deep: [{ x: 1 }], call: () => 1 };
  hand((seen: typeof shared) => {
    const parts = [seen, seen.deep, seen.deep[0], seen.call];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true, true]);
    expect(seen.call.prototype).toBeUndefined();
    expect(seen.deep[0]?.x).toBe(1);
  }, shared);
  expect(Object.isFrozen(shared)).toBe(false);
});

it('gives the same function for the same function', () => {
  const callback = (): number => 1;
  hand((a: unknown, b: unknown) => expect(a).toBe(b), callback, callback);
});

it('looks at what a driver writes to a variable of the scenario', () => {
  const variable = { value: -1 };
  hand((out: typeof variable) => {
    out.value = out.value + 8;
  }, variable);
  expect(variable.value).toBe(7);
  const write = (out: { value: unknown }): void => {
    out.value = { n: 0 };
  };
  expect(() => hand(write, variable)).toThrow("can be stored in 'value' of the caller");
  expect(variable.value).toBe(7);
});

it('looks at what a driver calls a function of the scenario with, and hides its generator', () => {
  const callback = function* (n: unknown): Op<unknown> {
    yield* spin_lock(lock);
    yield* spin_unlock(lock);
    return n;
  };
  const driver = facade({
    *good(call: (n: unknown) => Op<unknown>): Op<unknown> {
      const op = call(5);
      expect(Object.isFrozen(Object.getPrototypeOf(op))).toBe(true);
      const steps = (op as unknown as Iterable<unknown>)[Symbol.iterator]();
      expect(Object.keys(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(steps)))).toEqual([
        'next',
      ]);
      return yield* call(5);
    },
    *bad(call: (n: unknown) => Op<unknown>): Op<unknown> {
      return yield* call({ n: 0 });
    },
  });
  expect(() => run(driver['bad']?.(callback))).toThrow(
    'can be stored in an argument of callback()',
  );
  expect(run(driver['good']?.(callback))).toBe(5);
});

it('looks at what the functions of an exported table give', () => {
  const { ops } = facadeOf({ ops: Object.freeze({ open: () => ({ n: 0 }) }) }) as {
    ops: { open: () => unknown };
  };
  expect(() => ops.open()).toThrow('can be stored in memory');
});

it('lets a driver push results into an array of the scenario, and looks at them', () => {
  const { collect, read, keep } = facade({
    collect: (out: unknown) => (out as unknown[]).push(lock, 3),
    read: (out: unknown) => (out as unknown[]).length,
    keep: (out: unknown) => (out as unknown[]).push({ memory: 0 }),
  });
  const out: unknown[] = [1];
  collect?.(out);
  expect(out).toEqual([1, lock, 3]);
  expect(read?.(out)).toBe(3);
  expect(() => keep?.(out)).toThrow('in an array of the caller');
  expect(() => collect?.(Object.freeze([]))).toThrow(TypeError);
  expect(out).toEqual([1, lock, 3]);
});
