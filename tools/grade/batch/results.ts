// SPDX-License-Identifier: GPL-2.0-only
/** Result files: kata-report/v1, one for each submission, replaced as a whole. */
import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { faultOf } from '../faults';
import { jsonText } from '../odd';
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

/** A report as a document; one that is not a grade has no points in it. */
function resultText(report: GradedReport): string {
  const document = faultOf(report) === null ? report : unscored(report);
  return `${jsonText(document)}\n`;
}

/** The document of a report that is not a grade. */
export function unscored(report: KataReportV1): object {
  const tasks = report.tasks.map((task) => ({ ...task, earned: null }));
  return { ...report, score: null, tasks };
}

/** Reads a report; null if there is none, or none that is whole. */
export function readResult(file: string): GradedReport | null {
  try {
    const report: unknown = JSON.parse(fs.readFileSync(file, 'utf8'), pointsOr0);
    return isGradedReport(report) ? (report as GradedReport) : null; // its form is that of the type
  } catch {
    return null;
  }
}

/** What is not a grade counts for nothing. */
function pointsOr0(key: string, value: unknown): unknown {
  return (key === 'score' || key === 'earned') && value === null ? 0 : value;
}
