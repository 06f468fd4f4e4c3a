// SPDX-License-Identifier: GPL-2.0-only
/**
 * Calls: reads a stack as the chain of calls that a reader of the driver sees, outermost first. It keeps all functions
 * of the driver. Of the library it keeps only what the driver called by name, and hides how that works inside.
 */
import { ANONYMOUS, type FrameRules, isProgram, parseStack, type StackFrame } from './frames';

export interface Call {
  readonly name: string;
  /** Where the call is written; null if that is outside the program. */
  readonly at: Place | null;
  /** Whether the function is the program's own. */
  readonly own: boolean;
  /** Two stacks have the same key exactly if they are in the same call, as far as stacks can show. */
  readonly key: string;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** The chain of calls in a stack, and the key that separates it from the next iteration of a loop. */
export interface Chain {
  readonly calls: readonly Call[];
  /** Equal only for the same place, including the place inside the library. */
  readonly place: string;
  /** Where the innermost frame of the program is; null if the stack does not contain the program. */
  readonly at: Place | null;
  /** The library is at one of several steps of the call. */
  readonly within: boolean;
}

/** Reads stacks as chains of calls. */
export class Calls {
  /** The library functions that the program calls, by the calling line. */
  readonly #called = new Map<string, StackFrame[]>();
  readonly #chains = new Map<string, Chain>();

  /**
   * `stacks` must be all stacks of the execution: the name of a library function is visible when it is called, not when
   * it is resumed.
   */
  constructor(
    readonly rules: FrameRules,
    stacks: Iterable<string>,
  ) {
    for (const stack of stacks) this.#learn(this.#inside(stack));
  }

  chain(stack: string): Chain {
    let chain = this.#chains.get(stack);
    if (chain === undefined) this.#chains.set(stack, (chain = this.#read(this.#inside(stack))));
    return chain;
  }

  /** The frames from the program's outermost function inwards, without those of the machine. */
  #inside(stack: string): StackFrame[] {
    const frames = parseStack(stack).filter(({ path }) => !MACHINE.test(path));
    const outermost = frames.findLastIndex((frame) => this.#owns(frame));
    return frames.slice(0, outermost + 1).reverse();
  }

  #owns({ path }: StackFrame): boolean {
    return isProgram(path, this.rules);
  }

  #learn(inside: readonly StackFrame[]): void {
    inside.forEach((frame, i) => {
      const caller = inside[i - 1];
      if (caller === undefined || frame.resumed || this.#owns(frame) || !this.#owns(caller)) return;
      const key = lineOf(caller);
      const called = this.#called.get(key) ?? [];
      called.push({ ...frame, column: caller.column });
      this.#called.set(key, called);
    });
  }

  #read(inside: readonly StackFrame[]): Chain {
    const calls: Call[] = [];
    inside.forEach((frame, i) => {
      const caller = inside[i - 1];
      const own = this.#owns(frame);
      const called = caller !== undefined && this.#owns(caller);
      if (!own && !called) return; // inside the library
      if (own && frame.name === ANONYMOUS) return; // told as part of the function that it is written in
      const at = called ? { file: caller.file, line: caller.line } : null;
      const name = own || !called ? frame.name : this.#nameOf(frame, caller);
      const where = caller === undefined ? '' : spotOf(caller);
      calls.push({ name, at, own, key: `${name}@${where}` });
    });
    const lastOwn = inside.findLastIndex((frame) => this.#owns(frame));
    const within = inside.slice(lastOwn + 1).some(({ resumed }) => resumed);
    const frame = inside[inside.length - 1];
    const at =
      frame === undefined || calls.length === 0 ? null : { file: frame.file, line: frame.line };
    return { calls, place: inside.map(spotOf).join(' '), at, within };
  }

  /** A primitive may be resumed under the name of an inner helper. The name the program called on that line counts. */
  #nameOf(frame: StackFrame, caller: StackFrame): string {
    if (!frame.resumed) return frame.name;
    let best: StackFrame | null = null;
    for (const called of this.#called.get(lineOf(caller)) ?? []) {
      if (called.column < caller.column) continue;
      if (best === null || called.column < best.column) best = called;
    }
    return (best ?? frame).name;
  }
}

/** Functions of ours that run tasks, make requests and guard exports. No driver calls them by name. */
const MACHINE = /\/lib\/(?:machine\/|explore\/|kata\/facade\.)/;

function lineOf({ path, line }: StackFrame): string {
  return `${path}:${line}`;
}

function spotOf(frame: StackFrame): string {
  return `${lineOf(frame)}:${frame.column}`;
}
