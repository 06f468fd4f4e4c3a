// SPDX-License-Identifier: GPL-2.0-only
/** batch.json: what a folder of results is about, written before the first result and again after the last. */
import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { jsonText } from '../odd';
import { Refusal } from '../../kata/errors';
import type { Absent, Delivery } from '../collect/handed-in';
import type { Student } from '../gradebook/gradebooks';
import {
  isCount,
  isText,
  isYesOrNo,
  listOf,
  oneOf,
  optional,
  orNull,
  tableOf,
  withFields,
} from '../form';
import { isShard, type Shard } from './shard';

/** One line of the batch. */
export interface BatchEntry {
  /** Its place in the whole batch, of which this may be a share. */
  readonly place: number;
  readonly student: Student;
  readonly kata: string;
  /** Where its kata-report/v1 is, seen from batch.json. */
  readonly result: string;
  /** When it was handed in, where the platform says so. */
  readonly delivery?: Delivery;
}

export interface Batch {
  readonly schema: 'kata-batch/v1';
  readonly tool: string;
  /** Complete once every submission has its result; interrupted by Ctrl-C; running, too, where it was killed. */
  readonly state: 'running' | 'interrupted' | 'complete';
  readonly shard: Shard;
  /** Submissions of the whole batch, and a digest of who handed in what, so that shares of one batch know each other. */
  readonly total: number;
  readonly listing: string;
  /** By kata: engine, scenarios and bounds. Verdicts compare only where these are the same. */
  readonly versions: Readonly<Record<string, string>>;
  /** What stood between the submissions and the machine. */
  readonly layers: readonly string[];
  /** Why nobody should rely on it; null if the canaries gave no surprise. */
  readonly untrusted: string | null;
  /** What lay among the submissions and was not recognised; left out where there was nothing. */
  readonly passedOver?: readonly string[];
  /** Of whom there is nothing to grade; left out where there is nobody. */
  readonly absent?: readonly Absent[];
  readonly submissions: readonly BatchEntry[];
}

export const BATCH_FILE = 'batch.json';

/** Writes it; a reader sees the old one or the new one. */
export async function writeBatch(folder: string, batch: Batch): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  await writeFileAtomic(path.join(folder, BATCH_FILE), textOf(batch));
}

/** The same, without waiting for anything. */
export function writeBatchNow(folder: string, batch: Batch): void {
  writeFileAtomic.sync(path.join(folder, BATCH_FILE), textOf(batch));
}

function textOf(batch: Batch): string {
  return `${jsonText(batch)}\n`;
}

/** Reads the one in a folder; null if there is none. */
export function readBatch(folder: string): Batch | null {
  const file = path.join(folder, BATCH_FILE);
  if (!fs.existsSync(file)) return null;
  try {
    const batch: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (isBatch(batch)) return batch as Batch; // its form is that of the type
  } catch {
    // Told below.
  }
  throw new Refusal(`${file} is not one that npx kata grade wrote`);
}

const isStudent = withFields({ id: isText, email: isText, lastName: isText, firstName: isText });

const isBatch = withFields({
  schema: oneOf('kata-batch/v1'),
  state: oneOf('running', 'interrupted', 'complete'),
  ...{ tool: isText, shard: isShard, total: isCount, listing: isText },
  ...{ versions: tableOf(isText), layers: listOf(isText), untrusted: orNull(isText) },
  passedOver: optional(listOf(isText)),
  absent: optional(listOf(withFields({ student: isStudent, why: isText, ours: isYesOrNo }))),
  submissions: listOf(
    withFields({
      ...{ place: isCount, kata: isText, result: isInPlace },
      student: isStudent,
      delivery: optional(
        withFields({ late: orNull(isYesOrNo), attempt: orNull(isCount), at: isText }),
      ),
    }),
  ),
});

/** Results lie below the batch, wherever its file says they do. */
function isInPlace(result: unknown): boolean {
  if (typeof result !== 'string') return false;
  return /^results\/[^/\\]+\/[^/\\]+\.json$/.test(result) && !result.includes('/../');
}
