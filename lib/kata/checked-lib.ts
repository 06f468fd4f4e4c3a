// SPDX-License-Identifier: GPL-2.0-only
/**
 * The library as a driver gets it. Where its types say number, string or boolean nothing else comes in: an object in such a place
 * might be kept in kernel memory and handed out again, and tasks would share it behind the machine's back; or it might say one thing when
 * it is looked at and another when it is used. Nor does a kernel object of another type: what an operation touches is only
 * right for those it is meant for. Types say so, too, but they can be cast away.
 */
import * as driverLib from '../driver-lib';
import { composite, type Op } from '../machine';
import { copied } from './copied';
import { DECLARATORS, OP_EXPORTS, PARAMETERS } from './lib-names';
import { fitting, spelt } from './parameters';

type Func = (...args: unknown[]) => unknown;

/** Words of what is copied before the library works with it. */
const COPIED: ReadonlySet<string> = new Set(['table', 'fields', 'array', 'attribute']);

const operations: ReadonlySet<string> = new Set(OP_EXPORTS);
const declarators: ReadonlySet<string> = new Set(DECLARATORS);
let declaring = false;

/** The exports of `#lib` for drivers, by name. */
export const checkedLib: Readonly<Record<string, unknown>> = Object.freeze(
  Object.fromEntries(
    Object.entries(driverLib).map(([name, value]) => [
      name,
      // Called with whatever a driver calls it with: that is what is looked at.
      typeof value === 'function' ? checked(name, value as Func) : value,
    ]),
  ),
);

/** Runs the file scope of a driver. Only there may it declare anything, by whatever name it calls the function. */
export function whileDeclaring<T>(run: () => T): T {
  declaring = true;
  try {
    return run();
  } finally {
    declaring = false;
  }
}

function checked(name: string, func: Func): Func {
  const words = PARAMETERS[name];
  if (words === undefined) throw new TypeError(`${name}() is not in the table of parameters`);
  if (words.length === 0) return func;
  const looks = words.map(fitting);
  const copies = words.some((word) => COPIED.has(bare(word)));
  const isOp = operations.has(name);
  const declares = declarators.has(name);
  const out = words.indexOf('out');
  const door = (...args: unknown[]): unknown => {
    if (declares && !declaring)
      throw new TypeError(`${name}() declares something that lasts; move it to file scope`);
    for (let i = 0; i < looks.length; i++) {
      if (looks[i]?.(args[i]) === true) continue;
      throw new TypeError(`argument ${i + 1} of ${name}() is not ${spelt(bare(words[i] ?? ''))}`);
    }
    if (copies) {
      for (const [i, word] of words.entries())
        if (COPIED.has(bare(word))) args[i] = copied(args[i]);
    }
    if (out >= 0) return composite(name, writing(func, args, out));
    const given = func(...args);
    return isOp && isGenerator(given) ? composite(name, given) : given;
  };
  // Reports name what a driver calls by the innermost frame outside of it.
  return Object.freeze(Object.defineProperty(door, 'name', { value: name }));
}

/** Nobody gets at the generator of an operation, which could be ended half-way. */
function isGenerator(given: unknown): given is Generator<never, unknown> {
  return typeof given === 'object' && given !== null && 'return' in given;
}

/** Without the mark of what may be left out. */
function bare(word: string): string {
  return word.replace('?', '');
}

/** A function that writes a result to a variable of its caller's: the caller's own code does so, behind the operation. */
function* writing(func: Func, args: readonly unknown[], out: number): Op<unknown> {
  const variable = args[out] as { value: unknown }; // it was looked at
  const written: { value?: unknown } = {};
  const result = yield* func(...args.with(out, written)) as Op<unknown>; // all such functions are operations
  if ('value' in written) variable.value = written.value;
  return result;
}
