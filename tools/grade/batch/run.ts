// SPDX-License-Identifier: GPL-2.0-only
/**
 * A batch from its plan to its result files. Whenever it is killed, every submission has a whole result file: its own, or
 * an error that says it was not graded.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Absent, Assigned } from '../collect/handed-in';
import { gradePool, marked } from '../index';
import { removeOutputs } from '../output/outputs';
import type { GradedReport, Grader, Submission } from '../types';
import { type Batch, writeBatch, writeBatchNow } from './batch-file';
import { bestOf } from './best';
import type { Cache } from './cache';
import { copyExecutions, type Executions } from './executions';
import { withLock } from './lock';
import { makeFolder } from './make-folder';
import { type Plan, planBatch, type Planned } from './plan';
import type { Progress } from './progress';
import { readResult, writeResult } from './results';
import type { Shard } from './shard';

export interface BatchOptions {
  /** Where results go; made if it is not there. */
  readonly out: string;
  readonly tool: string;
  readonly shard: Shard;
  readonly cache: Cache;
  /** How failures happened, in `out`. */
  readonly executions: Executions;
  readonly resume: boolean;
  /** What was not recognised among what was handed in. */
  readonly passedOver?: readonly string[];
  /** Of whom there is nothing to grade. */
  readonly absent?: readonly Absent[];
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly progress: Progress;
}

/** Grades a share of a batch; the batch that comes back is what batch.json says. */
export function runBatch(
  grader: Grader,
  all: readonly Assigned[],
  options: BatchOptions,
): Promise<Batch> {
  const { out } = options;
  makeFolder(out);
  return withLock(path.join(out, '.lock'), async () => {
    const staging = path.join(out, '.staged');
    const clean = (): void => {
      fs.rmSync(staging, { recursive: true, force: true });
    };
    clean();
    removeOutputs(out);
    sweep(out);
    process.once('exit', clean);
    try {
      return await runPlan(grader, planBatch(grader, all, { ...options, staging }), options);
    } finally {
      process.off('exit', clean);
      clean();
    }
  });
}

/** Removes what a killed grader has left: drafts of files that were about to be replaced. */
function sweep(out: string): void {
  for (const file of fs.readdirSync(out, { recursive: true, withFileTypes: true })) {
    if (file.isFile() && /\.(json|gz|csv|html|xml|txt)\.\d+$/.test(file.name)) {
      fs.rmSync(path.join(file.parentPath, file.name), { force: true });
    }
  }
}

async function runPlan(grader: Grader, plan: Plan, options: BatchOptions): Promise<Batch> {
  const { out, shard, tool, passedOver = [], absent = [] } = options;
  const { total, listing, planned } = plan;
  const katas = [...new Set(planned.map(({ entry }) => entry.kata))].sort();
  const batch: Batch = {
    ...{ schema: 'kata-batch/v1', tool, state: 'running', shard, total, listing },
    versions: Object.fromEntries(katas.map((kata) => [kata, grader.version(kata)])),
    layers: grader.layers,
    untrusted: null,
    ...(passedOver.length === 0 ? {} : { passedOver }),
    ...(absent.length === 0 ? {} : { absent }),
    submissions: planned.map(({ entry }) => entry),
  };
  await writeBatch(out, batch);
  const interrupted: Batch = { ...batch, state: 'interrupted' };
  // At once: the process may be about to end.
  const stopped = (): void => {
    writeBatchNow(out, interrupted);
  };
  options.signal?.addEventListener('abort', stopped);
  await writeFirst(grader, planned, options);
  const untrusted = await gradeRest(grader, planned, options);
  if (options.signal?.aborted === true) return interrupted;
  options.signal?.removeEventListener('abort', stopped);
  if (untrusted !== null) await distrust(planned, untrusted, options);
  const complete: Batch = { ...batch, state: 'complete', untrusted };
  await writeBatch(out, complete);
  return complete;
}

/** What is known, and an error for everything else. */
async function writeFirst(
  grader: Grader,
  planned: readonly Planned[],
  { out, cache, executions, progress }: BatchOptions,
): Promise<void> {
  const known = planned.filter((one) => one.known !== null);
  progress.start(planned.length, known.filter((one) => one.known?.from === 'kept').length);
  for (const { entry, submission, known: result } of planned) {
    const file = path.join(out, entry.result);
    if (result === null) await writeResult(file, grader.pending(submission), { fsync: false });
    else if (result.from !== 'kept') {
      const { report } = result;
      const { version, submission } = report.grading;
      if (submission !== null)
        copyExecutions(report, cache.executions(version, submission.sha256), executions);
      await writeResult(file, report);
      progress.graded(entry, result.report, result.from === 'cache');
    }
  }
}

async function gradeRest(
  grader: Grader,
  planned: readonly Planned[],
  { out, cache, progress, workers, signal }: BatchOptions,
): Promise<string | null> {
  const rest = planned.filter(({ known }) => known === null);
  const bySubmission = new Map(rest.map((one) => [one.submission, one]));
  const graded = async (submission: Submission, report: GradedReport): Promise<void> => {
    const one = bySubmission.get(submission);
    if (one === undefined) return;
    const best = await bestOf(grader, one, report, signal);
    await writeResult(path.join(out, one.entry.result), best);
    await cache.put(best);
    progress.graded(one.entry, best, false);
  };
  const end = await gradePool(grader, staged(rest), {
    graded,
    phase: (what) => {
      progress.phase(what);
    },
    ...(workers === undefined ? {} : { workers }),
    ...(signal === undefined ? {} : { signal }),
  });
  return end.untrusted;
}

/** The submissions one by one; what came out of an archive is written to its file as its turn comes. */
function* staged(rest: readonly Planned[]): Generator<Submission> {
  for (const { assigned, submission } of rest) {
    if ('bytes' in assigned.source) {
      fs.mkdirSync(path.dirname(submission.file), { recursive: true });
      fs.writeFileSync(submission.file, assigned.source.bytes);
    }
    yield submission;
  }
}

/** A canary gave a surprise: every result says so, and none is kept. */
async function distrust(
  planned: readonly Planned[],
  untrusted: string,
  { out, cache }: BatchOptions,
): Promise<void> {
  cache.disown();
  for (const { entry } of planned) {
    const file = path.join(out, entry.result);
    const report = readResult(file);
    if (report !== null) await writeResult(file, marked(report, untrusted));
  }
}
