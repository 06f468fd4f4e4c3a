// SPDX-License-Identifier: GPL-2.0-only
/**
 * Dependencies: which operations of a thread produced the values that another one uses. Registers carry them, and so does memory
 * that the thread itself has written. A condition controls the arms of its `if` or its loop, but nothing after them.
 */
import type { Operation } from './operation';

/** Numbers of operations, in the order in which their thread made them. */
export type Sources = ReadonlySet<number>;

/** No operations. */
export const NOTHING: Sources = new Set();

export class Dependencies {
  #count = 0;
  /** What the current expression depends on. */
  #using: Sources = NOTHING;
  #controlled: Sources = NOTHING;
  /** What the value depends on that the thread last stored to a location. */
  readonly #stored = new Map<string, Sources>();
  readonly #registers = new Map<string, Sources>();

  /** Begins an expression; returns the dependencies of the one around it so far. */
  begin(): Sources {
    const around = this.#using;
    this.#using = NOTHING;
    return around;
  }

  /** Ends an expression: the one around it depends on it, too. */
  end(around: Sources): void {
    this.#using = union(around, this.#using);
  }

  /** The expression uses a register. */
  use(register: string): void {
    this.#using = union(this.#using, this.#registers.get(register) ?? NOTHING);
  }

  /** A register gets the value of the expression. */
  set(register: string): void {
    this.#registers.set(register, this.#using);
  }

  /** The expression decides what happens until release(), which takes the result of control(). */
  control(): Sources {
    const before = this.#controlled;
    this.#controlled = union(before, this.#using);
    return before;
  }

  release(before: Sources): void {
    this.#controlled = before;
  }

  /** What the expression depends on so far. */
  get sources(): Sources {
    return this.#using;
  }

  /** What decides whether the next operation happens. */
  get controlled(): Sources {
    return this.#controlled;
  }

  /** An operation happens: the expression has its value, and what a plain load finds that its own thread has stored. */
  happens({ kind, ...operation }: Operation, data: Sources): void {
    const location = 'at' in operation ? operation.at.location : '';
    if (kind === 'store' || kind === 'plain store') this.#stored.set(location, data);
    const found = kind === 'plain load' ? this.#stored.get(location) : undefined;
    this.#using = union(new Set([this.#count++]), found ?? NOTHING);
  }
}

/** Both. */
export function union(a: Sources, b: Sources): Sources {
  if (a.size === 0) return b;
  return b.size === 0 ? a : new Set([...a, ...b]);
}
