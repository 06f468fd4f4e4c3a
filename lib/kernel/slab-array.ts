// SPDX-License-Identifier: GPL-2.0-only
/** Arrays of structures, in one piece of memory. After include/linux/slab.h. */
import {
  type AnyStruct,
  arrayType,
  type Fields,
  type Op,
  type StructHandle,
  type StructType,
} from '../machine';
import { kmalloc, kzalloc } from './slab';
import type { array } from './types';

type Elements = StructType<Record<string, never>>;

const types = new WeakMap<object, Map<number, Elements>>();

/** The type of an array of so many of these: the same each time. */
function arrayOf(element: AnyStruct, length: number): Elements {
  const known = types.get(element) ?? new Map<number, Elements>();
  types.set(element, known);
  let type = known.get(length);
  if (type === undefined) {
    type = arrayType(element, length) as Elements; // its fields have numbers for names
    known.set(length, type);
  }
  return type;
}

type Allocator = (type: Elements, flags: number) => Op<unknown>;

function* allocating<F extends Fields>(
  allocate: Allocator,
  n: number,
  type: StructType<F>,
  flags: number,
): Op<array<StructHandle<F>> | null> {
  return (yield* allocate(arrayOf(type, n), flags)) as array<StructHandle<F>> | null; // what that type has
}

/**
 * Allocates an array of structures with undefined contents. Other indices than 0 to n - 1 fault.
 *
 * @example
 * const cell = struct('cell', { event: int, node: list_head });
 * const cells = yield* kmalloc_array(2, cell, GFP_KERNEL);
 * if (cells === null) return;
 * const last = elementAt(cells, 1);
 * last.event = 7;
 * container_of(last.node, cell, 'node').event; // => 7
 * yield* kfree(cells);
 * @param n the number of elements
 * @param type the type of an element
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the array, or NULL if the scenario lets `kmalloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size
 */
export function kmalloc_array<F extends Fields>(
  n: number,
  type: StructType<F>,
  flags: number,
): Op<array<StructHandle<F>> | null> {
  return allocating(kmalloc, n, type, flags);
}

/**
 * Allocates a zeroed array of structures.
 *
 * @example
 * const ring = struct('ring', { page: ptr<object>() });
 * const pages = yield* kcalloc(3, ring, GFP_KERNEL);
 * if (pages === null) return;
 * elementAt(pages, 2).page; // => null
 * yield* kfree(pages);
 * @param n the number of elements
 * @param type the type of an element
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the array, or NULL if the scenario lets `kzalloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size
 */
export function kcalloc<F extends Fields>(
  n: number,
  type: StructType<F>,
  flags: number,
): Op<array<StructHandle<F>> | null> {
  return allocating(kzalloc, n, type, flags);
}

/**
 * kmalloc_array() for arrays that may be large: kvfree() frees it.
 *
 * @example
 * const cell = struct('cell', { event: int });
 * const cells = yield* kvmalloc_array(2, cell, GFP_KERNEL);
 * yield* kvfree(cells);
 * @param n the number of elements
 * @param type the type of an element
 * @param flags GFP_KERNEL
 * @returns the array, or NULL if the scenario lets `kmalloc` fail
 * @kernel include/linux/slab.h
 * @context process context; may sleep
 * @ordering none
 * @divergence takes the type, not a size
 */
export function kvmalloc_array<F extends Fields>(
  n: number,
  type: StructType<F>,
  flags: number,
): Op<array<StructHandle<F>> | null> {
  return allocating(kmalloc, n, type, flags);
}

/**
 * The element of an array, `&cells[i]`: as `cells[i]`, but with a type that does not say that there may be none.
 *
 * @param index from 0 on; any that does not exist faults
 * @returns the element
 * @context any; does not sleep
 * @ordering none
 */
export function elementAt<T>(elements: array<T>, index: number): T {
  return elements[index] as T; // another index faults
}
