// SPDX-License-Identifier: GPL-2.0-only
/**
 * The library as a driver gets it. Where its types say number, string or boolean nothing else comes in: an object in such a place
 * might be kept in kernel memory and handed out again, and tasks would share it behind the machine's back. Nor does a kernel object
 * of another type: what an operation touches is only right for those it is meant for. Types say so, too, but they can be cast away.
 */
import * as driverLib from '../driver-lib';
import { Handle, objectOf, pointerLike, StructObject } from '../machine';
import { PARAMETERS } from './lib-names';

type Func = (...args: unknown[]) => unknown;

const VALUES: ReadonlySet<string> = new Set(['number', 'string', 'boolean']);

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

function checked(name: string, func: Func): Func {
  const wanted = PARAMETERS[name];
  if (wanted === undefined) return func;
  const door = (...args: unknown[]): unknown => {
    for (let i = 0; i < wanted.length; i++) {
      const [word, argument] = [wanted[i] ?? '', args[i]];
      if (word === '' || argument === undefined || argument === null || is(word, argument))
        continue;
      throw new TypeError(`argument ${i + 1} of ${name}() is no ${word}`);
    }
    return func(...args);
  };
  // Reports name what a driver calls by the innermost frame outside of it.
  return Object.freeze(Object.defineProperty(door, 'name', { value: name }));
}

function is(word: string, argument: unknown): boolean {
  if (VALUES.has(word)) return typeof argument === word;
  if (typeof argument === 'object' && argument !== null && pointerLike.has(argument)) return true; // following it faults
  if (!Handle.is(argument)) return false;
  const object = objectOf(argument);
  return object.typeName === word && !(object instanceof StructObject);
}
