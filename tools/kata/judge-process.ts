// SPDX-License-Identifier: GPL-2.0-only
/** A judging process, and the watch over it. Verdicts never depend on time; silence does end a process that hangs. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import type { Readable } from 'node:stream';
import { Fault } from './errors';
import { ANSWER_FD, type JudgeMessage, type JudgeRequest } from './judge-protocol';
import { heapFlags } from './heap-flags';
import { progressLine, progressStream } from './progress';

/** Why there are no more messages. */
export type Ending = 'done' | 'silent' | 'out of memory' | 'stopped';

export interface Watch {
  /** Without a message for so long, the process is ended. */
  readonly silenceMaxMs: number;
  /** The script to run. */
  readonly script: string;
}

/** Longer than any single execution can take, by far. */
const SILENCE_MAX_MS = 60_000;

/** A driver that eats memory is stopped before the machine it runs on swaps. */
export const HEAP_MAX_MB = 2048;

/** The real process. */
export const WATCH: Watch = {
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

/** One request, answered by a process of its own; resolves after the last message. */
export async function runJudge(
  request: JudgeRequest,
  onMessage: (message: JudgeMessage) => void,
  watch: Watch = WATCH,
): Promise<Ending> {
  const progress = progressLine(progressStream(process.stderr, process.env));
  const judge = new JudgeProcess(watch);
  try {
    return await judge.ask(request, (message) => {
      progress.see(message);
      onMessage(message);
    });
  } finally {
    judge.stop();
    progress.clear();
  }
}

/** A process that answers one request at a time. It is started when it is first needed, and again when it has died. */
export class JudgeProcess {
  #child: ChildProcess | null = null;
  #asked: Asked | null = null;

  constructor(readonly watch: Watch = WATCH) {}

  get started(): boolean {
    return this.#child !== null;
  }

  /** Starts the process before it is needed. */
  start(): void {
    this.#child ??= this.#spawn();
  }

  /** Ends it, in the middle of an answer if need be. It can be started again. */
  stop(): void {
    this.#end('stopped');
  }

  /** Hands on the answers to a request; resolves after the last. The one before must have ended: answers do not say whose they are. */
  async ask(request: JudgeRequest, onMessage: (message: JudgeMessage) => void): Promise<Ending> {
    if (this.#asked !== null) throw new Fault('a judging process was asked two things at once');
    this.start();
    const watchdog = setTimeout(() => {
      this.#end('silent');
    }, this.watch.silenceMaxMs);
    try {
      return await new Promise((resolve, reject) => {
        const hear = (message: JudgeMessage): void => {
          watchdog.refresh();
          onMessage(message);
        };
        this.#asked = { hear, resolve, reject };
        this.#child?.stdin?.write(`${JSON.stringify(request)}\n`);
      });
    } finally {
      clearTimeout(watchdog);
    }
  }

  #end(ending: Ending): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
    this.#answered()?.resolve(ending);
  }

  /** Who has asked; there will be no more messages. */
  #answered(): Asked | null {
    const asked = this.#asked;
    this.#asked = null;
    return asked;
  }

  #spawn(): ChildProcess {
    const args = [...heapFlags(HEAP_MAX_MB), this.watch.script];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
    running.add(child);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_MAX);
    });
    // The stdio above makes this descriptor a pipe.
    const answers = readline.createInterface({ input: child.stdio[ANSWER_FD] as Readable });
    answers.on('line', (line) => {
      if (this.#child === child) this.#heard(parse(line));
    });
    child.stdin?.on('error', () => undefined); // it has died, which its end tells
    child.once('error', ({ message }) => {
      this.#answered()?.reject(new Fault(`the judging process cannot be started: ${message}`));
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      if (this.#child === child) this.#died(stderr, signal ?? `exit code ${code ?? 'unknown'}`);
    });
    return child;
  }

  #heard(message: JudgeMessage | null): void {
    if (message?.type === 'done') this.#answered()?.resolve('done');
    else if (message !== null) this.#asked?.hear(message);
  }

  #died(stderr: string, how: string): void {
    this.#child = null;
    const asked = this.#answered();
    if (/heap out of memory|allocation failed/i.test(stderr)) asked?.resolve('out of memory');
    else {
      const message = `the judging process ended without an answer (${how})`;
      asked?.reject(new Fault(message, stderr));
    }
  }
}

/** A request on its way. */
interface Asked {
  readonly hear: (message: JudgeMessage) => void;
  readonly resolve: (ending: Ending) => void;
  readonly reject: (fault: Fault) => void;
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
