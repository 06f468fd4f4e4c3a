// SPDX-License-Identifier: GPL-2.0-only
/** How a command joins the command line, and what several of them have in common. */
import type { Command } from 'commander';
import type { Shell } from './shell';

/** Makes a commander action of a command: its answer is the exit code. */
export type Run = <T extends unknown[]>(
  command: (shell: Shell, ...args: T) => Promise<number>,
) => (...args: T) => Promise<void>;

/** Adds one command, with its options, an example and its action. */
export type AddCommand = (program: Command, run: Run) => void;

export const ID = 'number, name, or both: 1, rbd-put-client, 01-rbd-put-client';
export const OPTIONAL_ID = `${ID} (default: the kata of this folder, or the one you are at)`;
export const DRIVER = 'judge this file, or what this patch makes, instead of the one in the kata';
export const SCENARIO = 'only this scenario; kata test names them';

/** The last lines of a command's help. */
export function example(...commands: readonly string[]): string {
  return `\n${commands.map((command) => `Example: npx kata ${command}`).join('\n')}`;
}
