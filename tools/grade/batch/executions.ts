// SPDX-License-Identifier: GPL-2.0-only
/**
 * How failures happened, step by step: one file for each finding of a batch, however many students it happened to. They are for the
 * instructor's page alone. Losing one changes no grade, so nothing here is an error.
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import writeFileAtomic from 'write-file-atomic';
import type { KataReportV1 } from '../../../lib/kata/verdict';
import type { Execution } from '../../../lib/report';
import { executionIn } from '../sandbox/execution-form';
import { EXECUTION_MAX } from '../sandbox/protocol';
import { findingOf, findingsIn } from '../summary/findings';
import type { ToldFailure } from '../types';
import type { Cache } from './cache';

const FOLDER = 'executions';
const EXTENSION = '.json.gz';

/** Bytes of all files of a folder: some ten thousand findings. */
const FOLDER_MAX = 64 << 20;
/** An execution and the driver's lines, before they are compressed. */
const TEXT_MAX = 4 * EXECUTION_MAX;

/** An execution of a submission. */
export interface Kept {
  readonly sha256: string;
  readonly execution: Execution;
}

/** Executions by the keys of findings. */
export interface Executions {
  get(key: string): Kept | null;
  /**
   * Keeps one, unless there is no more room. Of several submissions with the same finding that with the least digest stays, so that
   * it does not matter which is graded first.
   */
  put(key: string, kept: Kept): void;
  /** Takes back what was put here. */
  disown(): void;
}

/** The executions below a folder of results, or of a cache. */
export function openExecutions(below: string): Executions {
  const folder = path.join(below, FOLDER);
  /** The digest under each key, and the keys that were written by this run. */
  const known = new Map<string, string>();
  const ours = new Set<string>();
  let room: number | null = null;
  const fileFor = (key: string): string => path.join(folder, `${key}${EXTENSION}`);
  return {
    get: (key) => readKept(fileFor(key)),
    put(key, kept) {
      const there = known.get(key) ?? readKept(fileFor(key))?.sha256;
      if (there !== undefined) known.set(key, there);
      const better = there === undefined || kept.sha256 < there;
      // Its own from an earlier run is written again: the engine may have changed.
      if (!better && (kept.sha256 !== there || ours.has(key))) return;
      const bytes = zlib.gzipSync(JSON.stringify(kept));
      try {
        room ??= FOLDER_MAX - bytesIn(folder);
        if (bytes.length > room) return;
        fs.mkdirSync(folder, { recursive: true });
        writeFileAtomic.sync(fileFor(key), bytes, { fsync: false });
        known.set(key, kept.sha256);
        ours.add(key);
        room -= bytes.length;
      } catch {
        // The report says that it is not there.
      }
    },
    disown() {
      for (const key of ours) fs.rmSync(fileFor(key), { force: true });
    },
  };
}

/** Keeps nothing. */
export const NO_EXECUTIONS: Executions = {
  get: () => null,
  put: () => undefined,
  disown: () => undefined,
};

function readKept(file: string): Kept | null {
  try {
    const bytes = zlib.gunzipSync(fs.readFileSync(file), { maxOutputLength: TEXT_MAX });
    const json = JSON.parse(bytes.toString('utf8')) as { [name in keyof Kept]?: unknown } | null; // looked at below
    const execution = executionIn(json?.execution);
    const sha256 = json?.sha256;
    return execution === null || typeof sha256 !== 'string' ? null : { sha256, execution };
  } catch {
    return null;
  }
}

function bytesIn(folder: string): number {
  if (!fs.existsSync(folder)) return 0;
  const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
  return files.reduce((sum, file) => sum + fs.statSync(file).size, 0);
}

/** Keeps what a grader tells: beside the results, and for later batches. */
export function keeper(here: Executions, cache: Cache): (told: ToldFailure) => void {
  return ({ report, test, execution }) => {
    const { key } = findingOf(report.kata, test);
    const { version, untrusted, submission } = report.grading;
    if (submission === null) return;
    const kept = { sha256: submission.sha256, execution };
    here.put(key, kept);
    if (untrusted === null) cache.executions(version, kept.sha256).put(key, kept);
  };
}

/** Copies the executions of a report's findings. */
export function copyExecutions(report: KataReportV1, from: Executions, to: Executions): void {
  for (const { key } of findingsIn(report)) {
    const kept = from.get(key);
    if (kept !== null) to.put(key, kept);
  }
}
