// SPDX-License-Identifier: GPL-2.0-only
/** Processes that judge mutants. One that takes too long is ended, and what it was at stays undecided. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Outcome } from './judge-mutant';

/** How the mutants of a kata are judged. */
export interface Judging {
  readonly kata: string;
  readonly jobs: number;
  readonly seconds: number;
}

/** What a process is sent. */
interface Judgeable {
  readonly text: string;
  readonly within: string;
}

/** Judges mutants side by side, and returns the outcome of each. */
export async function judgeAll<Of extends Judgeable>(
  mutants: readonly Of[],
  { kata, jobs, seconds }: Judging,
  told: (mutant: Of, outcome: Outcome) => void,
): Promise<void> {
  const queue = [...mutants];
  const work = async (): Promise<void> => {
    let child: ChildProcess | null = null;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      child ??= await started(kata);
      const outcome = await judged(child, next, seconds);
      if (outcome === null) {
        child.kill('SIGKILL');
        child = null;
      }
      told(next, outcome ?? { is: 'undecided', why: `not judged within ${seconds} seconds` });
    }
    child?.kill();
  };
  await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, work));
}

function started(kata: string): Promise<ChildProcess> {
  const child = fork(path.join(__dirname, 'child.js'), [kata]);
  return new Promise((resolve, reject) => {
    child.once('message', () => {
      resolve(child);
    });
    child.once('exit', () => {
      reject(new Error('a process that judges mutants has died before it began'));
    });
  });
}

/** What a process says of a mutant; null if it says nothing in time, or dies. */
function judged(
  child: ChildProcess,
  { text, within }: Judgeable,
  seconds: number,
): Promise<Outcome | null> {
  return new Promise((resolve) => {
    const done = (outcome: Outcome | null): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      done(null);
    }, seconds * 1000);
    child.once('message', (outcome) => {
      done(outcome as Outcome); // the child sends nothing else
    });
    child.once('exit', () => {
      done(null);
    });
    child.send({ text, within });
  });
}
