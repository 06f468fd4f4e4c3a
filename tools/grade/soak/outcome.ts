// SPDX-License-Identifier: GPL-2.0-only
/** Is what grading made of a submission what it had to make of it? And are two folders of results the same? */
import fs from 'node:fs';
import path from 'node:path';
import { readBatch } from '../batch/batch-file';
import { readResult } from '../batch/results';
import type { GradedReport } from '../types';
import type { Expected, MadeUp } from './class';

/** What is wrong, one line for each submission; none if everything is as expected. */
export function surprises(all: readonly MadeUp[], out: string): string[] {
  const batch = readBatch(out);
  const results = new Map(
    (batch?.submissions ?? []).map(({ student, kata, result }) => [
      `${student.id} ${kata}`,
      readResult(path.join(out, result)),
    ]),
  );
  const wrong = all.flatMap(({ student, kata, what, expected }) => {
    const report = results.get(`${student} ${kata}`) ?? null;
    results.delete(`${student} ${kata}`);
    if (report === null) return [`${student} ${kata} (${what}): there is no result`];
    if (isExpected(report, expected)) return [];
    const { status, score, maxScore, message } = report;
    return [
      `${student} ${kata} (${what}) should be ${expected}: ${status}, ${score} of ${maxScore}: ${message ?? ''}`,
    ];
  });
  // An archive that is refused is refused for every kata.
  const more = [...results].filter(([, report]) => report?.status !== 'rejected');
  return [...wrong, ...more.map(([name]) => `${name}: nobody handed this in`)];
}

function isExpected({ status, score, maxScore }: GradedReport, expected: Expected): boolean {
  switch (expected) {
    case 'full':
      return status === 'pass' && score === maxScore;
    case 'less':
      return status !== 'pass' && status !== 'error' && score < maxScore;
    case 'rejected':
      return status === 'rejected' && score === 0;
    case 'nothing':
      return status !== 'pass' && status !== 'error' && score === 0;
  }
}

/** Every file of a folder of results as text, without the times. */
export function withoutTimes(out: string): ReadonlyMap<string, string> {
  const files = fs.readdirSync(out, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((file) => !file.isDirectory())
      .map((file) => path.join(file.parentPath, file.name))
      .sort()
      .map((file) => [path.relative(out, file), timeless(fs.readFileSync(file, 'utf8'))]),
  );
}

function timeless(text: string): string {
  return text
    .replace(/("(?:durationMs|execution_time)": )[\d.]+/g, '$10')
    .replace(/( time=")[\d.]+"/g, '$10"');
}

/** Names of the files that differ. */
export function differences(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (name) => one.get(name) !== other.get(name),
  );
}
