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
/** `-ESRCH`: there is no such process. @kernel include/uapi/asm-generic/errno-base.h */
export const ESRCH = 3;
/** `-E2BIG`: the argument list is too long. @kernel include/uapi/asm-generic/errno-base.h */
export const E2BIG = 7;
/** `-ENOTDIR`: it is not a directory. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOTDIR = 20;
/** `-ENFILE`: too many files are open in the system. @kernel include/uapi/asm-generic/errno-base.h */
export const ENFILE = 23;
/** `-EMFILE`: too many files are open in the process. @kernel include/uapi/asm-generic/errno-base.h */
export const EMFILE = 24;
/** `-ENOTTY`: the device does not know this ioctl. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOTTY = 25;
/** `-ESPIPE`: the file has no position. @kernel include/uapi/asm-generic/errno-base.h */
export const ESPIPE = 29;
/** `-EROFS`: the file system can only be read. @kernel include/uapi/asm-generic/errno-base.h */
export const EROFS = 30;
/** `-EPIPE`: nobody reads from the other end. @kernel include/uapi/asm-generic/errno-base.h */
export const EPIPE = 32;
/** `-EDEADLK`: waiting would be a deadlock. @kernel include/uapi/asm-generic/errno.h */
export const EDEADLK = 35;
/** `-ETIME`: the timer has expired. @kernel include/uapi/asm-generic/errno.h */
export const ETIME = 62;
/** `-EPROTO`: the protocol was violated. @kernel include/uapi/asm-generic/errno.h */
export const EPROTO = 71;
/** `-EOVERFLOW`: the value is too large for its type. @kernel include/uapi/asm-generic/errno.h */
export const EOVERFLOW = 75;
/** `-EOPNOTSUPP`: the operation is not supported. @kernel include/uapi/asm-generic/errno.h */
export const EOPNOTSUPP = 95;
/** `-EADDRINUSE`: the address is in use. @kernel include/uapi/asm-generic/errno.h */
export const EADDRINUSE = 98;
/** `-ECONNRESET`: the other end has reset the connection. @kernel include/uapi/asm-generic/errno.h */
export const ECONNRESET = 104;
/** `-ENOBUFS`: there is no room for a buffer. @kernel include/uapi/asm-generic/errno.h */
export const ENOBUFS = 105;
/** `-EISCONN`: the socket is connected already. @kernel include/uapi/asm-generic/errno.h */
export const EISCONN = 106;
/** `-ENOTCONN`: the socket is not connected. @kernel include/uapi/asm-generic/errno.h */
export const ENOTCONN = 107;
/** `-ESHUTDOWN`: the other end was shut down. @kernel include/uapi/asm-generic/errno.h */
export const ESHUTDOWN = 108;
/** `-ETIMEDOUT`: the time is over. @kernel include/uapi/asm-generic/errno.h */
export const ETIMEDOUT = 110;
/** `-ECONNREFUSED`: nobody listens there. @kernel include/uapi/asm-generic/errno.h */
export const ECONNREFUSED = 111;
/** `-EALREADY`: the operation is under way already. @kernel include/uapi/asm-generic/errno.h */
export const EALREADY = 114;
/** `-ECANCELED`: the operation was cancelled. @kernel include/uapi/asm-generic/errno.h */
export const ECANCELED = 125;
/** `-ERESTARTSYS`: a signal has interrupted the call, which may be made again; never seen by user space. @kernel include/linux/errno.h */
export const ERESTARTSYS = 512;
/** `-ECHILD`: the process has no such child. @kernel include/uapi/asm-generic/errno-base.h */
export const ECHILD = 10;
/** `-EXDEV`: both are not on one file system. @kernel include/uapi/asm-generic/errno-base.h */
export const EXDEV = 18;
/** `-EISDIR`: it is a directory. @kernel include/uapi/asm-generic/errno-base.h */
export const EISDIR = 21;
/** `-EFBIG`: the file would be too large. @kernel include/uapi/asm-generic/errno-base.h */
export const EFBIG = 27;
/** `-EMLINK`: there are too many links. @kernel include/uapi/asm-generic/errno-base.h */
export const EMLINK = 31;
/** `-EDOM`: the argument is outside of the domain. @kernel include/uapi/asm-generic/errno-base.h */
export const EDOM = 33;
/** `-ENAMETOOLONG`: the name is too long. @kernel include/uapi/asm-generic/errno.h */
export const ENAMETOOLONG = 36;
/** `-ENOSYS`: the call does not exist. @kernel include/uapi/asm-generic/errno.h */
export const ENOSYS = 38;
/** `-ENOTEMPTY`: the directory is not empty. @kernel include/uapi/asm-generic/errno.h */
export const ENOTEMPTY = 39;
/** `-ELOOP`: there are too many symbolic links. @kernel include/uapi/asm-generic/errno.h */
export const ELOOP = 40;
/** `-ENODATA`: there is no data. @kernel include/uapi/asm-generic/errno.h */
export const ENODATA = 61;
/** `-EBADMSG`: the message is not valid. @kernel include/uapi/asm-generic/errno.h */
export const EBADMSG = 74;
/** `-EILSEQ`: the sequence of bytes is invalid. @kernel include/uapi/asm-generic/errno.h */
export const EILSEQ = 84;
/** `-EMSGSIZE`: the message is too long. @kernel include/uapi/asm-generic/errno.h */
export const EMSGSIZE = 90;
/** `-EPROTONOSUPPORT`: the protocol is not supported. @kernel include/uapi/asm-generic/errno.h */
export const EPROTONOSUPPORT = 93;
/** `-EAFNOSUPPORT`: the address family is not supported. @kernel include/uapi/asm-generic/errno.h */
export const EAFNOSUPPORT = 97;
/** `-EADDRNOTAVAIL`: the address is not available. @kernel include/uapi/asm-generic/errno.h */
export const EADDRNOTAVAIL = 99;
/** `-ENETDOWN`: the network is down. @kernel include/uapi/asm-generic/errno.h */
export const ENETDOWN = 100;
/** `-ENETUNREACH`: the network cannot be reached. @kernel include/uapi/asm-generic/errno.h */
export const ENETUNREACH = 101;
/** `-ECONNABORTED`: the connection was aborted. @kernel include/uapi/asm-generic/errno.h */
export const ECONNABORTED = 103;
/** `-EHOSTUNREACH`: there is no route to the host. @kernel include/uapi/asm-generic/errno.h */
export const EHOSTUNREACH = 113;
/** `-ESTALE`: the file handle is stale. @kernel include/uapi/asm-generic/errno.h */
export const ESTALE = 116;
/** `-ENOMEDIUM`: there is no medium. @kernel include/uapi/asm-generic/errno.h */
export const ENOMEDIUM = 123;
/** `-ERESTARTNOINTR`: a signal has interrupted the call, which is made again; never seen by user space. @kernel include/linux/errno.h */
export const ERESTARTNOINTR = 513;
/** `-ENOIOCTLCMD`: the driver does not know this ioctl; user space sees ENOTTY. @kernel include/linux/errno.h */
export const ENOIOCTLCMD = 515;
/** `-EPROBE_DEFER`: the driver asks to be probed again later; never seen by user space. @kernel include/linux/errno.h */
export const EPROBE_DEFER = 517;
/** `-ENOTSUPP`: the operation is not supported; never seen by user space. @kernel include/linux/errno.h */
export const ENOTSUPP = 524;

