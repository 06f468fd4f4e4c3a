// SPDX-License-Identifier: GPL-2.0-only
/**
 * Copies of what a driver hands in as an object of its own. A driver's object may have getters, and may be another one by the next time
 * it is looked at; a copy holds plain values, is frozen, and is nobody else's.
 */
import { Handle, isFieldType, pointerLike, storable } from '../machine';

const DEPTH_MAX = 8;
const MEMBERS_MAX = 1000;

/** A table, array or message with all that it leads to; functions, values and kernel objects stay what they are. */
export function copied(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) {
    storable(value);
    return value;
  }
  if (Handle.is(value) || pointerLike.has(value) || isFieldType(value)) return value;
  if (depth > DEPTH_MAX) throw new TypeError('a table is nested too deeply');
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value));
  if (properties.length > MEMBERS_MAX) throw new TypeError('a table is too long');
  const copy: unknown = Array.isArray(value) ? [] : Object.create(null);
  for (const [key, property] of properties) {
    if (!('value' in property)) throw new TypeError('a table has values, and no get');
    if (property.enumerable !== true) continue; // the length of an array
    const member = copied(property.value, depth + 1);
    Object.defineProperty(copy, key, { value: member, enumerable: true });
  }
  return Object.freeze(copy);
}
