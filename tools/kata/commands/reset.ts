// SPDX-License-Identifier: GPL-2.0-only
/** `kata reset ID`: puts the port as shipped back, and keeps what was there. */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { codeOf } from '../../errno';
import { shippedPort } from '../../answers/shipped';
import { kataNamed } from '../at';
import { example, ID, type Run } from '../command';
import { Refusal } from '../errors';
import { EXIT } from '../exit-code';
import type { Kata } from '../katas';
import { nextAfterFailure } from '../print/next';
import { type Shell, shownPath } from '../shell';
import { homeOf } from '../state/memory';
import { reason } from '../state/state-file';

export interface ResetOptions {
  readonly yes?: boolean;
}

export function addReset(program: Command, run: Run): void {
  program
    .command('reset')
    .description('put the port as shipped back; your file is kept as a backup')
    .argument('<ID>', ID)
    .option('--yes', 'do not ask')
    .addHelpText('after', example('reset 01', 'reset 01 --yes'))
    .action((id: string, options: ResetOptions) => run(reset)(id, options));
}

/** 2 without --yes where nobody can be asked; 0 also when the answer is no. */
async function reset(shell: Shell, name: string, { yes = false }: ResetOptions): Promise<number> {
  const { root, cwd, terminal, write } = shell;
  const kata = kataNamed(shell, name);
  const shown = shownPath(cwd, kata.driver);
  const shipped = shippedPort(root, kata.manifest);
  const yours = readOrNull(kata.driver, shown);
  if (yours === shipped) {
    write(`${shown} is as it was shipped. Nothing is changed.\n`);
    return EXIT.holds;
  }
  if (!yes) {
    if (terminal === undefined) {
      throw new Refusal(
        `reset asks first, and nobody is here to answer: npx kata reset ${kata.number} --yes does it unasked`,
      );
    }
    const question = `Replace ${shown} by the port as shipped? (yours is kept as a backup)`;
    if (!(await terminal.confirm(question))) {
      write('Nothing is changed.\n');
      return EXIT.holds;
    }
  }
  const backup = yours === null ? null : keepBackup(shell, kata, yours);
  putBack(kata, shown, shipped);
  write(`${shown} is as it was shipped.\n`);
  if (backup !== null) write(`Yours is kept as ${backup}\n`);
  write(`\n${nextAfterFailure(kata, shown)}`);
  return EXIT.holds;
}

function readOrNull(file: string, shown: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new Refusal(`${shown} ${reason(error, 'read')}; nothing is changed`);
  }
}

/** Copies the learner's file to a name that is not taken; nothing else happens if that does not work. */
function keepBackup(shell: Shell, { id, manifest }: Kata, text: string): string {
  const folder = path.join(homeOf(shell), 'backup', id);
  try {
    fs.mkdirSync(folder, { recursive: true });
    for (let n = 1; ; n++) {
      const file = path.join(folder, manifest.driver.replace(/\.ts$/, `.${n}.ts`));
      if (fs.existsSync(file)) continue;
      writeFileAtomic.sync(file, text);
      return shownPath(shell.cwd, file);
    }
  } catch (error) {
    throw new Refusal(`the backup ${reason(error, 'written')}, so nothing is changed`);
  }
}

function putBack({ driver }: Kata, shown: string, shipped: string): void {
  try {
    writeFileAtomic.sync(driver, shipped);
  } catch (error) {
    throw new Refusal(`${shown} ${reason(error, 'written')}; nothing is changed`);
  }
}
