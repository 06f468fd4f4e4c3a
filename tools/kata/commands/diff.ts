// SPDX-License-Identifier: GPL-2.0-only
/** `kata diff [ID]`: your driver against the port as shipped. */
import type { Command } from 'commander';
import { diffAgainst } from '../../../lib/answer';
import { shippedPort } from '../../answers/shipped';
import { kataNamed } from '../at';
import { example, OPTIONAL_ID, type Run } from '../command';
import { readDriver } from '../driver-source';
import { EXIT } from '../exit-code';
import { paintPatch } from '../print/patch';
import { ownDriver, type Shell } from '../shell';

export function addDiff(program: Command, run: Run): void {
  program
    .command('diff')
    .description('what you have changed in a driver since it was shipped')
    .argument('[ID]', OPTIONAL_ID)
    .addHelpText('after', example('diff 01'))
    .action((id: string | undefined) => run(diff)(id));
}

/** Ends with 0 whether or not there is a difference; a patch for `git apply -R` is all it writes. */
function diff(shell: Shell, name: string | undefined): Promise<number> {
  const kata = kataNamed(shell, name);
  const { file, shown } = ownDriver(shell.cwd, kata.driver, kata.number);
  const yours = readDriver(file, shown);
  const shipped = shippedPort(shell.root, kata.manifest);
  if (yours === shipped) {
    shell.complain(`${shown} is as it was shipped.\n`);
    return Promise.resolve(EXIT.holds);
  }
  const about = { base: 'port', kata: kata.id, driver: kata.manifest.driver } as const;
  shell.write(paintPatch(diffAgainst(about, shipped, yours), shell.style));
  return Promise.resolve(EXIT.holds);
}
