// SPDX-License-Identifier: GPL-2.0-only
/** What the parser refuses, in one sentence that says what to type next; and what it would let pass, but nobody can mean. */
import type { Command, CommanderError, Option } from 'commander';
import { didYouMean } from '../../lib/driver/suggest';
import { Refusal } from './errors';

/** The whole name of a command, as it is typed. */
function typedName(command: Command): string {
  const above = command.parent === null ? 'npx' : typedName(command.parent);
  return `${above} ${command.name()}`;
}

/** The parser's complaint as a Refusal. */
export function refusalOf(error: CommanderError, command: Command): Refusal {
  const how = `(${typedName(command)} --help shows how)`;
  switch (error.code) {
    case 'commander.help': // it would show the help as an error
    case 'commander.unknownCommand':
      return new Refusal(noSuchCommand(command));
    case 'commander.excessArguments':
      return new Refusal(`${counted(error.message)}${quotes(command) || ` ${how}`}`);
    default: {
      const text = sentence(error.message);
      // With a suggestion or a list of what is allowed, it has been said.
      return new Refusal(/\?$|Allowed choices/.test(text) ? text : `${text} ${how}`);
    }
  }
}

/** What to say of a word that should have been a command. */
export function unknownCommand(word: string, command: Command): string {
  const near = didYouMean(
    word,
    command.commands.map((below) => below.name()),
  );
  const top = command.parent === null;
  const test = top && /^\d{1,2}(-|$)/.test(word) ? `; did you mean npx kata test ${word}?` : '';
  const name = top ? word : `${command.name()} ${word}`;
  return `there is no command '${name}'${test || near || ` (${typedName(command)} --help shows them)`}`;
}

function noSuchCommand(command: Command): string {
  const word = command.args.find((typed) => typed !== 'help');
  if (word !== undefined) return unknownCommand(word, command);
  const names = command.commands
    .map((below) => below.name())
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
  return `${command.name()} what? ${names} (${typedName(command)} --help shows how)`;
}

/** A schedule without quotes is many arguments to the shell. */
function quotes({ registeredArguments }: Command): string {
  const scheduled = registeredArguments.some((argument) => argument.name() === 'SCHEDULE');
  return scheduled ? "; put the schedule in quotes, as in 'A1 B2 A1'" : '';
}

function counted(message: string): string {
  return sentence(message).replace(/\. Expected (\d+) arguments? but got (\d+)\.$/, ': $2, not $1');
}

/** The parser's complaint without its label, and on one line. */
function sentence(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/, "; did you mean '$1'?")
    .replace(/\n/g, ' ');
}

/** Refuses options with an empty value, and those given twice of which only the last would count. */
export function demandOneValue(command: Command): void {
  for (const option of command.options.filter(({ required }) => required)) {
    let given = false;
    command.on(`option:${option.name()}`, (value: string) => {
      const how = `(${typedName(command)} --help shows how)`;
      const name = option.long ?? option.flags;
      if (value === '') throw new Refusal(`${name}: its value is empty ${how}`);
      if (given && !collects(option)) throw new Refusal(`${name} is given twice; give it once`);
      given = true;
    });
  }
}

/** An option whose parser gathers what it is given; that of choices only compares. */
function collects({ variadic, parseArg, argChoices }: Option): boolean {
  return variadic || (parseArg !== undefined && argChoices === undefined);
}
