// SPDX-License-Identifier: GPL-2.0-only
/** A submission's bytes. Whoever reads them knows nothing of TypeScript: the text is first looked into in the sandbox. */
import { createHash } from 'node:crypto';
import type { Grading } from '../../lib/kata/verdict';
import { readPlain } from './collect/plain-file';

/** As lib/driver allows; what is longer is not even read. */
export const BYTES_MAX = 64 * 1024;

/** A submission that can be judged, or the sentence that says why not. */
export type Handed =
  | { readonly ok: true; readonly source: string; readonly digest: Digest }
  | { readonly ok: false; readonly problem: string; readonly digest: Digest | null };

type Digest = NonNullable<Grading['submission']>;

/** Reads a submission. `driver` is how messages name it. */
export function readSubmission(file: string, driver: string): Handed {
  const read = readPlain(file, BYTES_MAX);
  if ('problem' in read) return { ok: false, problem: `${driver} ${read.problem}`, digest: null };
  const { bytes } = read;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const digest = { sha256, bytes: bytes.length };
  try {
    const source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (source.trim() === '')
      return { ok: false, problem: `${driver}:1:1: this file is empty`, digest };
    return { ok: true, source, digest };
  } catch {
    return { ok: false, problem: `${driver} is no UTF-8 text`, digest };
  }
}
