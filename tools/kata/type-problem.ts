// SPDX-License-Identifier: GPL-2.0-only
/** A type error, without the compiler that finds it: loading that takes longer than most commands. */

/** One type error. Line and column count from 1. */
export interface TypeProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly code: number;
}

/** `rbd.ts:12:5: Type 'void' is not assignable to type 'number' (TS2322)`. */
export function formatTypeProblem(file: string, problem: TypeProblem): string {
  const { line, column, message, code } = problem;
  return `${file}:${line}:${column}: ${message} (TS${code})`;
}
