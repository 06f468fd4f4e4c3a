// SPDX-License-Identifier: GPL-2.0-only
/** The command line: names, options, help. What each command does is in commands/. */
import { Command } from 'commander';
import { hint } from './commands/hint';
import { list, type ListOptions } from './commands/list';
import { replay, type ReplayOptions } from './commands/replay';
import { show } from './commands/show';
import { test, type TestOptions } from './commands/test';
import { welcome } from './commands/welcome';
import { Refusal } from './errors';
import { EXIT_HELP } from './exit-code';
import type { Shell } from './shell';
import { didYouMean } from '../../lib/driver/suggest';

/** What the command line has come to: the exit code of the command that ran. */
export interface Outcome {
  code: number;
}

const ID = 'number, name, or both: 1, rbd-put-client, 01-rbd-put-client';
const DRIVER = 'judge this file instead of the one in the kata';
const SCENARIO = 'only this scenario; kata test names them';

/** The parser; running it sets the outcome's code. */
export function commandLine(shell: Shell, outcome: Outcome): Command {
  const run =
    <T extends unknown[]>(command: (shell: Shell, ...args: T) => Promise<number>) =>
    async (...args: T): Promise<void> => {
      outcome.code = await command(shell, ...args);
    };
  const program = new Command('kata')
    .description('Fix real Linux races; a driver is judged in every interleaving.')
    .version(shell.tool, '-V, --version')
    .addHelpText('after', `\n${EXIT_HELP}\n\nExample: npx kata test 01`);
  program.action(async () => {
    const [unknown] = program.args;
    if (unknown !== undefined) throw new Refusal(unknownCommand(unknown, program));
    await run(welcome)();
  });
  addTest(program, run(test));
  addReading(program, { list: run(list), show: run(show), hint: run(hint) });
  addReplay(program, run(replay));
  program.allowExcessArguments(); // told by unknownCommand; here, so that the commands do not inherit it
  for (const command of [program, ...program.commands]) {
    command.option('--no-color', 'no colours (also NO_COLOR=1, or no terminal)').exitOverride();
    command.configureOutput({ writeOut: shell.write, writeErr: () => undefined });
  }
  return program;
}

type Action<T extends unknown[]> = (...args: T) => Promise<void>;

function addTest(program: Command, action: Action<[string | undefined, TestOptions]>): void {
  program
    .command('test')
    .description('judge a driver in every interleaving')
    .argument('[ID]', `${ID} (default: the first that does not hold)`)
    .option('--driver <file>', DRIVER)
    .option('--scenario <id>', SCENARIO)
    .option('--json', 'print one kata-report/v1 document and nothing else')
    .option('--all', 'print every report, not only the first')
    .option('--full', 'leave nothing out of a report')
    .option('--no-types', 'do not check the types')
    .addHelpText('after', '\nExample: npx kata test 01 --driver /tmp/rbd.ts')
    .action((id: string | undefined, options: TestOptions) => action(id, options));
}

interface Reading {
  readonly list: Action<[ListOptions]>;
  readonly show: Action<[string]>;
  readonly hint: Action<[string, { readonly level?: string }]>;
}

function addReading(program: Command, { list, show, hint }: Reading): void {
  program
    .command('list')
    .description('all katas, and which of them hold')
    .option('--json', 'print one kata-list/v1 document and nothing else')
    .option('--no-run', 'do not judge the drivers')
    .addHelpText('after', '\nExample: npx kata list --no-run')
    .action((options: ListOptions) => list(options));
  program
    .command('show')
    .description('what a kata is about, and the file to edit')
    .argument('<ID>', ID)
    .addHelpText('after', '\nExample: npx kata show 01')
    .action((id: string) => show(id));
  program
    .command('hint')
    .description('a hint, and a stronger one with each level')
    .argument('<ID>', ID)
    .option('--level <n>', 'the hints up to this one (default: 1)')
    .addHelpText('after', '\nExample: npx kata hint 01 --level 2')
    .action((id: string, options: { readonly level?: string }) => hint(id, options));
}

function addReplay(program: Command, action: Action<[string, string, ReplayOptions]>): void {
  program
    .command('replay')
    .description('run one interleaving and show its report again')
    .argument('<ID>', ID)
    .argument('<SCHEDULE>', "who runs for how many steps: 'A4 B7 A3'")
    .option('--scenario <id>', `${SCENARIO} (default: the first)`)
    .option('--driver <file>', DRIVER)
    .option('--full', 'leave nothing out of the report')
    .addHelpText('after', "\nExample: npx kata replay 01 'A4 B7 A3'")
    .action((id: string, schedule: string, options: ReplayOptions) =>
      action(id, schedule, options),
    );
}

function unknownCommand(word: string, program: Command): string {
  const near = didYouMean(
    word,
    program.commands.map((command) => command.name()),
  );
  const test = /^\d{1,2}(-|$)/.test(word) ? `; did you mean npx kata test ${word}?` : '';
  return `there is no command '${word}'${test || near || ' (npx kata --help shows them)'}`;
}
