// SPDX-License-Identifier: GPL-2.0-only
/** A submission's bytes. The code that reads them does not use TypeScript: the text is first looked into in the sandbox. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Grading } from '../../lib/kata/verdict';
import { UsageError } from '../../lib/machine';
import type { Shipped } from '../answers/shipped';
import { isPatch, sourceOf } from '../answers/source';
import { readPlain } from './collect/plain-file';

/** As lib/driver allows; what is longer is not even read. */
const BYTES_MAX = 64 * 1024;

/** A submission that can be judged, or the sentence that says why not. */
export type Handed =
  | { readonly ok: true; readonly source: string; readonly digest: Digest }
  | { readonly ok: false; readonly problem: string; readonly digest: Digest | null };

type Digest = NonNullable<Grading['submission']>;

/** Reads a submission: a driver, or a patch to the port as shipped, which is judged as the driver it makes. */
export function readSubmission(root: string, kata: Shipped, file: string): Handed {
  const { driver } = kata;
  const handed = readText(file, driver);
  if (!handed.ok || !isPatch(file)) return handed;
  try {
    const { text } = sourceOf(root, kata, { text: handed.source, shown: path.basename(file) });
    return { ok: true, source: text, digest: digestOf(Buffer.from(text)) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { ok: false, problem: error.message, digest: handed.digest };
  }
}

function digestOf(bytes: Buffer): Digest {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

function readText(file: string, driver: string): Handed {
  const read = readPlain(file, BYTES_MAX);
  if ('problem' in read) return { ok: false, problem: `${driver} ${read.problem}`, digest: null };
  const { bytes } = read;
  const digest = digestOf(bytes);
  try {
    const source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (source.trim() === '')
      return { ok: false, problem: `${driver}:1:1: this file is empty`, digest };
    return { ok: true, source, digest };
  } catch {
    return { ok: false, problem: `${driver} is not UTF-8 text`, digest };
  }
}
