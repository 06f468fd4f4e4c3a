// SPDX-License-Identifier: GPL-2.0-only
/** Runs the judging process and watches over it. Verdicts never depend on time; silence does end a process that hangs. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import type { Readable } from 'node:stream';
import { Fault } from './errors';
import { ANSWER_FD, type JudgeMessage, type JudgeRequest } from './judge-protocol';

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

const WATCH: Watch = {
  silenceMaxMs: SILENCE_MAX_MS,
  script: path.join(__dirname, 'judge-child.js'),
};

const running = new Set<ChildProcess>();

/** Ends every judging process at once: for Ctrl-C. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Judges in a process of its own; resolves when it has ended, after the last message. */
export async function runJudge(
  request: JudgeRequest,
  onMessage: (message: JudgeMessage) => void,
  watch: Watch = WATCH,
): Promise<Ending> {
  const child = spawn(process.execPath, [watch.script, JSON.stringify(request)], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let silent = false;
  const giveUp = (): void => {
    silent = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(giveUp, watch.silenceMaxMs);
  let done = false;
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_MAX);
  });
  // The stdio above makes this descriptor a pipe.
  const answers = readline.createInterface({ input: child.stdio[ANSWER_FD] as Readable });
  answers.on('line', (line) => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, watch.silenceMaxMs);
    const message = parse(line);
    if (message === null) return; // cut off in the middle
    if (message.type === 'done') done = true;
    else onMessage(message);
  });
  const read = new Promise((resolve) => answers.once('close', resolve));
  try {
    const code = await ended(child);
    await read;
    if (done) return 'done';
    if (silent) return 'silent';
    if (/heap out of memory|allocation failed/i.test(stderr)) return 'out of memory';
    throw new Fault(`the judging process ended without an answer (${code})`, stderr);
  } finally {
    clearTimeout(timer);
    running.delete(child);
  }
}

const STDERR_MAX = 10_000;

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
