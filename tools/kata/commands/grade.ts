// SPDX-License-Identifier: GPL-2.0-only
/** `kata grade PATH`: grades what learners hand in, one submission or a class. */
import type { Command } from 'commander';
import type { MergeOptions } from '../../grade/command/merge';
import type { GradeOptions } from '../../grade/command/options';
import type { Run } from '../command';
import type { Shell } from '../shell';

/** Loaded when it is needed: nobody else should wait for what grading brings along. */
const grading = (): Promise<typeof import('../../grade/command/main')> =>
  import('../../grade/command/main.js');

async function grade(
  shell: Shell,
  typed: string | undefined,
  options: GradeOptions,
): Promise<number> {
  return (await grading()).grade(shell, typed, options);
}

async function merge(shell: Shell, folders: string[], options: MergeOptions): Promise<number> {
  return (await grading()).merge(shell, folders, options);
}

const FORMATS = 'kata, gradescope, classroom50, exercism, check50, autolab, junit';

/** Adds the command to the parser. */
export function addGrade(program: Command, run: Run): void {
  const many = (value: string, before: readonly string[] = []): string[] => [...before, value];
  const command = program
    .command('grade')
    .description('grade what learners hand in: one submission, or a class')
    .argument(
      '[PATH]',
      'a folder of submissions, what a platform exported, a CSV manifest, one driver or one patch',
    )
    .option(
      '--out <path>',
      'folder for the results; for one submission, the file (default: print it)',
    )
    .option('--kata <id>', 'only this kata; may be given several times', many)
    .option('--format <names>', `${FORMATS}; several with commas`)
    .option('--jobs <n>', 'submissions at a time (default: one for each core)')
    .option('--resume', 'keep the results that are there, and grade the rest')
    .option('--shard <i/n>', 'only one share of the submissions; auto: as the scheduler says')
    .option('--one', 'PATH is a folder with one submission')
    .option('--hidden <dir>', 'your own scenarios: DIR/<NN-slug>/scenarios.ts')
    .option('--roster <csv>', 'addresses and names for the gradebooks, by id, address or name')
    .option('--attempt <which>', 'of several attempts: last, first or best (default: last)')
    .option('--similarity', 'also compare what the submissions changed (a hint, no proof)')
    .option(
      '--time-limit <seconds>',
      'processor time of one submission for its verdicts (default: 90)',
    )
    .option('--no-types', 'do not check the types')
    .option('--cache <dir>', 'where results are remembered (default: .kata/grade-cache)')
    .option('--no-cache', 'remember nothing, and judge everything again')
    .option('--make-gradescope-zip <file>', 'write an autograder for Gradescope')
    .addHelpText('after', EXAMPLES);
  // Options after `merge` are those of merge: said to the program, too, which looks at them first.
  for (const each of [program, command]) each.enablePositionalOptions();
  command.action((given: string | undefined, options: GradeOptions) => run(grade)(given, options));
  command
    .command('merge')
    .description('put the shares of a batch together')
    .argument('<DIR...>', 'the folders of all shares')
    .requiredOption('--out <dir>', 'folder for the whole')
    .option('--format <names>', 'as for grade')
    .option('--roster <csv>', 'as for grade')
    .addHelpText('after', '\nExample: npx kata grade merge results/* --out all/')
    .action((folders: string[], options: MergeOptions) => run(merge)(folders, options));
}

const EXAMPLES = `
What PATH is:
  a folder      FOLDER/<student>/<NN-slug>/<driver>.ts, FOLDER/<student>.zip, or a clone of this repository in each
  class.zip     the same folders in one file
  class.csv     a manifest with the columns student_id, email, kata, path
  rbd.ts        one submission; with --one, a folder with one submission

Exit codes:
  0    every submission has a verdict, whatever it is
  2    the command cannot be understood, or there is nothing to grade
  3    a submission could not be graded, or the known answers came out wrong: --resume tries again
  130  interrupted with Ctrl-C: --resume goes on

Examples:
  npx kata grade handed-in/ --out results/
  npx kata grade handed-in/ --out results/ --resume
  npx kata grade class.csv --out results/ --kata 01 --kata 02 --format gradescope,junit
  npx kata grade handed-in/ --out results/2 --shard 2/8
  npx kata grade merge results/* --out all/
  npx kata grade rbd.ts --kata 01 --format exercism --out results.json
  npx kata grade --make-gradescope-zip autograder.zip --kata 01`;
