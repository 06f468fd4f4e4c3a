// SPDX-License-Identifier: GPL-2.0-only
/** What a batch has to do: every submission of the share with its result file, and the result it may have already. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Assigned } from '../collect/handed-in';
import type { GradedReport, Grader, Submission } from '../types';
import type { BatchEntry } from './batch-file';
import type { Cache } from './cache';
import { folderNames } from './file-names';
import { readResult } from './results';
import { isIn, type Shard } from './shard';

/** One submission of the share. */
export interface Planned {
  readonly entry: BatchEntry;
  readonly assigned: Assigned;
  readonly submission: Submission;
  /** The result there is before anything runs: kept, cached, or a refusal. */
  readonly known: {
    readonly report: GradedReport;
    readonly from: 'kept' | 'cache' | 'refused';
  } | null;
}

export interface Plan {
  readonly total: number;
  readonly listing: string;
  readonly planned: readonly Planned[];
}

export interface PlanOptions {
  readonly out: string;
  readonly staging: string;
  readonly shard: Shard;
  readonly cache: Cache;
  /** Keep results that are there and still right. */
  readonly resume: boolean;
}

/** Plans a share of a batch. */
export function planBatch(grader: Grader, all: readonly Assigned[], options: PlanOptions): Plan {
  const { out, staging, shard } = options;
  const names = folderNames(all.map(({ student }) => student.id));
  const listing = createHash('sha256');
  const planned: Planned[] = [];
  for (const [place, assigned] of all.entries()) {
    const { student, kata, source } = assigned;
    const result = path.posix.join('results', names.get(student.id) ?? '', `${kata}.json`);
    // What comes out of an archive gets a file under a name of ours.
    const file = 'file' in source ? source.file : path.join(staging, `${place}.ts`);
    const submission = { id: `${student.id} ${kata}`, kata, file };
    const sha256 = digestOf(grader, submission, assigned);
    const words = 'problem' in source ? source.problem : (sha256 ?? 'refused unread');
    listing.update(`${JSON.stringify([student.id, kata, words])}\n`);
    if (!isIn(shard, place)) continue;
    const { delivery } = assigned;
    const entry = { place, student, kata, result, ...(delivery === undefined ? {} : { delivery }) };
    const known = knownResult(grader, { entry, assigned, submission, sha256 }, options, out);
    planned.push({ entry, assigned, submission, known });
  }
  return { total: all.length, listing: listing.digest('hex'), planned };
}

function digestOf(grader: Grader, submission: Submission, { source }: Assigned): string | null {
  if ('bytes' in source) return createHash('sha256').update(source.bytes).digest('hex');
  return 'file' in source ? grader.digest(submission) : null;
}

interface Looked extends Omit<Planned, 'known'> {
  readonly sha256: string | null;
}

function knownResult(
  grader: Grader,
  { entry, assigned, submission, sha256 }: Looked,
  { cache, resume }: PlanOptions,
  out: string,
): Planned['known'] {
  const { kata, source } = assigned;
  if ('problem' in source) {
    const report = refusal(grader.pending(submission), source.problem);
    return { report, from: 'refused' };
  }
  // Which of several attempts is the best, no result of one of them says.
  if (sha256 === null || (assigned.others ?? []).length > 0) return null;
  const version = grader.version(kata);
  const there = resume ? readResult(path.join(out, entry.result)) : null;
  if (there !== null && isResultOf(there, { kata, version, sha256 })) {
    return { report: there, from: 'kept' };
  }
  const cached = cache.get(version, sha256);
  return cached === null ? null : { report: cached, from: 'cache' };
}

/** The report of what cannot be graded because of a mistake of its student. */
export function refusal(pending: GradedReport, problem: string): GradedReport {
  return { ...pending, status: 'rejected', message: problem };
}

interface Wanted {
  readonly kata: string;
  readonly version: string;
  readonly sha256: string;
}

/** Is this a finished result of these bytes under these rules? */
function isResultOf(report: GradedReport, { kata, version, sha256 }: Wanted): boolean {
  const { grading, status, types } = report;
  const same = grading.submission?.sha256 === sha256 && grading.version === version;
  const sound = status !== 'error' && types.status !== 'error' && grading.untrusted === null;
  return report.kata === kata && same && sound;
}
