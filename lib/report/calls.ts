// SPDX-License-Identifier: GPL-2.0-only
/**
 * Calls: a stack as the chain of calls a reader of the driver sees, outermost first. The driver's functions are all there; of
 * the library only what the driver called by name, never how that works inside.
 */
import { ANONYMOUS, type FrameRules, isProgram, parseStack, type StackFrame } from './frames';

export interface Call {
  readonly name: string;
  /** Where the call is written; null if that is not in the program. */
  readonly at: { readonly file: string; readonly line: number } | null;
  /** Whether the function is the program's own. */
  readonly own: boolean;
  /** Equal for two stacks exactly if they are in the same call, as far as stacks can tell. */
  readonly key: string;
}

/** The chain of calls a stack was taken in, and what tells it from the next turn of a loop. */
export interface Chain {
  readonly calls: readonly Call[];
  /** The whole stack inside the program's outermost function: equal only for the very same place. */
  readonly place: string;
}

/** Reads a stack as a chain of calls. */
export function chainOf(site: string, rules: FrameRules): Chain {
  const frames = parseStack(site).filter(({ path }) => !MACHINERY.test(path));
  const outermost = frames.findLastIndex(({ path }) => isProgram(path, rules));
  const inside = frames.slice(0, outermost + 1).reverse();
  const calls: Call[] = [];
  inside.forEach((frame, i) => {
    const caller = inside[i - 1];
    const own = isProgram(frame.path, rules);
    const called = caller !== undefined && isProgram(caller.path, rules);
    if (!own && !called) return; // the library's own business
    if (calls.length === 0 && frame.name === ANONYMOUS) return;
    const at = called ? { file: caller.file, line: caller.line } : null;
    calls.push({ name: frame.name, at, own, key: `${frame.name}@${placeOf(caller)}` });
  });
  return { calls, place: inside.map(placeOf).join(' ') };
}

/** How requests are made and field accesses seen: in no driver's words. */
const MACHINERY = /\/lib\/machine\//;

function placeOf(frame: StackFrame | undefined): string {
  return frame === undefined ? '' : `${frame.path}:${frame.line}:${frame.column}`;
}
