// SPDX-License-Identifier: GPL-2.0-only
/**
 * The library as a driver gets it. Where its types say number, string or boolean nothing else comes in: an object in such a place
 * might be kept in kernel memory and handed out again, and tasks would share it behind the machine's back. Types say so, too, but
 * they can be cast away.
 */
import * as driverLib from '../driver-lib';
import { PARAMETERS } from './lib-names';

type Func = (...args: unknown[]) => unknown;

const WORDS: Readonly<Record<string, string>> = { n: 'number', s: 'string', b: 'boolean' };

/** The exports of `#lib` for drivers, by name. */
export const checkedLib: Readonly<Record<string, unknown>> = Object.freeze(
  Object.fromEntries(
    Object.entries(driverLib).map(([name, value]) => [
      name,
      typeof value === 'function' ? checked(name, value as Func) : value,
    ]),
  ),
);

function checked(name: string, func: Func): Func {
  const kinds = PARAMETERS[name];
  if (kinds === undefined) return func;
  const wanted = Array.from(kinds, (kind) => WORDS[kind]);
  const door = (...args: unknown[]): unknown => {
    for (let i = 0; i < wanted.length; i++) {
      const [word, argument] = [wanted[i], args[i]];
      if (word === undefined || argument === undefined || typeof argument === word) continue;
      throw new TypeError(`argument ${i + 1} of ${name}() is no ${word}`);
    }
    return func(...args);
  };
  // Reports name what a driver calls by the innermost frame outside of it.
  return Object.freeze(Object.defineProperty(door, 'name', { value: name }));
}
