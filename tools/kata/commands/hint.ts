// SPDX-License-Identifier: GPL-2.0-only
/** `kata hint [ID]`: one hint more than were read, or as many as asked for. */
import type { Command } from 'commander';
import { kataNamed } from '../at';
import { example, OPTIONAL_ID, type Run } from '../command';
import { Refusal } from '../errors';
import { EXIT } from '../exit-code';
import { hintsOf } from '../hints';
import { printHints } from '../print/kata';
import type { Shell } from '../shell';
import { hintsRead } from '../state/facts';
import { stateOf } from '../state/memory';

export interface HintOptions {
  readonly level?: string;
}

export function addHint(program: Command, run: Run): void {
  program
    .command('hint')
    .description('a hint, and a stronger one each time')
    .argument('[ID]', OPTIONAL_ID)
    .option('--level <n>', 'the hints up to this one (default: one more than you have read)')
    .addHelpText('after', example('hint 01', 'hint 01 --level 2'))
    .action((id: string | undefined, options: HintOptions) => run(hint)(id, options));
}

function hint(
  shell: Shell,
  name: string | undefined,
  { level: typed }: HintOptions,
): Promise<number> {
  const kata = kataNamed(shell, name);
  const hints = hintsOf(kata);
  const read = Math.min(hintsRead(stateOf(shell).read(), kata.id), hints.length);
  const level =
    typed === undefined ? Math.min(read + 1, hints.length) : levelOf(typed, hints.length);
  stateOf(shell).add({ about: kata.id, what: 'hints', level });
  shell.write(printHints({ hints, level, number: kata.number }, shell.style));
  return Promise.resolve(EXIT.holds);
}

function levelOf(typed: string, max: number): number {
  const level = /^\d{1,3}$/.test(typed) ? Number(typed) : 0;
  if (level >= 1 && level <= max) return level;
  throw new Refusal(`--level ${typed}: this kata has hints 1 to ${max}`);
}
