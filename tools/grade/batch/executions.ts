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

/** Executions by the keys of findings. */
export interface Executions {
  get(key: string): Execution | null;
  /** Was it put here by this run? */
  has(key: string): boolean;
  /** Keeps one, unless there is no more room. What an earlier run has left under its key is replaced. */
  put(key: string, execution: Execution): void;
  /** Takes back what was put here. */
  disown(): void;
}

/** The executions below a folder of results, or of a cache. */
export function openExecutions(below: string): Executions {
  const folder = path.join(below, FOLDER);
  const ours = new Set<string>();
  let room: number | null = null;
  const fileFor = (key: string): string => path.join(folder, `${key}${EXTENSION}`);
  return {
    get: (key) => readExecution(fileFor(key)),
    has: (key) => ours.has(key),
    put(key, execution) {
      if (ours.has(key)) return;
      const bytes = zlib.gzipSync(JSON.stringify(execution));
      try {
        room ??= FOLDER_MAX - bytesIn(folder);
        if (bytes.length > room) return;
        fs.mkdirSync(folder, { recursive: true });
        writeFileAtomic.sync(fileFor(key), bytes, { fsync: false });
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
  has: () => false,
  put: () => undefined,
  disown: () => undefined,
};

function readExecution(file: string): Execution | null {
  try {
    const bytes = zlib.gunzipSync(fs.readFileSync(file), { maxOutputLength: TEXT_MAX });
    return executionIn(JSON.parse(bytes.toString('utf8')));
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
    const { version, untrusted } = report.grading;
    here.put(key, execution);
    if (untrusted === null) cache.executions(version).put(key, execution);
  };
}

/** Copies the executions of a report's findings. */
export function copyExecutions(report: KataReportV1, from: Executions, to: Executions): void {
  for (const { key } of findingsIn(report)) {
    const execution = to.has(key) ? null : from.get(key);
    if (execution !== null) to.put(key, execution);
  }
}
