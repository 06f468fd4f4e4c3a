// SPDX-License-Identifier: GPL-2.0-only
/** Error numbers and error pointers. After include/linux/err.h and include/uapi/asm-generic/errno-base.h. */
import { pointerLike } from '../machine';

export const EPERM = 1;
export const ENOENT = 2;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const EBADF = 9;
export const EAGAIN = 11;
export const EWOULDBLOCK = EAGAIN;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;
export const ENOSPC = 28;
export const ERANGE = 34;
export const EINPROGRESS = 115;
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

/** Name of an error as messages give it: -12 is '-ENOMEM'. Other values are printed as they are. */
export function errname(value: number): string {
  const name = NAMES[-value];
  return name === undefined ? String(value) : `-${name}`;
}

declare const errorBrand: unique symbol;

/** A pointer that carries an error number; following it faults. */
export interface errptr {
  readonly [errorBrand]: true;
}

const pointers = new Map<number, errptr>();
const errors = new WeakMap<object, number>();

function faulting(error: number): errptr {
  const fault = (): never => {
    throw new TypeError(`ERR_PTR(${errname(error)}) was used as a pointer`);
  };
  const pointer = new Proxy(Object.freeze({}), { get: fault, set: fault }) as errptr;
  errors.set(pointer, error);
  pointerLike.add(pointer);
  return pointer;
}

/**
 * Makes an error pointer of a negative error number, as functions return that give a pointer or say why not.
 *
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 */
export function ERR_PTR(error: number): errptr {
  let pointer = pointers.get(error);
  if (pointer === undefined) pointers.set(error, (pointer = faulting(error)));
  return pointer;
}

/**
 * Whether a pointer is an error pointer. NULL is not.
 *
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 */
export function IS_ERR(pointer: unknown): pointer is errptr {
  return typeof pointer === 'object' && pointer !== null && errors.has(pointer);
}

/**
 * The error number in an error pointer; 0 for anything else.
 *
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
 * @kernel include/linux/err.h
 * @context any; does not sleep
 * @ordering none
 */
export function IS_ERR_OR_NULL(pointer: unknown): pointer is errptr | null {
  return pointer === null || IS_ERR(pointer);
}
