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

/** What the thread answers. */
export type TypeAnswer =
  | { readonly problems: readonly (readonly [string, readonly TypeProblem[]])[] }
  | { readonly fault: string; readonly trace: string };

/** Checks driver files, which may lie anywhere, against this repository's lib. */
export function startTypeCheck(root: string, files: readonly string[]): TypeCheck {
  const worker = new Worker(path.join(__dirname, 'type-worker.js'), {
    workerData: { root, files },
  });
  const problems = new Promise<TypeProblems>((resolve, reject) => {
    worker.once('message', (answer: TypeAnswer) => {
      if ('problems' in answer) resolve(new Map(answer.problems));
      else reject(new Fault(`the type check failed: ${answer.fault}`, answer.trace));
    });
    worker.once('error', (error: Error) => {
      reject(new Fault(`the type check failed: ${error.message}`, error.stack ?? ''));
    });
    worker.once('exit', () => {
      reject(new Fault('the type check ended without an answer'));
    });
  });
  problems.catch(() => undefined); // whoever awaits it hears of it; a stopped check has nobody
  return {
    problems,
    stop: () => {
      void worker.terminate();
    },
  };
}

/** No check at all: `--no-types`. */
export const NO_TYPE_CHECK: TypeCheck = {
  problems: Promise.resolve(new Map()),
  stop: () => undefined,
};
