// SPDX-License-Identifier: GPL-2.0-only
/** The command line: which commands there are. What each does, and its options, is in commands/. */
import { Command } from 'commander';
import type { AddCommand, Run } from './command';
import { addBreak } from './commands/break';
import { addCheckAll } from './commands/check-all';
import { addDev } from './commands/dev';
import { addDiff } from './commands/diff';
import { addDoctor } from './commands/doctor';
import { addGrade } from './commands/grade';
import { addHint } from './commands/hint';
import { addList } from './commands/list';
import { addLitmus } from './commands/litmus';
import { addNext } from './commands/next';
import { addProgress } from './commands/progress';
import { addReplay } from './commands/replay';
import { addReset } from './commands/reset';
import { addShow } from './commands/show';
import { addSolution } from './commands/solution';
import { addTest } from './commands/test';
import { addTrace } from './commands/trace';
import { addWatch } from './commands/watch';
import { welcome } from './commands/welcome';
import { Refusal } from './errors';
import { EXIT_HELP } from './exit-code';
import type { Shell } from './shell';
import { demandOneValue, refusalOf, unknownCommand } from './usage';

/** What the command line has come to: the exit code of the command that ran. */
export interface Outcome {
  code: number;
}

/** Under which heading `kata --help` shows what. */
const COMMANDS: readonly (readonly [heading: string, commands: readonly AddCommand[]])[] = [
  ['Every day:', [addWatch, addTest, addNext, addList, addShow, addProgress]],
  ['When it fails:', [addHint, addBreak, addReplay, addTrace, addDiff, addReset]],
  ['When it holds:', [addSolution]],
  ['For a class:', [addGrade]],
  ['Of the memory model:', [addLitmus]],
  ['Upkeep:', [addCheckAll, addDoctor, addDev]],
];

/** The parser; running it sets the outcome's code. */
export function commandLine(shell: Shell, outcome: Outcome): Command {
  const run: Run =
    (command) =>
    async (...args) => {
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
  for (const [heading, commands] of COMMANDS) {
    program.commandsGroup(heading);
    for (const add of commands) add(program, run);
  }
  // By itself it is there only for programs that do nothing when called alone.
  program.helpCommand('help [command]', 'show what a command does, as its --help does');
  program.allowExcessArguments(); // told by unknownCommand; here, so that the commands do not inherit it
  prepare(program, shell);
  return program;
}

/** What holds for the program, its commands and theirs. */
function prepare(command: Command, shell: Shell): void {
  command.option('--no-color', 'no colours (also NO_COLOR=1, or no terminal)');
  command.exitOverride((error) => {
    if (error.exitCode === 0) throw error; // help and version
    throw refusalOf(error, command);
  });
  demandOneValue(command);
  command.configureOutput({ writeOut: shell.write, writeErr: () => undefined });
  for (const below of command.commands) prepare(below, shell);
}
