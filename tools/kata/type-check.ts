// SPDX-License-Identifier: GPL-2.0-only
/** The types of drivers, checked beside the exploration in a thread of its own, so that they cost no time of their own. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault } from './errors';
import type { TypeProblem } from './type-problem';

/** Type problems by driver file. */
export type TypeProblems = ReadonlyMap<string, readonly TypeProblem[]>;

/** A check on its way. */
export interface TypeCheck {
  readonly problems: Promise<TypeProblems>;
  /** Nobody wants to know any more. */
  stop(): void;
}

/** What the thread answers, in the order it is asked. */
export type TypeAnswer =
  | { readonly problems: readonly (readonly [string, readonly TypeProblem[]])[] }
  | { readonly fault: string; readonly trace: string };

interface Asked {
  readonly resolve: (problems: TypeProblems) => void;
  readonly reject: (fault: Fault) => void;
}

/** A thread that keeps the compiler warm: the first check takes a second or two, the next ones a fraction. */
export class TypeChecker {
  readonly #worker: Worker;
  readonly #asked: Asked[] = [];

  constructor(root: string) {
    this.#worker = new Worker(path.join(__dirname, 'type-worker.js'), { workerData: root });
    this.#worker.on('message', (answer: TypeAnswer) => {
      const asked = this.#asked.shift();
      if ('problems' in answer) asked?.resolve(new Map(answer.problems));
      else asked?.reject(new Fault(`the type check failed: ${answer.fault}`, answer.trace));
    });
    this.#worker.once('error', (error: Error) => {
      this.#fail(new Fault(`the type check failed: ${error.message}`, error.stack ?? ''));
    });
    this.#worker.once('exit', () => {
      this.#fail(new Fault('the type check ended without an answer'));
    });
  }

  /** Checks drivers, given by their files, which may lie anywhere, and texts, against this repository's lib. */
  check(drivers: ReadonlyMap<string, string>): Promise<TypeProblems> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      this.#worker.postMessage(drivers);
    });
  }

  stop(): void {
    void this.#worker.terminate();
  }

  #fail(fault: Fault): void {
    for (const { reject } of this.#asked.splice(0)) reject(fault);
  }
}

/** A single check. */
export function startTypeCheck(root: string, drivers: ReadonlyMap<string, string>): TypeCheck {
  const checker = new TypeChecker(root);
  const problems = checker.check(drivers);
  problems.catch(() => undefined); // a caller that awaits it gets the error; a stopped check has no caller
  return {
    problems,
    stop: () => {
      checker.stop();
    },
  };
}

/** No check at all: `--no-types`. */
export const NO_TYPE_CHECK: TypeCheck = {
  problems: Promise.resolve(new Map()),
  stop: () => undefined,
};
