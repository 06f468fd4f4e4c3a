// SPDX-License-Identifier: GPL-2.0-only
/** Field types of structures: what a C declaration would say. */
import { Scalar } from '../machine';

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

/** A pointer to a function, or NULL. Zeroed memory holds NULL. */
export function fn<T extends (...args: never[]) => unknown>(): Scalar<T | null> {
  return pointer; // one descriptor serves all: the pointee's type exists for the compiler only
}
