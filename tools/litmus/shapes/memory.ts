// SPDX-License-Identifier: GPL-2.0-only
/** The shared memory of litmus tests, and the registers of their threads. */
import {
  type atomic_t,
  DEFINE_ATOMIC,
  DEFINE_SPINLOCK,
  type spinlock_t,
  static_var,
} from '../../../lib/kernel';

/** An integer variable with its name. */
export interface Int {
  readonly name: string;
  readonly cell: static_var<number>;
}

/** An atomic_t with its name. */
export interface Counter {
  readonly name: string;
  readonly atomic: atomic_t;
}

/** A spinlock with its name. */
export interface Lock {
  readonly name: string;
  readonly lock: spinlock_t;
}

/** What the threads of one execution have read: a number, or the name of a pointer's target. */
export type Registers = Map<string, number | string>;

function int(name: string): Int {
  return { name, cell: static_var<number>(name, 0) };
}

export const x = int('x');
export const y = int('y');
export const z = int('z');
/** The pointer that RCU tests publish through; it points to `z` at first. */
export const p = static_var<Int['cell']>('p', z.cell);
export const v: Counter = { name: 'v', atomic: DEFINE_ATOMIC('v', 0) };
export const u: Counter = { name: 'u', atomic: DEFINE_ATOMIC('u', 0) };
export const s: Lock = { name: 's', lock: DEFINE_SPINLOCK('s') };
export const t: Lock = { name: 't', lock: DEFINE_SPINLOCK('t') };

/** All integers, for initial and final values. */
export const ints: readonly Int[] = [x, y, z];
/** All atomics, likewise. */
export const counters: readonly Counter[] = [v, u];

/** The form of a pointer in a register. */
export function nameOf(pointee: Int['cell']): string {
  return `&${ints.find(({ cell }) => cell === pointee)?.name ?? '?'}`;
}

/** The integer that a register points to. */
export function pointeeOf(registers: Registers, register: string): Int {
  const target = ints.find(({ name }) => `&${name}` === registers.get(register));
  if (target === undefined) throw new RangeError(`litmus: ${register} is not a pointer`);
  return target;
}
