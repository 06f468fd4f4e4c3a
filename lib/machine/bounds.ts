// SPDX-License-Identifier: GPL-2.0-only
/** The bounds of arrays: whatever names no element of one faults, in plain code and in operations alike. */
import { Handle, objectOf } from './handle';
import type { MachineObject } from './object';

/** An access behind or before an array. */
export class OutOfBounds extends TypeError {
  override name = 'OutOfBounds';

  constructor(
    readonly object: MachineObject,
    readonly index: string,
    readonly write: boolean,
  ) {
    super(`index ${index} is out of range for an array of ${object.size}`);
  }
}

const INDEX = /^-?\d+(\.\d+)?(e[+-]\d+)?$/;

/** Faults for a key that is none of an array's. */
export function outside(array: MachineObject, key: string, write: boolean): never {
  if (INDEX.test(key)) throw new OutOfBounds(array, key, write);
  throw new TypeError(`an array has elements by number, and no '${key}'`);
}

/** What all objects of the language have is no access to the array. */
function isLanguage(key: string | symbol): key is symbol {
  return typeof key === 'symbol' || key in Handle.prototype;
}

/**
 * Where the search for a property of an array's handle ends: its elements are accessors in front of this, so they cost what
 * other fields do, and only what is no element gets here.
 */
export const beyondElements: object = new Proxy(Handle.prototype, {
  get(target, key, receiver): unknown {
    if (isLanguage(key)) return Reflect.get(target, key, receiver);
    return outside(objectOf(receiver as Handle), key, false); // a handle of an array
  },
  set(target, key, value, receiver): boolean {
    if (isLanguage(key)) return Reflect.set(target, key, value, receiver);
    return outside(objectOf(receiver as Handle), key, true); // a handle of an array
  },
});
