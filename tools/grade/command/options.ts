// SPDX-License-Identifier: GPL-2.0-only
/** What `kata grade` was asked for, checked before anything is touched. */
import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import { kataAt, kataIds } from '../../kata/katas';
import { resolveId } from '../../kata/resolve-id';
import type { Shell } from '../../kata/shell';
import { BATCH_FILE } from '../batch/batch-file';
import { type Cache, NO_CACHE, openCache } from '../batch/cache';
import type { KataName, Wanted } from '../collect/handed-in';
import { NO_ROSTER, readRoster, type Roster } from '../collect/roster';
import type { Attempt } from '../exports/collect';
import type { Grader, GraderOptions } from '../types';
import { count } from '../../kata/print/words';
import { folderToWrite } from './writable';

/** As the parser gives them. */
export interface GradeOptions {
  readonly out?: string;
  readonly kata?: readonly string[];
  readonly format?: string;
  readonly jobs?: string;
  readonly shard?: string;
  readonly resume?: boolean;
  readonly one?: boolean;
  readonly cache?: string | false;
  readonly hidden?: string;
  readonly roster?: string;
  readonly timeLimit?: string;
  readonly attempt?: string;
  readonly similarity?: boolean;
  readonly types: boolean;
  readonly makeGradescopeZip?: string;
}

/** The katas that may be handed in, as --kata says or all of them. */
export function wantedKatas({ root }: Shell, { kata }: GradeOptions): Wanted {
  const all = kataIds(root);
  const ids = kata === undefined ? all : kata.map((name) => resolveId(name, all));
  const unique = [...new Set(ids)].sort();
  const katas = unique.map((id): KataName => ({ id, driver: kataAt(root, id).manifest.driver }));
  return { katas, flat: kata !== undefined && katas.length === 1 };
}

/** Addresses and names, where --roster brings some. */
export function rosterOf({ cwd }: Shell, { roster }: Pick<GradeOptions, 'roster'>): Roster {
  return roster === undefined ? NO_ROSTER : readRoster(path.resolve(cwd, roster));
}

/** Where results are remembered: as --cache says, or the environment, or where npm and git leave it alone. */
export function cacheOf({ root, cwd }: Shell, { cache }: GradeOptions): Cache {
  if (cache === false) return NO_CACHE;
  const named = cache ?? process.env['KATA_GRADE_CACHE'] ?? '';
  return openCache(
    named === '' ? path.join(root, '.kata', 'grade-cache') : path.resolve(cwd, named),
  );
}

/** How graders are set up. */
export function graderOptions({ root, tool, cwd }: Shell, options: GradeOptions): GraderOptions {
  const { hidden, timeLimit, types } = options;
  return {
    ...{ root, tool, types },
    hidden:
      hidden === undefined ? null : folderNamed(path.resolve(cwd, hidden), `--hidden ${hidden}`),
    ...(timeLimit === undefined ? {} : { limits: limitsOf(timeLimit) }),
  };
}

/** Says what --hidden adds: that it adds nothing is something to be said, too. */
export function tellHidden(
  { complain }: Shell,
  grader: Grader,
  { hidden }: GradeOptions,
  katas: Iterable<string>,
): void {
  if (hidden === undefined) return;
  for (const id of new Set(katas)) {
    const added = grader.hidden(id);
    const what = added === 0 ? 'no hidden scenarios' : count(added, 'hidden scenario');
    complain(`kata: ${what} for ${id}\n`);
  }
}

/** On a machine with other things to do, a second of processor time may take so many by the clock. */
const PATIENCE = 20;
/** Explaining failures takes seconds; a failure that takes longer is shown without a report. */
const EXPLAIN_MS_MAX = 60_000;

/** The backstops by the clocks, for machines that are much slower or faster than most. */
function limitsOf(typed: string): GraderOptions['limits'] & object {
  const cpuMs = wholeNumber('--time-limit', typed, 1, 3600) * 1000;
  const explainMs = Math.min(cpuMs, EXPLAIN_MS_MAX);
  return { cpuMs, explainMs, wallMs: PATIENCE * (cpuMs + explainMs), typesMs: cpuMs };
}

/** Which of several attempts counts, as --attempt says. */
export function attemptOf({ attempt = 'last' }: Pick<GradeOptions, 'attempt'>): Attempt {
  if (attempt === 'last' || attempt === 'first' || attempt === 'best') return attempt;
  throw new Refusal(`--attempt ${attempt}: write last, first or best`);
}

/** Submissions at a time; undefined leaves it to the machine. */
export function workersOf({ jobs }: GradeOptions): number | undefined {
  return jobs === undefined ? undefined : wholeNumber('--jobs', jobs, 1, 1024);
}

function wholeNumber(option: string, typed: string, min: number, max: number): number {
  const number = /^\d{1,9}$/.test(typed) ? Number(typed) : -1;
  if (number >= min && number <= max) return number;
  throw new Refusal(`${option} ${typed}: write a whole number from ${min} to ${max}`);
}

/** The formats that --format names, separated by commas. */
export function formatNames({ format }: Pick<GradeOptions, 'format'>): string[] {
  return format === undefined ? [] : [...new Set(format.split(',').map((name) => name.trim()))];
}

/** The folder for results; one that holds some already is left alone unless the command keeps them. */
export function outFolder(
  shell: Shell,
  { out, resume }: Pick<GradeOptions, 'out' | 'resume'>,
): string {
  if (out === undefined)
    throw new Refusal('where to? Name a folder for the results with --out DIR');
  const folder = folderToWrite(shell.cwd, '--out', out);
  if (resume !== true && fs.existsSync(path.join(folder, BATCH_FILE))) {
    throw new Refusal(
      `--out ${out}: it holds results already; continue with --resume, or name another`,
    );
  }
  return folder;
}

function folderNamed(folder: string, what: string): string {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new Refusal(`${what}: there is no such folder`);
}
