// SPDX-License-Identifier: GPL-2.0-only
/** What the instructions of random programs are built with. */
import type { Op } from '../../../machine';

/** The registers of a task of a random program. */
export interface Registers {
  /** The result of the last instruction that had one. */
  last: number;
  /** Releases what was taken, innermost last. */
  readonly held: (() => Op<unknown>)[];
}

/** One instruction: its printed form and its effect. */
export interface Instruction {
  readonly code: string;
  run(registers: Registers): Op<unknown>;
}

/** Makes an instruction for an object by number and a small value. */
export type Make = (i: number, value: number) => Instruction;

/** Two objects of a kind, named with a digit. */
export function two<T>(make: (name: string) => T, name: string): readonly [T, T] {
  return [make(`${name}0`), make(`${name}1`)];
}

/** One of two objects. */
export function pick<T>(pair: readonly [T, T], i: number): T {
  return pair[i % 2 === 0 ? 0 : 1];
}

/** A plain access: part of the step of the operation before it. */
export function plain(code: string, act: (registers: Registers) => void): Instruction {
  return {
    code,
    *run(registers) {
      act(registers);
    },
  };
}

/** An operation whose result is kept. */
export function giving(code: string, op: () => Op<number | boolean>): Instruction {
  return {
    code: `last = ${code}`,
    *run(registers) {
      registers.last = Number(yield* op());
    },
  };
}

/** An operation without a result. */
export function doing(code: string, run: (registers: Registers) => Op<unknown>): Instruction {
  return { code, run };
}

/** Something that is taken now and released later. */
export function taking(
  code: string,
  lock: () => Op<unknown>,
  unlock: () => Op<unknown>,
): Instruction {
  return doing(code, function* (registers) {
    yield* lock();
    registers.held.push(unlock);
  });
}

/** Something that is taken if possible. */
export function trying(
  code: string,
  lock: () => Op<number>,
  unlock: () => Op<unknown>,
): Instruction {
  return doing(`last = ${code}`, function* (registers) {
    registers.last = yield* lock();
    if (registers.last !== 0) registers.held.push(unlock);
  });
}

/** Releases what was taken last. */
export function giveBack(): Instruction {
  return doing('unlock', function* (registers) {
    const unlock = registers.held.pop();
    if (unlock !== undefined) yield* unlock();
  });
}
