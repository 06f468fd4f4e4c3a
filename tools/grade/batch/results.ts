// SPDX-License-Identifier: GPL-2.0-only
/** Result files: kata-report/v1, one for each submission, replaced as a whole. */
import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { GradedReport } from '../types';
import { isGradedReport } from './report-form';

/** Writes a report. Only real results are pressed to the disk; those written first, as errors, may be lost with it. */
export async function writeResult(
  file: string,
  report: GradedReport,
  { fsync = true } = {},
): Promise<void> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, resultText(report), { fsync });
}

/** A report as a document. */
function resultText(report: GradedReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Reads a report; null if there is none, or none that is whole. */
export function readResult(file: string): GradedReport | null {
  try {
    const report: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return isGradedReport(report) ? (report as GradedReport) : null; // its form is that of the type
  } catch {
    return null;
  }
}
