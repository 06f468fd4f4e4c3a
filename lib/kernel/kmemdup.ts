// SPDX-License-Identifier: GPL-2.0-only
/** Copies of structures, and memory that leaves nothing behind when it is freed. After include/linux/string.h and slab.h. */
import {
  composite,
  type Fields,
  type Handle,
  objectOf,
  type Op,
  Scalar,
  type StructHandle,
  type StructType,
} from '../machine';
import { kfree, kmalloc } from './slab';
import { memset } from './string';

function* duplicating<F extends Fields>(
  source: StructHandle<F>,
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  const made = yield* kmalloc(type, flags);
  if (made === null) return null;
  const [from, to] = [source, made] as [Record<string, unknown>, Record<string, unknown>]; // by name, below
  for (const [name, field] of Object.entries(type.fields)) {
    if (!Scalar.is(field))
      throw new TypeError(`kmemdup: ${name} is embedded, and no copy of it is one`);
    to[name] = from[name];
  }
  return made;
}

function* wiping(object: Handle | null): Op<void> {
  if (object !== null) yield* memset(object, 0);
  yield* kfree(object);
}

/**
 * Allocates a copy of a structure.
 *
 * @example
 * const options = struct('options', { size: int, name: text });
 * const given = DEFINE_STATIC('given', options);
 * yield* might_sleep();
 * given.size = 7;
 * const copy = yield* kmemdup(given, options, GFP_KERNEL);
 * if (copy === null) return;
 * copy.size; // => 7
 * yield* kfree_sensitive(copy);
 * @param source what is copied, field by field: plain reads
 * @param type the type of both
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the copy, or NULL if the scenario lets `kmalloc` fail
 * @kernel include/linux/string.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size; a structure with embedded locks, lists or counts faults
 */
export function kmemdup<F extends Fields>(
  source: StructHandle<F>,
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  objectOf(source); // a wild pointer faults here, at the call
  return composite('kmemdup', duplicating(source, type, flags));
}

/**
 * Zeroes memory and frees it. NULL is allowed. It was kzfree() before 5.9.
 *
 * @param object the result of an allocation, or NULL
 * @kernel include/linux/slab.h
 * @context any; does not sleep
 * @ordering none
 */
export function kfree_sensitive(object: Handle | null): Op<void> {
  return composite('kfree_sensitive', wiping(object));
}
