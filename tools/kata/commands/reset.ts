// SPDX-License-Identifier: GPL-2.0-only
/** `kata reset [ID]`: puts the port as shipped back, of one kata or of all, and keeps what was there. */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { codeOf } from '../../errno';
import { shippedPort } from '../../answers/shipped';
import { kataNamed } from '../at';
import { example, OPTIONAL_ID, type Run } from '../command';
import { Refusal } from '../errors';
import { EXIT } from '../exit-code';
import { allKatas, type Kata } from '../katas';
import { nextAfterFailure } from '../print/next';
import { type Shell, shownPath } from '../shell';
import { homeOf } from '../state/memory';
import { reason } from '../../errno';

export interface ResetOptions {
  readonly yes?: boolean;
  readonly all?: boolean;
}

export function addReset(program: Command, run: Run): void {
  program
    .command('reset')
    .description('put the port as shipped back; your file is kept as a backup')
    .argument('[ID]', OPTIONAL_ID)
    .option('--all', 'every kata whose driver was changed')
    .option('--yes', 'do not ask')
    .addHelpText('after', example('reset 01', 'reset --all --yes'))
    .action((id: string | undefined, options: ResetOptions) => run(reset)(id, options));
}

/** 2 without --yes where nobody can be asked; 0 also when the answer is no. */
async function reset(
  shell: Shell,
  name: string | undefined,
  { yes = false, all = false }: ResetOptions,
): Promise<number> {
  const { root, cwd, write } = shell;
  if (all && name !== undefined)
    throw new Refusal(`reset --all takes no kata; leave '${name}' out`);
  const asked = all ? allKatas(root) : [kataNamed(shell, name)];
  const changed = asked.filter((kata) => textOf(kata, cwd) !== shippedPort(root, kata.manifest));
  const names = changed.map(({ driver }) => shownPath(cwd, driver));
  if (changed.length === 0) {
    const [only] = asked;
    const what = all || only === undefined ? 'Every driver' : shownPath(cwd, only.driver);
    write(`${what} is as it was shipped. Nothing is changed.\n`);
    return EXIT.holds;
  }
  const command = `npx kata reset ${all ? '--all' : (asked[0]?.number ?? '')} --yes`;
  // Where there is no file, nothing can be lost.
  const lost = changed.filter((kata) => textOf(kata, cwd) !== null);
  if (lost.length > 0 && !yes && !(await agreed(shell, names, command))) {
    write('Nothing is changed.\n');
    return EXIT.holds;
  }
  for (const kata of changed) putBackOne(shell, kata);
  const [first] = changed;
  if (!all && first !== undefined) write(`\n${nextAfterFailure(first, names[0] ?? '')}`);
  return EXIT.holds;
}

/** Asks, where somebody can answer. */
async function agreed(
  { terminal }: Shell,
  names: readonly string[],
  command: string,
): Promise<boolean> {
  if (terminal === undefined) {
    throw new Refusal(`reset asks first, and nobody is here to answer: ${command} does it unasked`);
  }
  const [first = ''] = names;
  const question =
    names.length === 1
      ? `Replace ${first} by the port as shipped? (yours is kept as a backup)`
      : `Replace ${names.join(', ')} by the ports as shipped? (yours are kept as backups)`;
  return terminal.confirm(question);
}

function putBackOne(shell: Shell, kata: Kata): void {
  const { cwd, root, write } = shell;
  const shown = shownPath(cwd, kata.driver);
  const yours = textOf(kata, cwd);
  const backup = yours === null ? null : keepBackup(shell, kata, yours);
  putBack(kata, shown, shippedPort(root, kata.manifest));
  write(`${shown} is as it was shipped.\n`);
  if (backup !== null) write(`Yours is kept as ${backup}\n`);
}

/** A kata's driver as it is now; null where there is none. */
function textOf({ driver }: Kata, cwd: string): string | null {
  return readOrNull(driver, shownPath(cwd, driver));
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
