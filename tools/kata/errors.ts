// SPDX-License-Identifier: GPL-2.0-only
/** Two ways for a command to end early; everything else that is thrown is a fault of ours as well. */

/** What was asked for cannot be done; one sentence, exit code 2. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** This tool broke; one sentence, exit code 3. `trace` is shown with KATA_DEBUG=1 only. */
export class Fault extends Error {
  override name = 'Fault';

  constructor(
    message: string,
    readonly trace = '',
  ) {
    super(message);
  }
}
