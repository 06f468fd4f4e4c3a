// SPDX-License-Identifier: GPL-2.0-only
/** One grader at a time in a folder of results. A lock whose owner is gone is taken over. */
import fs from 'node:fs';
import path from 'node:path';
import { codeOf } from '../../errno';
import { Refusal } from '../../kata/errors';

/** Runs something that nobody else may run at the same time. */
export async function withLock<T>(file: string, run: () => Promise<T>): Promise<T> {
  take(file);
  const release = (): void => {
    fs.rmSync(file, { force: true });
  };
  process.once('exit', release); // Ctrl-C ends the process from elsewhere
  try {
    return await run();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(file: string): void {
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const owner = Number(fs.readFileSync(file, 'utf8'));
    if (owner !== process.pid && isAlive(owner)) {
      const folder = path.dirname(file);
      throw new Refusal(`${folder} is being written by another npx kata grade (process ${owner})`);
    }
    fs.rmSync(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
