// SPDX-License-Identifier: GPL-2.0-only
/** The type check, as the workshop asks for it. The compiler and the library are fetched for the first one. */
import type { TypeProblem } from '../../tools/kata/type-problem';
import { siteFile } from '../pages/page';
import type { TypesAnswer, TypesSent } from './types-worker';

let worker: Promise<Worker> | null = null;

/** The type errors of a driver. */
export async function typeProblemsOf(driver: string): Promise<readonly TypeProblem[]> {
  worker ??= start();
  const one = await worker;
  return new Promise((resolve, reject) => {
    one.onmessage = ({ data }: MessageEvent<TypesAnswer>) => {
      resolve(data.problems);
    };
    one.onerror = ({ message }) => {
      worker = null;
      reject(new Error(`the type check failed: ${message}`));
    };
    one.postMessage({ driver } satisfies TypesSent);
  });
}

async function start(): Promise<Worker> {
  const started = new Worker(new URL('./types-worker.ts', import.meta.url), { type: 'module' });
  const files = await siteFile<Readonly<Record<string, string>>>('data/types.json');
  started.postMessage({ files } satisfies TypesSent);
  return started;
}
