// SPDX-License-Identifier: GPL-2.0-only
/** Field types of structures, named after C declarations. */
import { arrayType, type Embeddable, type Handle, Scalar } from '../machine';

/** An integer field (int, unsigned long, u64, ...). Zeroed memory holds 0. @kernel include/linux/types.h */
export const int = new Scalar<number>(0);

/** A boolean. Zeroed memory holds false. */
export const bool = new Scalar<boolean>(false);

/**
 * A character array. Zeroed memory holds the empty string. @divergence one value that is copied as a whole; no terminator, no
 * overflow
 */
export const text = new Scalar<string>('');

const pointer = new Scalar<never>(null);

/** A pointer field: a kernel object or NULL (`null`). Zeroed memory holds NULL. */
export function ptr<T>(): Scalar<T | null> {
  return pointer; // one descriptor serves all: the pointee's type exists only for the compiler
}

/**
 * A pointer field that the code follows without a check, as C allows: its type excludes NULL, but the memory may hold it.
 *
 * @example const mapped_device = struct('mapped_device', { disk: ptr.unchecked<gendisk>() });
 */
ptr.unchecked = function unchecked<T>(): Scalar<T> {
  return pointer;
};

/**
 * A pointer to a function, or NULL. Zeroed memory holds NULL.
 *
 * @typeParam T - type of the function
 */
export function fn<T extends (...args: never[]) => unknown>(): Scalar<T | null> {
  return pointer; // one descriptor serves all: the pointee's type exists only for the compiler
}

/**
 * A pointer to a function that the code calls without a check, as C allows: its type excludes NULL, but the memory may hold it.
 *
 * @typeParam T - type of the function
 * @example const proto = struct('proto', { close: fn.unchecked<(sk: sock) => Op<void>>() });
 */
fn.unchecked = function unchecked<T extends (...args: never[]) => unknown>(): Scalar<T> {
  return pointer;
};

/** Elements by index; other indices fault. */
export type array<T> = Handle & { [index: number]: T };

/**
 * An array field: `ary: array(ptr<idr_layer>(), 4)`, used as `layer.ary[n]`.
 *
 * @param element the type of an element: `int`, `ptr<...>()` ...
 * @param length the number of elements; the first has index 0
 * @divergence an access to any index outside is reported and ends the task, even if it would still be inside of the structure in C
 */
export function array<T>(element: Scalar<T>, length: number): Embeddable<array<T>> {
  return arrayType(element, length) as unknown as Embeddable<array<T>>; // its handles have an accessor for each element
}

/** A variable of the caller that receives a result: an `int *` argument. */
export interface out<T> {
  /** The variable's value. */
  value: T;
}
