// SPDX-License-Identifier: GPL-2.0-only
/** A disk that is full or gone while a class is graded: what has been written is whole, and the same command goes on. */
import { codeOf } from '../../errno';
import { Fault } from '../../kata/errors';
import { commandAgain } from './interrupted';
import type { GradeOptions } from './options';

const CODES = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOENT'];

/** The error; an error of writing says so and what to do next. */
export function toldUnwritten(error: unknown, given: string, options: GradeOptions): unknown {
  if (!(error instanceof Error) || error instanceof Fault || !('syscall' in error)) return error;
  const code = codeOf(error);
  if (!CODES.includes(code)) return error;
  const again = commandAgain(given, options);
  const what = `results cannot be written (${code}); those already written are whole, and there is no gradebook`;
  return new Fault(`${what}: make room, then ${again}`, error.stack ?? '');
}
