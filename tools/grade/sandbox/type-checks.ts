// SPDX-License-Identifier: GPL-2.0-only
/**
 * Type checks of strangers' drivers. Types can be made to keep a compiler busy for ever, so it runs in a sandboxed process of its
 * own. That process is kept, since a warm compiler is ten times as fast: it only reads drivers, one after another, and starts
 * each with a program of its own. It is replaced when it hangs or dies.
 */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import readline from 'node:readline';
import path from 'node:path';
import type { TypesVerdict } from '../../../lib/kata/verdict';
import type { Inside } from './layers';
import { ANSWER_FD } from './protocol';
import { CPU_TIME_USED_UP, OUT_OF_MEMORY, watched } from './used-up';
import { kill, type Processes, type Started } from './start';

/** What a check of one driver came to; 'error' is a fault of ours. */
export type TypesAnswer = Pick<TypesVerdict, 'status' | 'problems'>;

/** Checks that one process does before a new one takes over: what it has learnt of drivers is then forgotten. */
const CHECKS_MAX = 200;

/** Problems that are reported. */
const PROBLEMS_MAX = 20;

/** A process of its own accord ends when its parent is gone; this is for one that cannot notice. */
const WALL_MS = 3_600_000;

/** On a busy machine, a second of processor time may take so many by the clock. */
const PATIENCE = 20;

interface Checker {
  readonly started: Started;
  readonly lines: readline.Interface;
  checks: number;
}

/** A check takes a tenth of a second, a new compiler more than one: so long it is better to wait for one that is busy. */
const PATIENCE_MS = 1000;

/** One compiler, and more where that one is kept busy by somebody. */
export class TypeChecks {
  readonly #inside: Inside;
  readonly #idle: Checker[] = [];
  /** Compilers at work, and who waits for one of them. */
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    root: string,
    readonly processes: Processes,
    readonly limitMs: number,
  ) {
    this.#inside = {
      root,
      script: path.join(root, 'dist', 'tools', 'grade', 'sandbox', 'types-child.js'),
      reads: ['lib', 'tsconfig.json', 'package.json', 'node_modules/typescript'],
      heapMb: 1024,
      wallMs: WALL_MS,
      cpuMs: WALL_MS,
    };
  }

  /** Checks one driver. */
  async check(source: string, driver: string): Promise<TypesAnswer> {
    const checker = await this.#free();
    this.#busy++;
    const answer = await ask(checker, { source, driver, wallMs: this.limitMs });
    this.#busy--;
    const answered = typeof answer === 'object';
    if (!answered) kill(checker.started);
    else if (++checker.checks < CHECKS_MAX) this.#idle.push(checker);
    else kill(checker.started);
    this.#waiting[0]?.();
    return answered ? answer : this.#alone(source, driver);
  }

  /** Checks a driver that got no answer in good time, in a process of its own: its processor time is what counts. */
  async #alone(source: string, driver: string): Promise<TypesAnswer> {
    const { limitMs, processes } = this;
    const { started, lines } = this.#start(limitMs);
    const used = { up: false };
    const unwatch = watched(processes, limitMs, started, () => {
      used.up = true;
      kill(started);
    });
    const question = { source, driver, wallMs: PATIENCE * limitMs };
    const answer = await ask({ started, lines, checks: 0 }, question);
    unwatch();
    kill(started);
    if (typeof answer === 'object') return answer;
    const code = await started.closed;
    if (OUT_OF_MEMORY.test(started.stderr())) {
      return { status: 'timeout', problems: [`${driver}: the type check ran out of memory`] };
    }
    if (used.up || CPU_TIME_USED_UP.includes(code)) {
      const why = `${driver}: the type check used up its processor time of ${limitMs / 1000} s`;
      return { status: 'timeout', problems: [why] };
    }
    return failed(
      answer === 'late'
        ? 'the type check did not get its processor time'
        : 'the compiler ended without an answer',
    );
  }

  /** A compiler that has nothing to do. */
  async #free(): Promise<Checker> {
    if (this.#idle.length === 0 && this.#busy > 0) await this.#released();
    for (let checker = this.#idle.pop(); checker !== undefined; checker = this.#idle.pop()) {
      if (!hasEnded(checker)) return checker;
    }
    return this.#start();
  }

  /** Resolves when a compiler has become free, or is not likely to. */
  #released(): Promise<void> {
    return new Promise((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer);
        this.#waiting.splice(this.#waiting.indexOf(goOn), 1);
        resolve();
      };
      const timer = setTimeout(goOn, PATIENCE_MS);
      this.#waiting.push(goOn);
    });
  }

  #start(cpuMs = WALL_MS): Checker {
    const started = this.processes.start({ ...this.#inside, cpuMs });
    // start.ts makes this descriptor a pipe.
    const input = started.child.stdio[ANSWER_FD] as Readable;
    return { started, lines: readline.createInterface({ input }), checks: 0 };
  }
}

interface TypesQuestion {
  readonly source: string;
  readonly driver: string;
  readonly wallMs: number;
}

/** The answer of a compiler, or why there is none: it took longer, or has ended. */
function ask(
  { started, lines }: Checker,
  { source, driver, wallMs }: TypesQuestion,
): Promise<TypesAnswer | 'late' | 'gone'> {
  const nonce = randomBytes(16).toString('hex');
  return new Promise((resolve) => {
    const end = (answer: TypesAnswer | 'late' | 'gone'): void => {
      clearTimeout(timer);
      lines.off('line', read).off('close', gone);
      resolve(answer);
    };
    const read = (line: string): void => {
      end(answerIn(line, nonce) ?? 'gone');
    };
    const gone = (): void => {
      end('gone');
    };
    const timer = setTimeout(() => {
      end('late');
    }, wallMs);
    lines.on('line', read).on('close', gone);
    started.child.stdin?.write(`${JSON.stringify({ nonce, source, driver })}\n`);
  });
}

/** Something else may have ended it while it was idle. */
function hasEnded({ started: { child } }: Checker): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function failed(why: string): TypesAnswer {
  return { status: 'error', problems: [why] };
}

function answerIn(line: string, nonce: string): TypesAnswer | null {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  const { nonce: theirs, problems }: { nonce?: unknown; problems?: unknown } = json;
  if (theirs !== nonce || !Array.isArray(problems)) return null;
  const told = problems.slice(0, PROBLEMS_MAX).map(String);
  return { status: told.length === 0 ? 'pass' : 'fail', problems: told };
}
