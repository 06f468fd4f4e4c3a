// SPDX-License-Identifier: GPL-2.0-only
/** `kata dev new`, `check`, `answer`, `rebase` and `differ`: for authors of katas. */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { kataNamed } from '../at';
import { example, ID, type Run } from '../command';
import { nameFor, scaffold } from '../dev/scaffold';
import { Fault, Refusal } from '../errors';
import { EXIT } from '../exit-code';
import { JudgePool } from '../judge-pool';
import { type Kata, kataIds } from '../katas';
import { count } from '../print/words';
import type { Shell } from '../shell';

export function addDev(program: Command, run: Run): void {
  const dev = program
    .command('dev')
    .description('for authors of katas: begin one, check it, keep its answers')
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
    .option(
      '--write',
      'first write into kata.json what the code says: exports, scenarios, headlines',
    )
    .addHelpText('after', example('dev check 17', 'dev check 17 --write'))
    .action((id: string | undefined, options: CheckOptions) => run(devCheck)(id, options));
  dev
    .command('answer')
    .description('lay an answer out as a file to edit, and fold it back into its patch')
    .argument('<ID>', ID)
    .argument('<NAME>', 'wrong/NAME or right/NAME; a new one begins as the port')
    .option('--save', 'fold it back: write solutions/NN-slug/NAME.patch')
    .option('--from <file>', 'take this file, for instance your own driver')
    .addHelpText(
      'after',
      example('dev answer 14 wrong/nested', 'dev answer 14 wrong/nested --save'),
    )
    .action((id: string, name: string, options: AnswerOptions) =>
      run(devAnswer)(id, name, options),
    );
  dev
    .command('rebase')
    .description('after a change of the port or the solution: take the answers along')
    .argument('<ID>', ID)
    .addHelpText('after', example('dev rebase 14'))
    .action((id: string) => run(devRebase)(id));
  dev
    .command('differ')
    .description('hunt for the smallest client program that tells two drivers apart')
    .argument('<ID>', ID)
    .argument('<A>', 'a driver file or a patch')
    .argument('<B>', 'another one')
    .option('--calls <n>', 'all programs of so many calls at most', '3')
    .option('--larger <n>', 'and so many that are drawn from all larger ones', '0')
    .addHelpText('after', example('dev differ 14 A.ts B.ts'))
    .action((id: string, a: string, b: string, options: DifferOptions) =>
      run(devDiffer)(id, a, b, options),
    );
}

export interface AnswerOptions {
  readonly save?: boolean;
  readonly from?: string;
}

/** 0 when it is laid out, or saved. */
async function devAnswer(
  shell: Shell,
  id: string,
  typed: string,
  { save = false, from }: AnswerOptions,
): Promise<number> {
  const { write } = shell;
  const kata = kataNamed(shell, id);
  const answers = await import('../dev/answer.js');
  const file = answers.answerNamed(shell.root, kata, typed);
  const command = `npx kata dev answer ${kata.number} ${file.kind}/${file.name}`;
  if (!save) {
    const { shown, known } = answers.lay(shell, kata, file, from);
    write(known ? `${shown} is laid out already; delete it to begin again.\n` : `${shown}\n`);
    write(`\nEdit   ${shown}\nJudge  npx kata test ${kata.number} --driver ${shown}\n`);
    write(`Save   ${command} --save\n`);
    return EXIT.holds;
  }
  const { judgeIn } = await import('../dev/check.js'); // brings the compiler along
  const pool = new JudgePool();
  try {
    const judge = judgeIn(shell, pool, kata);
    const { base, lines } = await answers.save(shell, kata, file, { from, judge });
    const against = base === 'port' ? 'the port as shipped' : 'the solution';
    write(`${file.shown}: ${count(lines, 'line')} against ${against}\n`);
    write(`\nCheck  npx kata dev check ${kata.number}\n`);
    return EXIT.holds;
  } finally {
    pool.stop();
  }
}

