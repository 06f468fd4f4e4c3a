// SPDX-License-Identifier: GPL-2.0-only
/** Many submissions: as many at a time as the machine has cores, between canaries. */
import os from 'node:os';
import type { BatchEnd, GradedReport, Grader, PoolOptions, Submission } from './types';

/** Grades submissions in any order. The canaries run first, so that all reports carry what they said, and last. */
export async function gradePool(
  grader: Grader,
  submissions: Iterable<Submission> | AsyncIterable<Submission>,
  options: PoolOptions = {},
): Promise<BatchEnd> {
  const { workers = os.availableParallelism(), signal } = options;
  options.phase?.('grading two known answers first');
  const before = await grader.canaries();
  const source = iteratorOf(submissions);
  let graded = 0;
  const work = async (): Promise<void> => {
    while (signal?.aborted !== true) {
      const next = await source.next();
      if (next.done === true) return;
      options.started?.(next.value);
      const report = await grader.grade(next.value, signal);
      if (wasAborted(signal)) return;
      await options.graded?.(next.value, report);
      graded++;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, workers) }, work));
  if (!wasAborted(signal)) options.phase?.('grading two known answers again');
  const after = wasAborted(signal) ? null : await grader.canaries();
  return { graded, untrusted: before ?? after };
}

/** The report as one of a batch that is not to be relied on. */
export function marked(report: GradedReport, untrusted: string | null): GradedReport {
  return { ...report, grading: { ...report.grading, untrusted } };
}

function wasAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** One at a time, however many ask: a generator of the caller's need not know that there are several workers. */
function iteratorOf<T>(source: Iterable<T> | AsyncIterable<T>): {
  next(): Promise<IteratorResult<T, unknown>>;
} {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let last: Promise<unknown> = Promise.resolve();
  return {
    next() {
      const next = last.then(() => iterator.next());
      last = next.catch(() => undefined);
      return next;
    },
  };
}
