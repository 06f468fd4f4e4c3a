// SPDX-License-Identifier: GPL-2.0-only
/** Asks a playing process, starts one where there is none, and ends one that does not answer. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { Fault, Refusal } from '../errors';
import type { Opened, Opening, Questions, Reply, Topic } from './protocol';

/** The driver cannot be run; the sentences say why. */
export class RefusedDriver extends Error {
  override name = 'RefusedDriver';

  constructor(readonly problems: readonly string[]) {
    super(problems[0] ?? 'this is not a driver');
  }
}

/** The process never finished with a question, or ended itself. */
export class Stuck extends Error {
  override name = 'Stuck';
}

export interface PlayerOptions {
  /** Without a sign of life for so long, the process is ended. */
  readonly silenceMaxMs?: number;
  readonly alive?: (scenario: string, executions: number) => void;
  /** What is run in the process. */
  readonly script?: string;
}

/** Longer than any single execution can take, by far. */
const SILENCE_MAX_MS = 60_000;
/** A driver that eats memory is stopped before the machine it runs on swaps. */
const HEAP_MAX_MB = 2048;

const OPTIONS: Required<PlayerOptions> = {
  silenceMaxMs: SILENCE_MAX_MS,
  alive: () => undefined,
  script: path.join(__dirname, 'child.js'),
};

/** One scenario of one driver, to be played. */
export class Player {
  #child: ChildProcess | null = null;
  #stopped = false;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #options: Required<PlayerOptions>;
  readonly #kill = (): void => {
    this.stop();
  };

  constructor(
    readonly opening: Opening,
    options: PlayerOptions = {},
  ) {
    this.#options = { ...OPTIONS, ...options };
    process.once('exit', this.#kill);
  }

  /** Loads the driver; what is wrong with it is a RefusedDriver. */
  open(): Promise<Opened> {
    return this.#next(() => this.#start());
  }

  /** Asks, when everything asked before is answered. */
  ask<T extends Exclude<Topic, 'open'>>(
    topic: T,
    asked: Questions[T]['asked'],
  ): Promise<Questions[T]['answer']> {
    return this.#next(async () => {
      if (this.#stopped) throw new Stuck('was stopped');
      if (this.#child === null) await this.#start();
      return this.#ask(topic, asked);
    });
  }

  /** Ends the process at once. */
  stop(): void {
    this.#stopped = true;
    process.removeListener('exit', this.#kill);
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #next<T>(what: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(what);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #start(): Promise<Opened> {
    const child = fork(this.#options.script, {
      execArgv: [`--max-old-space-size=${HEAP_MAX_MB}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('error', () => child.kill('SIGKILL')); // its end tells the asker
    this.#child = child;
    return this.#ask('open', this.opening);
  }

  async #ask<T extends Topic>(
    topic: T,
    asked: Questions[T]['asked'],
  ): Promise<Questions[T]['answer']> {
    const child = this.#child;
    if (child === null) throw new Fault('the playing process is gone');
    const reply = await this.#reply(child, { topic, asked });
    switch (reply.type) {
      case 'answer':
        return reply.answer; // the protocol: an answer is of its question's kind
      case 'refused':
        throw new RefusedDriver(reply.problems);
      case 'usage':
        throw new Refusal(reply.message);
      case 'fault':
        throw new Fault(`internal error: ${reply.message}`, reply.trace);
    }
  }

  #reply(child: ChildProcess, question: object): Promise<Exclude<Reply, { type: 'alive' }>> {
    return new Promise((resolve, reject) => {
      const over = (): void => {
        clearTimeout(watchdog);
        child.off('exit', gone);
        child.off('message', heard);
      };
      const gone = (): void => {
        over();
        this.#child = null;
        reject(new Stuck('never finished'));
      };
      const heard = (message: unknown): void => {
        const reply = message as Reply; // the child is this tool: it sends nothing else
        if (reply.type === 'alive') {
          watchdog.refresh();
          this.#options.alive(reply.scenario, reply.executions);
          return;
        }
        over();
        resolve(reply);
      };
      const watchdog = setTimeout(() => child.kill('SIGKILL'), this.#options.silenceMaxMs);
      child.on('exit', gone);
      child.on('message', heard);
      child.send(question, (error) => {
        if (error !== null) gone();
      });
    });
  }
}
