// SPDX-License-Identifier: GPL-2.0-only
/** Asks a sandboxed process one thing, reads one line, and ends it and all it may have started. */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Inside } from './layers';
import { ANSWER_FD, ANSWER_MAX } from './protocol';
import { kill, type Processes, type Started } from './start';

/** How a sandboxed process ended. */
export type Ending<T> =
  | { readonly how: 'answered'; readonly answer: T }
  /** It ran out of its time, or out of memory. */
  | { readonly how: 'timeout' | 'memory' }
  /** It ended without an answer to this question. */
  | { readonly how: 'crash'; readonly detail: string };

export interface Question<T> {
  readonly processes: Processes;
  readonly inside: Inside;
  /** What is asked; the nonce is added. */
  readonly job: object;
  readonly answerIn: (line: string, nonce: string) => T | null;
  readonly signal: AbortSignal | undefined;
}

/** Asks a process of its own. Resolves when it is gone. */
export async function ask<T>(question: Question<T>): Promise<Ending<T>> {
  const { processes, inside, job, answerIn, signal } = question;
  const nonce = randomBytes(16).toString('hex');
  const started = processes.start(inside);
  const answers = answersOf(started);
  const clock = { late: false };
  const timer = setTimeout(() => {
    clock.late = true;
    kill(started);
  }, inside.wallMs);
  const stop = (): void => {
    kill(started);
  };
  signal?.addEventListener('abort', stop);
  started.child.stdin?.end(`${JSON.stringify({ nonce, ...job })}\n`);
  if (signal?.aborted === true) stop();
  const code = await started.closed;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  if (clock.late || CPU_TIME_USED_UP.includes(code)) return { how: 'timeout' };
  const answer = code === '0' ? oneLine(answers(), (line) => answerIn(line, nonce)) : null;
  if (answer !== null) return { how: 'answered', answer };
  if (OUT_OF_MEMORY.test(started.stderr())) return { how: 'memory' };
  return { how: 'crash', detail: code === '0' ? 'no answer' : code };
}

/** How a process ends that has used up its processor time; bubblewrap tells it as a shell does. */
const CPU_TIME_USED_UP = ['SIGXCPU', '152'];

/** The last is what V8 says of an array with more places than it has numbers for. */
const OUT_OF_MEMORY = /out of memory|allocation failed|invalid size error/i;

/** What the process has written to its answering descriptor, up to a bound. */
function answersOf(started: Started): () => string {
  let text = '';
  // start.ts makes this descriptor a pipe.
  const answers = started.child.stdio[ANSWER_FD] as Readable;
  answers.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.length > ANSWER_MAX) kill(started);
  });
  return () => text;
}

/** The answer, if exactly one whole line was written and it is one. */
function oneLine<T>(text: string, read: (line: string) => T | null): T | null {
  const end = text.indexOf('\n');
  return end >= 0 && end === text.length - 1 ? read(text.slice(0, end)) : null;
}
