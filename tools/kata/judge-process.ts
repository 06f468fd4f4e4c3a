// SPDX-License-Identifier: GPL-2.0-only
/** Runs the judging process and watches over it. Verdicts never depend on time; silence does end a process that hangs. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import type { Readable } from 'node:stream';
import { Fault } from './errors';
import { ANSWER_FD, type JudgeMessage, type JudgeRequest } from './judge-protocol';
import { progressLine } from './progress';

/** Why there are no more messages. */
export type Ending = 'done' | 'silent' | 'out of memory';

export interface Watch {
  /** Without a message for so long, the process is ended. */
  readonly silenceMaxMs: number;
  /** The script to run. */
  readonly script: string;
}

/** Longer than any single execution can take, by far. */
const SILENCE_MAX_MS = 60_000;

/** A driver that eats memory is stopped before the machine it runs on swaps. */
const HEAP_MAX_MB = 2048;

const WATCH: Watch = {
  silenceMaxMs: SILENCE_MAX_MS,
  script: path.join(__dirname, 'judge-child.js'),
};

const running = new Set<ChildProcess>();

/** Ends every judging process at once, for Ctrl-C; resolves when none of them is left. */
export async function killAll(): Promise<void> {
  const alive = [...running].filter((child) => (child.exitCode ?? child.signalCode) === null);
  const gone = alive.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of alive) child.kill('SIGKILL');
  await Promise.all(gone);
}

/** Judges in a process of its own; resolves when it has ended, after the last message. */
export async function runJudge(
  request: JudgeRequest,
  onMessage: (message: JudgeMessage) => void,
  watch: Watch = WATCH,
): Promise<Ending> {
  const args = [`--max-old-space-size=${HEAP_MAX_MB}`, watch.script, JSON.stringify(request)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const seen = { done: false, silent: false, stderr: '' };
  child.stderr?.on('data', (chunk: Buffer) => {
    seen.stderr = (seen.stderr + chunk.toString('utf8')).slice(-STDERR_MAX);
  });
  const progress = progressLine(process.stderr);
  const watchdog = setTimeout(() => {
    seen.silent = true;
    child.kill('SIGKILL');
  }, watch.silenceMaxMs);
  try {
    const over = ended(child);
    await listen(child, (message) => {
      watchdog.refresh();
      progress.see(message);
      if (message.type === 'done') seen.done = true;
      else onMessage(message);
    });
    return endingOf(seen, await over);
  } finally {
    clearTimeout(watchdog);
    progress.clear();
    running.delete(child);
  }
}

/** Resolves when there will be no more messages. */
function listen(child: ChildProcess, onMessage: (message: JudgeMessage) => void): Promise<void> {
  // The stdio above makes this descriptor a pipe.
  const input = child.stdio[ANSWER_FD] as Readable;
  const answers = readline.createInterface({ input });
  answers.on('line', (line) => {
    const message = parse(line);
    if (message !== null) onMessage(message);
  });
  return new Promise((resolve) => answers.once('close', resolve));
}

interface Seen {
  readonly done: boolean;
  readonly silent: boolean;
  readonly stderr: string;
}

function endingOf({ done, silent, stderr }: Seen, how: string): Ending {
  if (done) return 'done';
  if (silent) return 'silent';
  if (/heap out of memory|allocation failed/i.test(stderr)) return 'out of memory';
  throw new Fault(`the judging process ended without an answer (${how})`, stderr);
}

const STDERR_MAX = 10_000;

/** Null for a line that was cut off in the middle. */
function parse(line: string): JudgeMessage | null {
  try {
    return JSON.parse(line) as JudgeMessage; // our own process wrote it
  } catch {
    return null;
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new Fault(`the judging process cannot be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      resolve(signal === null ? `exit code ${code ?? 'unknown'}` : signal);
    });
  });
}
