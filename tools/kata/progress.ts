// SPDX-License-Identifier: GPL-2.0-only
/** How far a judgement has come, for those that take longer than a second: a line on a terminal, a line each ten seconds elsewhere. */
import type { JudgeMessage } from './judge-protocol';

/** Where the line goes: process.stderr is one. */
export interface ProgressStream {
  /** It has a line that can be written again. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressLine {
  see(message: JudgeMessage): void;
  /** Takes the line away, and forgets what was seen. */
  clear(): void;
}

const QUIET_MS = 1000;
const TERMINAL_MS = 1000;
const PIPE_MS = 10_000;
const ERASE = '\r\u001b[K';
const COLUMNS = 80;

interface Running {
  readonly began: number;
  readonly explaining: boolean;
  executions: number;
}

/** The standard error, unless it is a terminal that cannot write a line again. */
export function progressStream(stderr: NodeJS.WriteStream, env: NodeJS.ProcessEnv): ProgressStream {
  const write = (text: string): unknown => stderr.write(text);
  const isTTY = stderr.isTTY && env['TERM'] !== 'dumb';
  return isTTY ? { isTTY, columns: stderr.columns, write } : { write };
}

/** Shows how many scenarios are judged, and of those under way the one begun first. */
export function progressLine(stream: ProgressStream): ProgressLine {
  return new Progress(stream);
}

class Progress implements ProgressLine {
  readonly #stream: ProgressStream;
  readonly #running = new Map<string, Running>();
  /** Whether each scenario that is judged fails. */
  readonly #fails = new Map<string, boolean>();
  #scenarios = 0;
  #began = 0;
  #timer: NodeJS.Timeout | null = null;
  #shown = false;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  see(message: JudgeMessage): void {
    if (message.type === 'suite') this.#scenarios = message.scenarios.length;
    if (message.type === 'begin') this.#begin(message.scenario, message.explaining === true);
    if (message.type === 'verdict') {
      this.#running.delete(message.verdict.id);
      this.#fails.set(message.verdict.id, message.verdict.status === 'fail');
    }
    if (message.type !== 'alive') {
      this.#erase();
      return;
    }
    const running = this.#running.get(message.scenario);
    if (running !== undefined) running.executions += message.executions;
    if (this.#stream.isTTY === true) this.#show();
  }

  clear(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#running.clear();
    this.#fails.clear();
    this.#erase();
  }

  #begin(scenario: string, explaining: boolean): void {
    this.#running.set(scenario, { began: Date.now(), explaining, executions: 0 });
    if (this.#timer !== null) return;
    this.#began = Date.now();
    const everyMs = this.#stream.isTTY === true ? TERMINAL_MS : PIPE_MS;
    this.#timer = setInterval(() => {
      this.#show();
    }, everyMs);
    this.#timer.unref();
  }

  #erase(): void {
    if (this.#shown) this.#stream.write(ERASE);
    this.#shown = false;
  }

  #show(): void {
    const [first] = this.#running;
    if (first === undefined || Date.now() - this.#began < QUIET_MS) return;
    const text = [this.#tally(), textOf(...first)].filter((part) => part !== '').join('; ');
    if (this.#stream.isTTY !== true) {
      this.#stream.write(`kata: ${text}\n`);
      return;
    }
    const columns = this.#stream.columns ?? COLUMNS;
    this.#stream.write(`${ERASE}${text.slice(0, Math.max(0, columns - 1))}`);
    this.#shown = true;
  }

  #tally(): string {
    const judged = this.#fails.size;
    if (judged === 0 || this.#scenarios < 2) return '';
    const failing = [...this.#fails.values()].filter(Boolean).length;
    return `${judged} of ${this.#scenarios} scenarios judged, ${failing} failing`;
  }
}

function textOf(scenario: string, { began, explaining, executions }: Running): string {
  if (explaining) return `${scenario}: looking for the shortest interleaving that fails`;
  const elapsed = Math.max(1, Date.now() - began);
  const rate = Math.round((executions / elapsed) * 1000);
  return `${scenario}: ${executions} interleavings explored so far, ${rate} a second`;
}
