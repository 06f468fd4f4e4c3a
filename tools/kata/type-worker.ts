// SPDX-License-Identifier: GPL-2.0-only
/** The thread of type-check.ts: answers every set of drivers with their problems. */
import '../pack/early';
import { parentPort, workerData } from 'node:worker_threads';
import type { TypeAnswer } from './type-check';
import { driverTypes } from './type-problems';

const types = driverTypes(workerData as string); // type-check.ts sends the repository's root

function check(drivers: ReadonlyMap<string, string>): TypeAnswer {
  try {
    return { problems: [...types.problems(drivers)] };
  } catch (error) {
    return error instanceof Error
      ? { fault: error.message, trace: error.stack ?? '' }
      : { fault: String(error), trace: '' };
  }
}

parentPort?.on('message', (drivers: ReadonlyMap<string, string>) => {
  parentPort?.postMessage(check(drivers));
});
