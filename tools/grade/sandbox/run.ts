// SPDX-License-Identifier: GPL-2.0-only
/** Asks a sandboxed process one thing, reads its answer, and ends it and all it may have started. */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Inside } from './layers';
import { ANSWER_FD, ANSWER_MAX, answerIn, type JudgeAnswer, type JudgeJob } from './protocol';
import { kill, type Processes, type Started } from './start';
import { CPU_TIME_USED_UP, OUT_OF_MEMORY, watched } from './used-up';

/** How a sandboxed process ended, and what it had said by then. */
export type Ending =
  | { readonly how: 'answered'; readonly answer: JudgeAnswer }
  /** It used up its processor time, or its memory. */
  | { readonly how: 'timeout' | 'memory'; readonly answer: JudgeAnswer | null }
  /** Not a fault of the driver's author: it ended without an answer, or did not get its processor time. */
  | { readonly how: 'crash'; readonly answer: JudgeAnswer | null; readonly detail: string };

export interface Question {
  readonly processes: Processes;
  readonly inside: Inside;
  /** What is asked; the nonce is added. */
  readonly job: Omit<JudgeJob, 'nonce'>;
  readonly signal: AbortSignal | undefined;
}

/** Asks a process of its own. Resolves when it is gone. */
export async function ask({ processes, inside, job, signal }: Question): Promise<Ending> {
  const nonce = randomBytes(16).toString('hex');
  const started = processes.start(inside);
  const answers = answersOf(started);
  const ended = { late: false, used: false };
  const timer = setTimeout(() => {
    ended.late = true;
    kill(started);
  }, inside.wallMs);
  const unwatch = watched(processes, inside.cpuMs, started, () => {
    ended.used = true;
    kill(started);
  });
  const stop = (): void => {
    kill(started);
  };
  signal?.addEventListener('abort', stop);
  started.child.stdin?.end(`${JSON.stringify({ nonce, ...job })}\n`);
  if (signal?.aborted === true) stop();
  const code = await started.closed;
  clearTimeout(timer);
  unwatch();
  signal?.removeEventListener('abort', stop);
  const answer = answerIn(answers(), nonce);
  if (ended.used || CPU_TIME_USED_UP.includes(code)) return { how: 'timeout', answer };
  if (ended.late) return { how: 'crash', answer, detail: lateText(inside) };
  if (code === '0' && answer !== null && isWhole(answer)) return { how: 'answered', answer };
  if (OUT_OF_MEMORY.test(started.stderr())) return { how: 'memory', answer };
  return { how: 'crash', answer, detail: code === '0' ? 'no answer' : code };
}

function isWhole(answer: JudgeAnswer): boolean {
  return answer.type !== 'judged' || answer.whole;
}

function lateText({ wallMs, cpuMs }: Inside): string {
  const [wall, cpu] = [wallMs, cpuMs].map((ms) => ms / 1000);
  return `in ${wall} s the machine did not give it ${cpu} s of processor time`;
}

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
