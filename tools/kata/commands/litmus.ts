// SPDX-License-Identifier: GPL-2.0-only
/** `kata litmus FILE|FOLDER...`: what the memory model lets a litmus test end with, and whether that is what its comment says. */
import fs from 'node:fs';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { testFile, testsIn } from '../../litmus/tested';
import { example, type Run } from '../command';
import { Refusal } from '../errors';
import { EXIT } from '../exit-code';
import { documentOf, heading, printOne, rowOf, summary, type Tested } from '../print/litmus';
import { type Shell, shownPath } from '../shell';
import { reason } from '../../errno';

export interface LitmusOptions {
  readonly json?: boolean;
  readonly executions: number;
}

/** Executions of one test: many more than a test with a question of this size has, and some seconds. */
const EXECUTIONS = 50_000;

export function addLitmus(program: Command, run: Run): void {
  program
    .command('litmus')
    .description('what may a litmus test end with? In the C format of tools/memory-model')
    .argument('<FILE...>', 'litmus tests, or folders of *.litmus files')
    .option('--executions <n>', 'give a test up after so many executions', positive, EXECUTIONS)
    .option('--json', 'print one kata-litmus/v1 document and nothing else')
    .addHelpText(
      'after',
      example('litmus docs/litmus/store-buffering.litmus', 'litmus docs/litmus'),
    )
    .action((names: string[], options: LitmusOptions) => run(litmus)(names, options));
}

function positive(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a number from 1 on is wanted');
}

/** 0 when no test differs from what it expects; else 1, 2 for one that cannot be read, 4 for one given up. */
function litmus(shell: Shell, names: string[], options: LitmusOptions): Promise<number> {
  const { cwd, style, tool, width = 100, write } = shell;
  const files = names.flatMap((name) => filesOf(shell, name));
  const alone = files.length === 1;
  const quiet = options.json === true;
  const tested: Tested[] = [];
  if (!quiet && !alone) write(`${style.bold(heading(files))}\n`);
  // Nothing is awaited below, so no handler would run before all is done. There is nothing to clean up: a signal ends the process.
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.removeAllListeners(signal);
  for (const file of files) {
    const one = { file, ...testFile(path.resolve(cwd, file), options.executions) };
    tested.push(one);
    if (quiet) continue;
    write(alone ? printOne(one, style, width) : `${rowOf(one, files, style)}\n`);
  }
  if (quiet) write(`${JSON.stringify(documentOf(tested, tool), null, 2)}\n`);
  else if (!alone) write(`\n${summary(tested)}`);
  return Promise.resolve(exitCode(tested));
}

/** The files that a name stands for. */
function filesOf({ cwd }: Shell, name: string): string[] {
  const named = path.resolve(cwd, name);
  const shown = (file: string): string => shownPath(cwd, file);
  try {
    if (!fs.statSync(named).isDirectory()) return [shown(named)];
    const found = testsIn(named);
    if (found.length === 0) throw new Refusal(`${name}: there is no *.litmus file in this folder`);
    return found.map((entry) => shown(path.join(named, entry)));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${name}: ${reason(error, 'read')}; name a litmus test, or a folder of them`);
  }
}

function exitCode(tested: readonly Tested[]): number {
  const comparisons = tested.map(({ judged }) => judged?.verdict.comparison);
  if (comparisons.includes('differs')) return EXIT.fails;
  if (tested.some(({ problem }) => problem !== null)) return EXIT.usage;
  const open = tested.some(({ judged }) => judged !== null && judged.verdict.answer === null);
  return open ? EXIT.bound : EXIT.holds;
}
