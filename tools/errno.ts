// SPDX-License-Identifier: GPL-2.0-only
/** What the system says when it cannot do what was asked. */

/** The code of a system error, such as ENOENT; `unknown error` for anything else. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'unknown error';
  return typeof error.code === 'string' ? error.code : 'unknown error';
}
