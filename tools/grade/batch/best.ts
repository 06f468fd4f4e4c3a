// SPDX-License-Identifier: GPL-2.0-only
/** The best of several attempts of one student: all are graded, and one report stays. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { faultOf } from '../faults';
import type { GradedReport, Grader, Submission } from '../types';
import type { Planned } from './plan';

/** Grades a submission and all earlier attempts at it. */
export async function bestOf(
  grader: Grader,
  { submission, assigned }: Planned,
  report: GradedReport,
  signal: AbortSignal | undefined,
): Promise<GradedReport> {
  let best = report;
  const faults = [report].filter((one) => faultOf(one) !== null);
  for (const source of assigned.others ?? []) {
    if ('problem' in source || signal?.aborted === true) continue;
    const other = await graded(grader, submission, source, signal);
    if (faultOf(other) !== null) faults.push(other);
    else if (faultOf(best) !== null || other.score > best.score) best = other;
  }
  // One that could not be graded might have been better, unless there is nothing better.
  return best.score === best.maxScore ? best : (faults[0] ?? best);
}

async function graded(
  grader: Grader,
  { id, kata }: Submission,
  source: { readonly file: string } | { readonly bytes: Buffer },
  signal: AbortSignal | undefined,
): Promise<GradedReport> {
  if ('file' in source) return grader.grade({ id, kata, file: source.file }, signal);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-attempt-'));
  try {
    const file = path.join(folder, 'driver.ts');
    fs.writeFileSync(file, source.bytes);
    return await grader.grade({ id, kata, file }, signal);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
