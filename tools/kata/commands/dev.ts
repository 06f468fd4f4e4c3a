// SPDX-License-Identifier: GPL-2.0-only
/** `kata dev new`, `kata dev check`: for those who write katas. */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { kataNamed } from '../at';
import { example, ID, type Run } from '../command';
import { nameFor, scaffold } from '../dev/scaffold';
import { Fault } from '../errors';
import { EXIT } from '../exit-code';
import { JudgePool } from '../judge-pool';
import { kataIds } from '../katas';
import { count } from '../print/words';
import type { Shell } from '../shell';

export function addDev(program: Command, run: Run): void {
  const dev = program
    .command('dev')
    .description('for those who write katas: begin one, check one')
    .addHelpText('after', example('dev new toy-get', 'dev check 17'));
  dev
    .command('new')
    .description('begin a kata: its files, with what belongs in each')
    .argument('<SLUG>', 'its name, as in rbd-put-client; NN-name if you want a certain number')
    .option('--driver <name>', 'name of the driver file (default: the first word of the slug)')
    .addHelpText('after', example('dev new toy-get', 'dev new 17-toy-get --driver toy'))
    .action((slug: string, options: NewOptions) => run(devNew)(slug, options));
  dev
    .command('check')
    .description('what a kata still lacks: the self-check as a list of things to do')
    .argument('[ID]', `${ID} (default: all katas)`)
    .addHelpText('after', example('dev check 17'))
    .action((id: string | undefined) => run(devCheck)(id));
}

export interface NewOptions {
  readonly driver?: string;
}

/** 0 when the files are there. */
export function devNew(shell: Shell, slug: string, { driver }: NewOptions): Promise<number> {
  const { root, write } = shell;
  const named = nameFor(root, slug, driver);
  for (const file of scaffold(root, named)) write(`${file}\n`);
  const number = named.id.slice(0, 2);
  write(`\nWhat belongs in each is in CONTRIBUTING.md, "Add a kata".\n`);
  write(`What is missing: npx kata dev check ${number}\n`);
  return Promise.resolve(EXIT.holds);
}

/** 0 when nothing is lacking, 1 otherwise. */
export async function devCheck(shell: Shell, name: string | undefined): Promise<number> {
  const { root, write } = shell;
  const { problemsOf } = await import('../dev/check.js'); // brings the compiler along
  const ids = name === undefined ? kataIds(root) : [kataNamed(shell, name).id];
  const begun = name === undefined ? withoutManifest(root) : [];
  for (const folder of begun) write(`${folder} has no kata.json\n`);
  let lacking = begun.length;
  const pool = new JudgePool();
  try {
    for (const id of ids) {
      const problems: string[] = [];
      try {
        const kata = kataNamed(shell, id);
        for await (const problem of problemsOf(shell, pool, kata)) problems.push(problem);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        problems.push(error.message);
      }
      write(problems.length === 0 ? `ok    ${id}\n` : `FAIL  ${id}\n`);
      for (const problem of problems) write(`      ${problem}\n`);
      lacking += problems.length;
    }
  } finally {
    pool.stop();
  }
  if (lacking === 0) write('\nComplete. Now npm run syllabus, and npm test.\n');
  else write(`\n${count(lacking, 'thing')} to be done; CONTRIBUTING.md, "Add a kata", says how.\n`);
  return lacking === 0 ? EXIT.holds : EXIT.fails;
}

function withoutManifest(root: string): string[] {
  return fs
    .readdirSync(path.join(root, 'katas'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d\d-./.test(entry.name))
    .map((entry) => `katas/${entry.name}`)
    .filter((folder) => !fs.existsSync(path.join(root, folder, 'kata.json')));
}
