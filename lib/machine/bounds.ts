// SPDX-License-Identifier: GPL-2.0-only
/** The bounds of arrays: an access to an element that does not exist faults, in plain code and in operations. */
import { Handle, objectOf } from './handle';
import type { MachineObject } from './object';

/** An access outside of an array. */
export class OutOfBounds extends TypeError {
  constructor(
    readonly object: MachineObject,
    /** The number of elements. */
    readonly length: number,
    readonly index: string,
    readonly write: boolean,
  ) {
    super(`index ${index} is out of range for an array of ${length}`);
  }
}

type AnyArray = MachineObject & { readonly layout: { readonly names: readonly string[] } };

const INDEX = /^-?\d+(\.\d+)?(e[+-]\d+)?$/;

/** Faults for a key that does not name an element of the array. */
export function outside(array: AnyArray, key: string, write: boolean): never {
  const { length } = array.layout.names;
  if (INDEX.test(key)) throw new OutOfBounds(array, length, key, write);
  throw new TypeError(`an array has elements by number, and no '${key}'`);
}

/** Properties that all objects of the language have are not array accesses. */
function isLanguage(key: string | symbol): key is symbol {
  return typeof key === 'symbol' || key in Handle.prototype;
}

/**
 * The end of the prototype chain of an array's handle. The elements are accessors found before this, so they cost no
 * more than other fields; only other keys get here.
 */
export const beyondElements: object = new Proxy(Handle.prototype, {
  get(target, key, receiver): unknown {
    if (isLanguage(key)) return Reflect.get(target, key, receiver);
    return outside(objectOf(receiver as Handle) as AnyArray, key, false); // the receiver is an array's handle
  },
  set(target, key, value, receiver): boolean {
    if (isLanguage(key)) return Reflect.set(target, key, value, receiver);
    return outside(objectOf(receiver as Handle) as AnyArray, key, true); // the receiver is an array's handle
  },
});
