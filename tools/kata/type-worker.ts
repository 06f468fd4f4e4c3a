// SPDX-License-Identifier: GPL-2.0-only
/** The thread of type-check.ts: answers once and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import type { TypeAnswer } from './type-check';
import { typeProblems } from './type-problems';

function check(): TypeAnswer {
  try {
    const { root, files } = workerData as { root: string; files: string[] }; // type-check.ts sends it
    return { problems: [...typeProblems(root, files)] };
  } catch (error) {
    return error instanceof Error
      ? { fault: error.message, trace: error.stack ?? '' }
      : { fault: String(error), trace: '' };
  }
}

parentPort?.postMessage(check());
