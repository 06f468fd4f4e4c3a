// SPDX-License-Identifier: GPL-2.0-only
/** `npx kata`: runs one command and turns whatever happens into an exit code and at most one sentence. */
import fs from 'node:fs';
import path from 'node:path';
import { CommanderError } from 'commander';
import { UsageError } from '../../lib/machine';
import { commandLine, type Outcome } from './cli';
import { widthFor } from '../../lib/report';
import { Fault, Refusal } from './errors';
import { EXIT } from './exit-code';
import { killAll } from './judge-process';
import { repositoryRoot } from './katas';
import { faultText } from './print/fault';
import { wrapped } from './print/fit';
import { styleFor } from './print/style';
import type { Shell, Terminal } from './shell';

/** Runs the command line `argv`; returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  process.once('exit', () => void killAll());
  for (const [signal, code] of SIGNALS) {
    process.once(signal, () => {
      interrupted = true;
      // What comes next does not stand behind the line that was interrupted.
      if (process.stderr.isTTY) process.stderr.write('\n');
      void killAll().then(() => process.exit(code));
    });
  }
  return run(argv, shellFor(argv));
}

/** The same in a given world. */
export async function run(argv: readonly string[], shell: Shell): Promise<number> {
  const outcome: Outcome = { code: EXIT.holds };
  try {
    await commandLine(shell, outcome).parseAsync([...argv], { from: 'user' });
    return outcome.code;
  } catch (error) {
    return await explain(error, shell);
  }
}

/** Ctrl-C reaches our own processes too, and that they end is nothing to complain of. */
let interrupted = false;

/** A child may be seen to end a moment before our own signal is. */
const SIGNAL_MS = 100;

const SIGNALS = [
  ['SIGINT', EXIT.interrupted],
  ['SIGHUP', 129],
  ['SIGTERM', 143],
] as const;

function shellFor(argv: readonly string[]): Shell {
  const root = repositoryRoot();
  const { isTTY, columns } = process.stdout;
  return {
    root,
    cwd: process.cwd(),
    ...homeFrom(process.env),
    tool: toolName(root),
    style: styleFor({ isTTY, columns, env: process.env, argv }),
    width: widthFor(isTTY ? columns : undefined),
    write: (text) => void process.stdout.write(text),
    complain: (text) => {
      if (!interrupted) process.stderr.write(text);
    },
    ...(process.stdin.isTTY && isTTY && !isDumb(process.env) ? { terminal } : {}),
  };
}

function homeFrom({ KATA_HOME: home = '' }: NodeJS.ProcessEnv): Pick<Shell, 'home'> {
  return home === '' ? {} : { home: path.resolve(home) };
}

/** A terminal without a cursor to move is written to line by line, as a pipe is. */
function isDumb({ TERM }: NodeJS.ProcessEnv): boolean {
  return TERM === 'dumb';
}

const terminal: Terminal = {
  columns: () => process.stdout.columns,
  confirm: async (message) => {
    // Loaded when somebody is asked: it takes longer than most commands.
    const { confirm } = await import('@inquirer/prompts');
    return confirm({ message, default: false });
  },
};

function toolName(root: string): string {
  const text = fs.readFileSync(path.join(root, 'package.json'), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string }; // npm demands both
  return `${name} ${version}`;
}

async function explain(error: unknown, shell: Shell): Promise<number> {
  // Help and version; what is wrong with a command line comes as a Refusal.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.holds;
  if (error instanceof Refusal || error instanceof UsageError) {
    const lines = `kata: ${error.message}`.split('\n');
    const { problemWidth } = shell.style;
    shell.complain(`${lines.flatMap((line) => wrapped(line, problemWidth, '    ')).join('\n')}\n`);
    return EXIT.usage;
  }
  // Ctrl-C at a question.
  if (error instanceof Error && error.name === 'ExitPromptError') return EXIT.interrupted;
  await new Promise((resolve) => setTimeout(resolve, SIGNAL_MS));
  shell.complain(faultText(asFault(error), process.env));
  return EXIT.fault;
}

function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (!(error instanceof Error)) return new Fault(String(error));
  return new Fault(`internal error: ${error.message.split('\n')[0] ?? ''}`, error.stack ?? '');
}
