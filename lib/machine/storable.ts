// SPDX-License-Identifier: GPL-2.0-only
/** Which values may be stored in memory. Tasks could share any others without the machine noticing. */
import { Handle, pointerLike } from './handle';

const lasting = new WeakSet<object>();

/** Declares a function of a driver's file scope: it is the same in every execution and has no variables of its own. */
export function lastingFunction(func: object): void {
  lasting.add(func);
}

/**
 * Values, kernel objects and functions can be stored. Of a driver's functions only those of its file scope can: any
 * other contains the variables of the call that made it, and tasks would share those unseen.
 * `where` is what messages call the place.
 */
export function storable(value: unknown, where = 'in memory'): void {
  if (typeof value === 'function') {
    if (lasting.has(value)) return;
    if (isClosure(value))
      throw new TypeError(`only functions declared at file scope can be stored ${where}`);
    lasting.add(value);
    return;
  }
  if (typeof value !== 'object' || value === null || Handle.is(value)) return;
  if (pointerLike.has(value)) return;
  throw new TypeError(
    `only numbers, strings, booleans, functions and kernel objects can be stored ${where}`,
  );
}

// Captured before any driver is loaded.
const textOf = Function.prototype.call.bind(
  // eslint-disable-next-line @typescript-eslint/unbound-method -- bound to the function at each call
  Function.prototype.toString,
) as (func: unknown) => string; // call() takes what the method has as its this

/** Whether a function belongs to a driver (the linker puts a tick into each) or is bound to hidden values. */
function isClosure(func: unknown): boolean {
  const text = textOf(func);
  return text.includes('__tick(') || text.includes('[native code]');
}
