// SPDX-License-Identifier: GPL-2.0-only

/** A litmus test that cannot be read or run, with the reason in one sentence. */
export class LitmusProblem extends Error {
  override name = 'LitmusProblem';

  constructor(
    readonly line: number,
    readonly sentence: string,
  ) {
    super(`${line}: ${sentence}`);
  }
}

/** The problem of a test that an error is: any LitmusProblem, or a full stack; null for every other error. */
export function problemOf(error: unknown): LitmusProblem | null {
  if (error instanceof LitmusProblem) return error;
  if (!(error instanceof RangeError)) return null;
  return new LitmusProblem(1, 'brackets or operators are nested too deeply');
}
