// SPDX-License-Identifier: GPL-2.0-only
/** `kata diff [ID]`: your driver against the port as shipped. */
import type { Command } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { kataNamed } from '../at';
import { example, OPTIONAL_ID, type Run } from '../command';
import { readDriver } from '../driver-source';
import { EXIT } from '../exit-code';
import { paintPatch } from '../print/patch';
import { ownDriver, type Shell } from '../shell';
import { shippedPort } from '../shipped';

export function addDiff(program: Command, run: Run): void {
  program
    .command('diff')
    .description('what you have changed in a driver since it was shipped')
    .argument('[ID]', OPTIONAL_ID)
    .addHelpText('after', example('diff 01'))
    .action((id: string | undefined) => run(diff)(id));
}

/** Ends with 0 whether or not there is a difference; a patch for `git apply -R` is all it writes. */
export function diff(shell: Shell, name: string | undefined): Promise<number> {
  const kata = kataNamed(shell, name);
  const { file, shown } = ownDriver(shell.cwd, kata.driver, kata.number);
  const yours = readDriver(file, shown);
  const shipped = shippedPort(shell.root, kata);
  if (yours === shipped) {
    shell.complain(`${shown} is as it was shipped.\n`);
    return Promise.resolve(EXIT.holds);
  }
  const inRepository = `katas/${kata.id}/${kata.manifest.driver}`;
  const patch = createTwoFilesPatch(
    `a/${inRepository}`,
    `b/${inRepository}`,
    shipped,
    yours,
    undefined,
    undefined,
    { context: 3 },
  );
  shell.write(paintPatch(patch.replace(/^=+\n/, ''), shell.style));
  return Promise.resolve(EXIT.holds);
}
