// SPDX-License-Identifier: GPL-2.0-only
/** `kata show ID`: a kata's page in the terminal. */
import type { Command } from 'commander';
import { kataNamed } from '../at';
import { example, OPTIONAL_ID, type Run } from '../command';
import { EXIT } from '../exit-code';
import { kataText } from '../katas';
import { printPage } from '../print/kata';
import { type Shell, shownPath } from '../shell';

export function addShow(program: Command, run: Run): void {
  program
    .command('show')
    .description('what a kata is about, and the file to edit')
    .argument('[ID]', OPTIONAL_ID)
    .addHelpText('after', example('show 01'))
    .action((id: string | undefined) => run(show)(id));
}

function show(shell: Shell, name: string | undefined): Promise<number> {
  const { cwd, style, write } = shell;
  const kata = kataNamed(shell, name);
  const readme = kataText(kata, 'README.md');
  write(printPage({ ...kata, readme, file: shownPath(cwd, kata.driver) }, style));
  return Promise.resolve(EXIT.holds);
}