const NAMES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  3: 'ESRCH',
  4: 'EINTR',
  5: 'EIO',
  6: 'ENXIO',
  7: 'E2BIG',
  9: 'EBADF',
  10: 'ECHILD',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  18: 'EXDEV',
  19: 'ENODEV',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
  23: 'ENFILE',
  24: 'EMFILE',
  25: 'ENOTTY',
  27: 'EFBIG',
  28: 'ENOSPC',
  29: 'ESPIPE',
  30: 'EROFS',
  31: 'EMLINK',
  32: 'EPIPE',
  33: 'EDOM',
  34: 'ERANGE',
  35: 'EDEADLK',
  36: 'ENAMETOOLONG',
  38: 'ENOSYS',
  39: 'ENOTEMPTY',
  40: 'ELOOP',
  61: 'ENODATA',
  62: 'ETIME',
  71: 'EPROTO',
  74: 'EBADMSG',
  75: 'EOVERFLOW',
  84: 'EILSEQ',
  90: 'EMSGSIZE',
  93: 'EPROTONOSUPPORT',
  95: 'EOPNOTSUPP',
  97: 'EAFNOSUPPORT',
  98: 'EADDRINUSE',
  99: 'EADDRNOTAVAIL',
  100: 'ENETDOWN',
  101: 'ENETUNREACH',
  103: 'ECONNABORTED',
  104: 'ECONNRESET',
  105: 'ENOBUFS',
  106: 'EISCONN',
  107: 'ENOTCONN',
  108: 'ESHUTDOWN',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  113: 'EHOSTUNREACH',
  114: 'EALREADY',
  115: 'EINPROGRESS',
  116: 'ESTALE',
  123: 'ENOMEDIUM',
  125: 'ECANCELED',
  512: 'ERESTARTSYS',
  513: 'ERESTARTNOINTR',
  515: 'ENOIOCTLCMD',
  517: 'EPROBE_DEFER',
  524: 'ENOTSUPP',
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
