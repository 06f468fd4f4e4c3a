// SPDX-License-Identifier: GPL-2.0-only
/** The names of error numbers. After include/linux/errname.h. */
import * as errno from './errno';

/** By number; EWOULDBLOCK is another name of EAGAIN. */
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(errno).flatMap(([name, value]): [number, string][] =>
    name === 'EWOULDBLOCK' ? [] : [[value, name]],
  ),
);

/**
 * The name of an error in messages: -12 is '-ENOMEM'.
 *
 * @param value a negative error number
 * @returns `-ENOMEM` for -12; the number as text if it has no name
 * @kernel include/linux/errname.h
 * @context any; does not sleep
 * @ordering none
 * @divergence knows only the errors of errno.ts; other values are returned as text, where Linux returns NULL
 */
export function errname(value: number): string {
  const name = NAMES.get(-value);
  return name === undefined ? String(value) : `-${name}`;
}
