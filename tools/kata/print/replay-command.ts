// SPDX-License-Identifier: GPL-2.0-only
/** The command that shows a failure again. */

export interface ReplayCommand {
  /** NN of the kata. */
  readonly number: string;
  readonly schedule: string;
  /** Named unless it is the kata's first. */
  readonly scenario: string | null;
  /** The driver, unless it is the kata's own; empty if it is. */
  readonly driverOption: string;
}

/** The whole command, ready to be pasted into a shell. */
export function replayCommand({ number, schedule, scenario, driverOption }: ReplayCommand): string {
  const parts = ['npx kata replay', number, `'${schedule}'`];
  if (scenario !== null) parts.push(`--scenario ${scenario}`);
  if (driverOption !== '') parts.push(driverOption);
  return parts.join(' ');
}

/** `--driver FILE`, quoted where a shell would misread it. */
export function driverOption(file: string): string {
  return `--driver ${quoted(file)}`;
}

/** A word for a shell. */
export function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
