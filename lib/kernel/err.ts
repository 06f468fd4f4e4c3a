// SPDX-License-Identifier: GPL-2.0-only
/** Error pointers. After include/linux/err.h. */
import { pointerLike } from '../machine';
import { errname } from './errname';

export { errname };
export * from './errno';

declare const errorBrand: unique symbol;

/** A pointer that carries an error number; following it faults. */
export interface errptr {
  /** @internal */
  readonly [errorBrand]: true;
}

const pointers = new Map<number, errptr>();
const errors = new WeakMap<object, number>();

function faulting(error: number): errptr {
  const fault = (): never => {
    throw new TypeError(`ERR_PTR(${errname(error)}) was used as a pointer`);
  };
  // An errptr has no readable properties: its brand exists only for the compiler.
  const pointer = new Proxy(Object.freeze({}), { get: fault, set: fault }) as errptr;
  errors.set(pointer, error);
  pointerLike.set(pointer, `ERR_PTR(${errname(error)})`);
  return pointer;
}

/**
 * Makes an error pointer from a negative error number. Functions that return a pointer use it to report an error.
 *
 * @example
 * const pointer = ERR_PTR(-ENOMEM);
 * yield* might_sleep();
 * IS_ERR(pointer); // => true
 * PTR_ERR(pointer); // => -12
 * errname(PTR_ERR(pointer)); // => '-ENOMEM'
 * IS_ERR(null); // => false
 * IS_ERR_OR_NULL(null); // => true
 * PTR_ERR_OR_ZERO(null); // => 0
 * ERR_CAST(pointer) === pointer; // => true
 * @param error a negative error number: `-ENOMEM`
 * @returns a pointer for which IS_ERR() is true
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 */
export function ERR_PTR(error: number): errptr {
  if (typeof error !== 'number') throw new TypeError('ERR_PTR: an error is a number');
  let pointer = pointers.get(error);
  if (pointer === undefined) pointers.set(error, (pointer = faulting(error)));
  return pointer;
}

/**
 * Whether a pointer is an error pointer. NULL is not.
 *
 * @param pointer the result of a function
 * @returns whether it is an error pointer
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 */
export function IS_ERR(pointer: unknown): pointer is errptr {
  return typeof pointer === 'object' && pointer !== null && errors.has(pointer);
}

/**
 * Returns the error number of an error pointer.
 *
 * @param pointer a pointer for which IS_ERR() is true
 * @returns the negative error number in it; 0 for anything else
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 */
export function PTR_ERR(pointer: unknown): number {
  return typeof pointer === 'object' && pointer !== null ? (errors.get(pointer) ?? 0) : 0;
}

/**
 * Whether a pointer is NULL or an error pointer.
 *
 * @param pointer the result of a function
 * @returns whether it points to nothing
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 */
export function IS_ERR_OR_NULL(pointer: unknown): pointer is errptr | null {
  return pointer === null || IS_ERR(pointer);
}

/**
 * The error of a function that gives a pointer, for one that gives a number.
 *
 * @param pointer the result of a function
 * @returns the negative error number of an error pointer; 0 for any other pointer, NULL too
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 */
export function PTR_ERR_OR_ZERO(pointer: unknown): number {
  return PTR_ERR(pointer);
}

/**
 * An error pointer as one of another type.
 *
 * @param pointer a pointer for which IS_ERR() is true
 * @returns the same pointer
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 * @divergence another pointer becomes ERR_PTR(0), which faults as well
 */
export function ERR_CAST(pointer: unknown): errptr {
  return ERR_PTR(PTR_ERR(pointer));
}
