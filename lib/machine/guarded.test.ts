// SPDX-License-Identifier: GPL-2.0-only
/** What a driver gets reveals nothing of the machine, and what it passes in is checked. */
import { DEFINE_SPINLOCK, int, mutex, spin_lock, static_var } from '../kernel';
import { dpor } from '../explore';
import {
  Handle,
  lastingFunction,
  Machine,
  type Op,
  storable,
  struct,
  type StructType,
} from './index';
import { requestIn } from './op';

const lock = DEFINE_SPINLOCK('lock');
const cell = static_var<unknown>('cell', null);

/** The findings of one task that runs alone. */
function foundIn(body: () => Op<unknown>): string[] {
  const machine = new Machine({ boot: (booted) => void booted.spawn('task', body) });
  const found = new Set<string>();
  dpor(machine, () => {
    for (const { kind } of machine.findings) found.add(kind);
    return false;
  });
  return [...found];
}

it('an operation does not reveal its request', () => {
  const op = spin_lock(lock);
  // eslint-disable-next-line kata/yield-star -- begun by hand, so that nobody misses its yield*
  void op[Symbol.iterator]();
  expect(Reflect.ownKeys(op)).toEqual([]);
  const prototype = Object.getPrototypeOf(op) as object;
  expect(new Set(Reflect.ownKeys(prototype))).toEqual(new Set(['next', Symbol.iterator]));
  expect(Object.isFrozen(prototype)).toBe(true);
  expect(requestIn(op)?.name).toBe('spin_lock');
  expect(requestIn(Object.create(prototype))).toBeNull();
});

it('a type makes objects for the machine alone, and cannot be forged', () => {
  expect(Object.keys(mutex)).toEqual(['typeName']);
  expect(Object.keys(struct('thing', { n: int }))).toEqual(['typeName', 'fields']);
  const forged = { typeName: 'mutex', make: () => lock } as unknown as StructType;
  expect(() => struct('thing', { m: forged })).toThrow('has a type of the library');
  expect(() => struct('a\nb', { n: int })).toThrow('printable characters');
});

it('nothing can be stored on what all handles share', () => {
  const prototype = Object.getPrototypeOf(lock) as object;
  expect(Object.isFrozen(prototype)).toBe(true);
  expect(Object.getPrototypeOf(prototype)).toBe(Object.prototype);
  expect(Handle.is(Object.create(prototype))).toBe(false);
});

it('stores functions of the file scope, and none with variables of its own', () => {
  // In the form that the linker writes.
  const __tick = (): void => undefined;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- as the linker makes functions of a driver
  const linked = new Function('__tick', 'return () => {__tick(1);}') as (tick: unknown) => object;
  const local = linked(__tick);
  const declared = linked(__tick);
  lastingFunction(declared);
  expect(() => {
    storable(local);
  }).toThrow('only functions declared at file scope');
  expect(() => {
    storable((() => 1).bind(null));
  }).toThrow('only functions declared at file scope');
  expect(() => {
    storable(declared);
  }).not.toThrow();
  expect(() => {
    storable({ n: 0 });
  }).toThrow('only numbers, strings');
});

it('a task does not end if an iterator says so only to the machine', () => {
  const fake = (): Op<void> => {
    let asked = 0;
    const result = {
      value: undefined,
      get done() {
        return ++asked > 1;
      },
    };
    return { [Symbol.iterator]: () => ({ next: () => result as never }) };
  };
  expect(
    foundIn(function* (): Op<void> {
      yield* fake();
      cell.value = 1;
    }),
  ).toEqual(['usage']);
});

it('reports a thrown value without calling it', () => {
  const hostile = {
    get message(): string {
      throw new Error('asked');
    },
  };
  expect(
    foundIn(function* (): Op<void> {
      throw hostile as unknown as Error;
    }),
  ).toEqual(['exception']);
});
