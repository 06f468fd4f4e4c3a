// SPDX-License-Identifier: GPL-2.0-only
/**
 * Results by content: what the verdict depends on (engine, kata, hidden scenarios, bounds) and the bytes that were judged.
 * A fault of ours and a timeout are not kept, so that both get another chance.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { GradedReport } from '../types';
import { type Executions, NO_EXECUTIONS, openExecutions } from './executions';
import { readResult, writeResult } from './results';

export interface Cache {
  /** How the failures of a cached result happened. */
  executions(version: string, sha256: string): Executions;
  get(version: string, sha256: string): GradedReport | null;
  put(report: GradedReport): Promise<void>;
  /** Takes back what this run has put there: its canaries gave a surprise. */
  disown(): void;
}

/** A cache in a folder; one that cannot be written keeps nothing, and is not an error. */
export function openCache(folder: string): Cache {
  const ours = new Set<string>();
  const executions = new Map<string, Executions>();
  const placeOf = (version: string, sha256: string): string => {
    const key = createHash('sha256').update(`${version}\0${sha256}`).digest('hex');
    return path.join(folder, key.slice(0, 2), key);
  };
  const fileFor = (version: string, sha256: string): string => `${placeOf(version, sha256)}.json`;
  const get: Cache['get'] = (version, sha256) => {
    const report = readResult(fileFor(version, sha256));
    const { submission, version: judged } = report?.grading ?? {};
    return submission?.sha256 === sha256 && judged === version ? report : null;
  };
  return {
    get,
    executions(version, sha256) {
      const place = placeOf(version, sha256);
      const known = executions.get(place) ?? openExecutions(place);
      executions.set(place, known);
      return known;
    },
    async put(report) {
      const { submission, version, untrusted } = report.grading;
      if (submission === null || untrusted !== null || !isLasting(report)) return;
      const file = fileFor(version, submission.sha256);
      // A damaged one is replaced: otherwise these bytes would be judged again for ever.
      if (get(version, submission.sha256) !== null) return;
      try {
        await writeResult(file, report);
        ours.add(file);
      } catch {
        // Read-only: grading goes on without it.
      }
    },
    disown() {
      for (const file of ours) fs.rmSync(file, { force: true });
      for (const each of executions.values()) each.disown();
    },
  };
}

/** Nothing is kept. */
export const NO_CACHE: Cache = {
  get: () => null,
  put: () => Promise.resolve(),
  executions: () => NO_EXECUTIONS,
  disown: () => undefined,
};

function isLasting({ status, types, tests }: GradedReport): boolean {
  const all = [status, types.status, ...tests.map((test) => test.status)];
  return !all.includes('error') && !all.includes('timeout');
}
