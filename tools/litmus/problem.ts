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
