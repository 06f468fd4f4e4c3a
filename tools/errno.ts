// SPDX-License-Identifier: GPL-2.0-only
/** What the system says when it cannot do what was asked. */

/** The code of a system error, such as ENOENT; `unknown error` for anything else. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'unknown error';
  return typeof error.code === 'string' ? error.code : 'unknown error';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a file is where a folder should be',
  EEXIST: 'a file is where a folder should be',
  EISDIR: 'a folder is where a file should be',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
};

/** `cannot be written (the disk is full)`. */
export function reason(error: unknown, verb: string): string {
  const code = codeOf(error);
  return `cannot be ${verb} (${code === 'ENOENT' ? missing(verb) : (REASONS[code] ?? code)})`;
}

/** What is written need not be there yet, but its folder must be. */
function missing(verb: string): string {
  return verb === 'written' ? 'the folder does not exist' : 'there is no such file';
}
