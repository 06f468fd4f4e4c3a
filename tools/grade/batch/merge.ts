// SPDX-License-Identifier: GPL-2.0-only
/** Shares of a batch become the batch again: all of them, each once, all graded under the same rules. */
import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import { compare } from '../collect/handed-in';
import type { GradedReport } from '../types';
import { type Batch, BATCH_FILE, readBatch, writeBatch } from './batch-file';
import { copyExecutions, openExecutions } from './executions';
import { makeFolder } from './make-folder';
import { readResult, writeResult } from './results';
import { WHOLE } from './shard';

/** A share and the folder it is in. */
interface Share {
  readonly folder: string;
  readonly batch: Batch;
}

/** Merges the results in `folders` into `out`, or refuses with the reason. */
export async function mergeBatches(folders: readonly string[], out: string): Promise<Batch> {
  const shares = folders.map((folder): Share => {
    const batch = readBatch(folder);
    if (batch === null)
      throw new Refusal(`${folder} holds no ${BATCH_FILE}: no results of npx kata grade`);
    return { folder, batch };
  });
  const problem = problemWith(shares);
  if (problem !== null) throw new Refusal(problem);
  if (fs.existsSync(path.join(out, BATCH_FILE))) throw new Refusal(`${out} holds results already`);
  makeFolder(out);
  await copyResults(shares, out);
  const merged = mergedBatch(shares.map(({ batch }) => batch));
  await writeBatch(out, merged);
  return merged;
}

/** Why these do not make a whole; null if they do. */
function problemWith(shares: readonly Share[]): string | null {
  const [first] = shares;
  if (first === undefined) return 'there is nothing to merge';
  const { total, listing, tool, shard } = first.batch;
  const seen = new Map<number, string>();
  for (const { folder, batch } of shares) {
    const { index } = batch.shard;
    if (batch.state !== 'complete')
      return `${folder} is unfinished: run its share again with --resume`;
    if (batch.listing !== listing || batch.total !== total) {
      return `${first.folder} and ${folder} are not of the same submissions`;
    }
    if (batch.tool !== tool)
      return `${first.folder} was graded by ${tool}, ${folder} by ${batch.tool}`;
    if (batch.shard.count !== shard.count) {
      return `${first.folder} is one share of ${shard.count}, ${folder} one of ${batch.shard.count}`;
    }
    const other = seen.get(index);
    if (other !== undefined)
      return `${other} and ${folder} are both share ${index} of ${shard.count}`;
    seen.set(index, folder);
  }
  return mixedVersions(shares) ?? gap(shares);
}

function mixedVersions(shares: readonly Share[]): string | null {
  const versions = new Map<string, { readonly folder: string; readonly version: string }>();
  for (const { folder, batch } of shares) {
    for (const [kata, version] of Object.entries(batch.versions)) {
      const known = versions.get(kata);
      if (known !== undefined && known.version !== version) {
        return `${known.folder} and ${folder} graded ${kata} by different versions of the engine, the kata or its hidden scenarios`;
      }
      versions.set(kata, { folder, version });
    }
  }
  return null;
}

/** Every place of the batch must be there once. */
function gap(shares: readonly Share[]): string | null {
  const { total, shard } = shares[0]?.batch ?? { total: 0, shard: WHOLE };
  const indices = new Set(shares.map(({ batch }) => batch.shard.index));
  const missing = Array.from({ length: shard.count }, (_, i) => i + 1).filter(
    (i) => !indices.has(i),
  );
  if (missing.length > 0)
    return `of ${shard.count} shares, number ${missing.join(', ')} is missing`;
  const places = new Set(
    shares.flatMap(({ batch }) => batch.submissions.map(({ place }) => place)),
  );
  const listed = shares.reduce((sum, { batch }) => sum + batch.submissions.length, 0);
  if (listed > places.size) return 'a submission is in more than one share';
  return places.size === total
    ? null
    : `${total - places.size} of ${total} submissions are in no share`;
}

async function copyResults(shares: readonly Share[], out: string): Promise<void> {
  const executions = openExecutions(out);
  for (const { folder, batch } of shares) {
    const own = openExecutions(folder);
    for (const { result, student, kata } of batch.submissions) {
      const report = readResult(path.join(folder, result));
      if (report === null) {
        throw new Refusal(
          `${folder}: the result of ${student.id} for ${kata} is missing or damaged`,
        );
      }
      const problem = mismatch(report, kata, batch);
      if (problem !== null) throw new Refusal(`${path.join(folder, result)} ${problem}`);
      copyExecutions(report, own, executions);
      await writeResult(path.join(out, result), report);
    }
  }
}

/** Why a result is not the one its batch is about: somebody may have moved files from one run to another. */
function mismatch({ kata, grading }: GradedReport, expected: string, batch: Batch): string | null {
  if (kata !== expected) return `is a result of ${kata}, and not of ${expected}`;
  return grading.version === batch.versions[kata]
    ? null
    : `was graded by another version of the engine, the kata or its hidden scenarios than its ${BATCH_FILE} says`;
}

function mergedBatch(batches: readonly Batch[]): Batch {
  const [first] = batches as [Batch]; // there is at least one
  const versions = batches.flatMap((batch) => Object.entries(batch.versions));
  const layers = [...new Set(batches.flatMap((batch) => batch.layers))];
  // All shares have seen the same folder.
  const passedOver = [...new Set(batches.flatMap((batch) => batch.passedOver ?? []))];
  return {
    ...first,
    shard: WHOLE,
    versions: Object.fromEntries(versions.sort(([a], [b]) => compare(a, b))),
    // Only what protected every share protected the batch.
    layers: layers.filter((layer) => batches.every((batch) => batch.layers.includes(layer))),
    untrusted: batches.map(({ untrusted }) => untrusted).find((why) => why !== null) ?? null,
    ...(passedOver.length === 0 ? {} : { passedOver }),
    ...(first.absent === undefined ? {} : { absent: first.absent }),
    submissions: batches
      .flatMap(({ submissions }) => submissions)
      .sort((a, b) => a.place - b.place),
  };
}
