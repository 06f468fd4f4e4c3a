// SPDX-License-Identifier: GPL-2.0-only
/** Error numbers and error pointers. After include/linux/err.h and include/uapi/asm-generic/errno-base.h. */
import { pointerLike } from '../machine';

/** `-EPERM`: the operation is not permitted. @kernel include/uapi/asm-generic/errno-base.h */
export const EPERM = 1;
/** `-ENOENT`: there is no such file or entry. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOENT = 2;
/** `-EINTR`: a signal has interrupted the call. @kernel include/uapi/asm-generic/errno-base.h */
export const EINTR = 4;
/** `-EIO`: input or output has failed. @kernel include/uapi/asm-generic/errno-base.h */
export const EIO = 5;
/** `-ENXIO`: there is no such device or address. @kernel include/uapi/asm-generic/errno-base.h */
export const ENXIO = 6;
/** `-EBADF`: the file descriptor does not refer to an open file. @kernel include/uapi/asm-generic/errno-base.h */
export const EBADF = 9;
/** `-EAGAIN`: try again later. @kernel include/uapi/asm-generic/errno-base.h */
export const EAGAIN = 11;
/** `-EWOULDBLOCK`: the call would have to wait; the same number as `EAGAIN`. @kernel include/uapi/asm-generic/errno.h */
export const EWOULDBLOCK = EAGAIN;
/** `-ENOMEM`: there is no memory left. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOMEM = 12;
/** `-EACCES`: access is denied. @kernel include/uapi/asm-generic/errno-base.h */
export const EACCES = 13;
/** `-EFAULT`: the address is invalid. @kernel include/uapi/asm-generic/errno-base.h */
export const EFAULT = 14;
/** `-EBUSY`: the device or resource is in use. @kernel include/uapi/asm-generic/errno-base.h */
export const EBUSY = 16;
/** `-EEXIST`: the object exists already. @kernel include/uapi/asm-generic/errno-base.h */
export const EEXIST = 17;
/** `-ENODEV`: there is no such device. @kernel include/uapi/asm-generic/errno-base.h */
export const ENODEV = 19;
/** `-EINVAL`: an argument is invalid. @kernel include/uapi/asm-generic/errno-base.h */
export const EINVAL = 22;
/** `-ENOSPC`: there is no space left. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOSPC = 28;
/** `-ERANGE`: the result is out of range. @kernel include/uapi/asm-generic/errno-base.h */
export const ERANGE = 34;
/** `-EINPROGRESS`: the operation has started but not finished. @kernel include/uapi/asm-generic/errno.h */
export const EINPROGRESS = 115;
/** `-EIOCBQUEUED`: the request is queued, and its completion will be called later; never seen by user space. @kernel include/linux/errno.h */
export const EIOCBQUEUED = 529;

const NAMES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  4: 'EINTR',
  5: 'EIO',
  6: 'ENXIO',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  28: 'ENOSPC',
  34: 'ERANGE',
  115: 'EINPROGRESS',
  529: 'EIOCBQUEUED',
};

/**
 * The name of an error in messages: -12 is '-ENOMEM'.
 *
 * @param value a negative error number
 * @returns `-ENOMEM` for -12; the number as text if it has no name
 * @kernel include/linux/errname.h
 * @context any; does not sleep
 * @ordering none
 * @divergence knows only the errors of this file; other values are returned as text, where Linux returns NULL
 */
export function errname(value: number): string {
  const name = NAMES[-value];
  return name === undefined ? String(value) : `-${name}`;
}

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
