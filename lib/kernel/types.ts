// SPDX-License-Identifier: GPL-2.0-only
/** Field types of structures: what a C declaration would say. */
import { arrayType, type Embeddable, type Handle, Scalar } from '../machine';

/** An integer field (int, unsigned long, u64, ...). Zeroed memory holds 0. @kernel include/linux/types.h */
export const int = new Scalar<number>(0);

/** A truth value. Zeroed memory holds false. @kernel include/linux/types.h */
export const bool = new Scalar<boolean>(false);

/** A character array. Zeroed memory holds the empty string. @divergence one value, copied whole; no terminator, no overflow */
export const text = new Scalar<string>('');

const pointer = new Scalar<never>(null);

/** A pointer field: a kernel object or NULL (`null`). Zeroed memory holds NULL. */
export function ptr<T>(): Scalar<T | null> {
  return pointer; // one descriptor serves all: the pointee's type exists for the compiler only
}

/**
 * A pointer field that the code follows without looking, as C lets one: its type leaves NULL out, the memory does not.
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
  return pointer; // one descriptor serves all: the pointee's type exists for the compiler only
}

/** Elements by index; outside of the array there are none. */
export type array<T> = Handle & { [index: number]: T };

/**
 * An array field: `ary: array(ptr<idr_layer>(), 4)`, used as `layer.ary[n]`.
 *
 * @param element what one of them is: `int`, `ptr<...>()` ...
 * @param length how many; the first is number 0
 * @divergence an access to any index outside is reported and ends the task, also where C would still be inside of the structure
 */
export function array<T>(element: Scalar<T>, length: number): Embeddable<array<T>> {
  return arrayType(element, length) as unknown as Embeddable<array<T>>; // its handles have an accessor for each element
}

/** A variable of the caller's that a function writes a result to: an `int *` argument. */
export interface out<T> {
  /** The variable's value. */
  value: T;
}