export interface DifferOptions {
  readonly calls: string;
  readonly larger: string;
}

/** 0 when no client tells the two apart, 1 when one does. */
async function devDiffer(
  shell: Shell,
  id: string,
  a: string,
  b: string,
  { calls, larger }: DifferOptions,
): Promise<number> {
  const kata = kataNamed(shell, id);
  if (!/^[1-9]$/.test(calls)) throw new Refusal(`--calls ${calls}: a number from 1 to 9 is wanted`);
  if (!/^\d{1,4}$/.test(larger))
    throw new Refusal(`--larger ${larger}: a number from 0 to 9999 is wanted`);
  const { differ, huntText } = await import('../dev/differ.js'); // brings the engine along
  const found = differ(shell, kata, a, b, { calls: Number(calls), larger: Number(larger) });
  shell.write(huntText(kata.id, found));
  return found.difference === null ? EXIT.holds : EXIT.fails;
}

/** 0 when every answer has come along, 1 if a person must look at some. */
async function devRebase(shell: Shell, id: string): Promise<number> {
  const { root, write } = shell;
  const kata = kataNamed(shell, id);
  const { rebase } = await import('../../answers/rebase.js');
  const { formatted } = await import('../dev/format.js');
  const { written, unchanged, byHand } = await rebase(root, kata.manifest, (text) =>
    formatted(root, text, kata.manifest.driver),
  );
  for (const file of written) write(`${file}\n`);
  const files = written.length === 0 ? 'Nothing' : count(written.length, 'file');
  write(`\n${files} written; ${count(unchanged, 'answer')} as before.\n`);
  if (byHand.length === 0) {
    write(`Check: npx kata dev check ${kata.number}\n`);
    return EXIT.holds;
  }
  write(`\n${count(byHand.length, 'place')} for you to look at:\n`);
  for (const place of byHand) write(`${place}\n`);
  write(`\nThen: npx kata dev answer ${kata.number} NAME --save\n`);
  return EXIT.fails;
}

export interface NewOptions {
  readonly driver?: string;
}

/** 0 when the files are there. */
function devNew(shell: Shell, slug: string, { driver }: NewOptions): Promise<number> {
  const { root, write } = shell;
  const named = nameFor(root, slug, driver);
  for (const file of scaffold(root, named)) write(`${file}\n`);
  const number = named.id.slice(0, 2);
  write(`\nWhat belongs in each is in CONTRIBUTING.md, "Add a kata".\n`);
  write(`What is missing: npx kata dev check ${number}\n`);
  return Promise.resolve(EXIT.holds);
}

export interface CheckOptions {
  readonly write?: boolean;
}

/** 0 when nothing is lacking, 1 otherwise. */
async function devCheck(
  shell: Shell,
  name: string | undefined,
  { write: writes = false }: CheckOptions,
): Promise<number> {
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
        if (writes) await writeWhatTheCodeSays(shell, pool, kataNamed(shell, id));
        const kata = kataNamed(shell, id);
        for await (const problem of problemsOf(shell, pool, kata)) problems.push(problem);
      } catch (error) {
        if (!(error instanceof Fault || error instanceof Refusal)) throw error;
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

async function writeWhatTheCodeSays(shell: Shell, pool: JudgePool, kata: Kata): Promise<void> {
  const { judgeIn } = await import('../dev/check.js');
  const { formatted } = await import('../dev/format.js');
  const { writeLists } = await import('../dev/write-lists.js');
  const judge = judgeIn(shell, pool, kata);
  const format = (text: string): Promise<string> => formatted(shell.root, text, 'kata.json');
  for (const line of await writeLists(kata, { judge, format })) shell.write(`${line}\n`);
}

function withoutManifest(root: string): string[] {
  return fs
    .readdirSync(path.join(root, 'katas'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d\d-./.test(entry.name))
    .map((entry) => `katas/${entry.name}`)
    .filter((folder) => !fs.existsSync(path.join(root, folder, 'kata.json')));
}
