// SPDX-License-Identifier: GPL-2.0-only
/** The instructions random programs are made of, one family per block; the explorers must agree on any mix of them. */
import * as k from '../../kernel';
import { struct, type Op, type StructOf } from '../../machine';

/** An object of every kind an instruction may name. */
export interface Registers {
  /** What the last instruction with a result gave. */
  last: number;
  /** Locks taken and not given back, innermost last. */
  readonly held: (() => Op<unknown>)[];
}

/** One instruction: how it prints, and what it does. */
export interface Instruction {
  readonly code: string;
  run(registers: Registers): Op<unknown>;
}

const cell = struct('cell', { x: k.int, y: k.int });
type cell = StructOf<typeof cell>;

/** Objects shared by all tasks of a random program. */
function makeObjects(): {
  vars: k.static_var<number>[];
  atomics: k.atomic_t[];
  spins: k.spinlock_t[];
  mutexes: k.mutex[];
  slots: k.static_var<cell | null>[];
} {
  const two = <T>(make: (name: string) => T, name: string): T[] => [
    make(`${name}0`),
    make(`${name}1`),
  ];
  return {
    vars: two((name) => k.static_var<number>(name, 0), 'v'),
    atomics: two((name) => k.DEFINE_ATOMIC(name, 0), 'a'),
    spins: two((name) => k.DEFINE_SPINLOCK(name), 's'),
    mutexes: two((name) => k.DEFINE_MUTEX(name), 'm'),
    slots: two((name) => k.static_var<cell | null>(name, null), 'p'),
  };
}

const objects = makeObjects();

function pick<T>(list: readonly T[], i: number): T {
  const item = list[i % list.length];
  if (item === undefined) throw new Error('an empty list of objects');
  return item;
}

type Make = (i: number, value: number) => Instruction;

const plain = (code: string, act: (registers: Registers) => void): Instruction => ({
  code,
  // Not an operation: the access belongs to the step of the one before it.
  *run(registers) {
    act(registers);
  },
});

const giving = (code: string, op: () => Op<number | boolean>): Instruction => ({
  code: `last = ${code}`,
  *run(registers) {
    registers.last = Number(yield* op());
  },
});

const doing = (code: string, op: (registers: Registers) => Op<unknown>): Instruction => ({
  code,
  run: op,
});

const memory: Make[] = [
  (i) => plain(`last = v${i}.value`, (r) => (r.last = pick(objects.vars, i).value)),
  (i, value) => plain(`v${i}.value = ${value}`, () => (pick(objects.vars, i).value = value)),
  (i) => plain(`v${i}.value = last + 1`, (r) => (pick(objects.vars, i).value = r.last + 1)),
  (i) => giving(`READ_ONCE(v${i})`, () => k.READ_ONCE(pick(objects.vars, i), 'value')),
  (i, value) =>
    doing(`WRITE_ONCE(v${i}, ${value})`, () => k.WRITE_ONCE(pick(objects.vars, i), 'value', value)),
  (i) =>
    doing(`WRITE_ONCE(v${i}, last + 1)`, (r) =>
      k.WRITE_ONCE(pick(objects.vars, i), 'value', r.last + 1),
    ),
  (i) => giving(`atomic_read(a${i})`, () => k.atomic_read(pick(objects.atomics, i))),
  (i, value) =>
    doing(`atomic_set(a${i}, ${value})`, () => k.atomic_set(pick(objects.atomics, i), value)),
  (i) => doing(`atomic_inc(a${i})`, () => k.atomic_inc(pick(objects.atomics, i))),
  (i) =>
    giving(`atomic_inc_not_zero(a${i})`, () => k.atomic_inc_not_zero(pick(objects.atomics, i))),
  (i, value) =>
    giving(`atomic_cmpxchg(a${i}, ${value}, 2)`, () =>
      k.atomic_cmpxchg(pick(objects.atomics, i), value, 2),
    ),
];

function locking(code: string, lock: () => Op<unknown>, unlock: () => Op<unknown>): Instruction {
  return doing(code, function* (registers) {
    yield* lock();
    registers.held.push(unlock);
  });
}

function trying(code: string, lock: () => Op<number>, unlock: () => Op<unknown>): Instruction {
  return doing(`last = ${code}`, function* (registers) {
    registers.last = yield* lock();
    if (registers.last !== 0) registers.held.push(unlock);
  });
}

const locks: Make[] = [
  (i) =>
    locking(
      `spin_lock(s${i})`,
      () => k.spin_lock(pick(objects.spins, i)),
      () => k.spin_unlock(pick(objects.spins, i)),
    ),
  (i) =>
    locking(
      `mutex_lock(m${i})`,
      () => k.mutex_lock(pick(objects.mutexes, i)),
      () => k.mutex_unlock(pick(objects.mutexes, i)),
    ),
  (i) =>
    trying(
      `spin_trylock(s${i})`,
      () => k.spin_trylock(pick(objects.spins, i)),
      () => k.spin_unlock(pick(objects.spins, i)),
    ),
  (i) =>
    trying(
      `mutex_trylock(m${i})`,
      () => k.mutex_trylock(pick(objects.mutexes, i)),
      () => k.mutex_unlock(pick(objects.mutexes, i)),
    ),
  () =>
    doing('unlock', function* (registers) {
      const unlock = registers.held.pop();
      if (unlock !== undefined) yield* unlock();
    }),
  () =>
    doing('unlock', function* (registers) {
      const unlock = registers.held.pop();
      if (unlock !== undefined) yield* unlock();
    }),
];

const control: Make[] = [
  () => giving("mayFail('it')", () => k.mayFail('it')),
  () =>
    doing('publish', function* () {
      const object = yield* k.kzalloc(cell, k.GFP_ATOMIC);
      yield* k.WRITE_ONCE(pick(objects.slots, 0), 'value', object);
    }),
  (_i, value) =>
    doing(`p0->x = ${value}`, function* () {
      const object = yield* k.READ_ONCE(pick(objects.slots, 0), 'value');
      if (object !== null) object.x = value;
    }),
  () =>
    doing('last = p0->x', function* (registers) {
      const object = yield* k.READ_ONCE(pick(objects.slots, 0), 'value');
      if (object !== null) registers.last = object.x;
    }),
  () =>
    doing('kfree(p0)', function* () {
      yield* k.kfree(yield* k.READ_ONCE(pick(objects.slots, 0), 'value'));
    }),
];

/** All families; a random program draws from them by number. */
export const FAMILIES: readonly (readonly Make[])[] = [memory, locks, control];

/** The values of all shared memory, as part of an execution's outcome. */
export function* finalState(): Op<string> {
  const parts: string[] = [];
  for (const variable of objects.vars) parts.push(String(variable.value));
  for (const atomic of objects.atomics) parts.push(String(yield* k.atomic_read(atomic)));
  return parts.join(',');
}
