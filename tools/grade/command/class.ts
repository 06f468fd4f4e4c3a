// SPDX-License-Identifier: GPL-2.0-only
/** A class: everything that was handed in becomes a folder of results. */
import fs from 'node:fs';
import path from 'node:path';
import { EXIT } from '../../kata/exit-code';
import { Refusal } from '../../kata/errors';
import { kataAt } from '../../kata/katas';
import { count } from '../../kata/print/words';
import { type Shell, shownPath } from '../../kata/shell';
import type { Batch } from '../batch/batch-file';
import { keeper, openExecutions } from '../batch/executions';
import { progressOn } from '../batch/progress';
import { type BatchOptions, runBatch } from '../batch/run';
import { shardOf } from '../batch/shard';
import {
  type Absent,
  type Assigned,
  type Collected,
  compare,
  inOrder,
  type Wanted,
} from '../collect/handed-in';
import { fromManifest } from '../collect/manifest-csv';
import { type Roster, unmatched } from '../collect/roster';
import { plain } from '../odd';
import { type Attempt, fromExport } from '../exports/collect';
import type { Student } from '../gradebook/gradebooks';
import { openGrader } from '../index';
import { classFormats } from '../output/formats';
import { writeOutputs } from '../output/write-all';
import { writeSimilarity } from '../similarity/write';
import {
  attemptOf,
  cacheOf,
  formatNames,
  type GradeOptions,
  graderOptions,
  outFolder,
  rosterOf,
  tellHidden,
  wantedKatas,
  workersOf,
} from './options';
import { interruptedText } from './interrupted';
import { shown, told } from './told';
import { toldUnwritten } from './unwritten';

/** Grades what lies at `given`: a folder, a zip file or a manifest. */
export async function gradeClass(
  shell: Shell,
  given: string,
  options: GradeOptions,
): Promise<number> {
  const out = outFolder(shell, options);
  const formats = classFormats(formatNames(options));
  const shard = shardOf(options.shard, process.env);
  if (options.similarity === true && shard.count > 1) {
    throw new Refusal('--similarity compares a whole class: leave --shard out');
  }
  const workers = workersOf(options);
  const roster = rosterOf(shell, options);
  const { all, passedOver, absent } = await assignedIn(shell, given, options, roster);
  const cache = cacheOf(shell, options);
  const executions = openExecutions(out);
  const batch = await graded(shell, { all, given }, options, {
    ...{ out, shard, tool: shell.tool, resume: options.resume === true },
    passedOver,
    absent,
    ...{ cache, executions },
    ...(workers === undefined ? {} : { workers }),
  });
  if (batch.state !== 'complete') return EXIT.interrupted;
  if (options.similarity === true) compareAll(shell, all, out);
  const { tally, notes } = await writeOutputs(batch, {
    ...{ root: shell.root, out, formats, roster, env: process.env },
  });
  return told(shell, { batch, tally, notes, out });
}

/** Runs the batch, and sees to it that Ctrl-C leaves nothing running. */
async function graded(
  shell: Shell,
  { all, given }: { readonly all: readonly Assigned[]; readonly given: string },
  options: GradeOptions,
  batch: Omit<BatchOptions, 'progress' | 'signal'>,
): Promise<Batch> {
  const told = keeper(batch.executions, batch.cache);
  const grader = openGrader({ ...graderOptions(shell, options), told });
  tellHidden(
    shell,
    grader,
    options,
    all.map(({ kata }) => kata),
  );
  const stop = new AbortController();
  const progress = progressOn(process.stderr);
  const interrupted = (): void => {
    stop.abort();
    void grader.close(); // ends at once what runs: this process is about to end, too
    progress.stop();
    // The shell is silent by now.
    process.stderr.write(interruptedText(shell, given, options));
  };
  process.once('SIGINT', interrupted);
  try {
    return await runBatch(grader, all, { ...batch, progress, signal: stop.signal });
  } catch (error) {
    throw toldUnwritten(error, shown(shell.cwd, given), options);
  } finally {
    process.off('SIGINT', interrupted);
    progress.stop();
    await grader.close();
  }
}

interface Listed {
  readonly all: readonly Assigned[];
  readonly passedOver: readonly string[];
  readonly absent: readonly Absent[];
}

/** What was handed in, in order, by those the roster knows; remarks about the rest go to standard error. */
async function assignedIn(
  shell: Shell,
  given: string,
  options: GradeOptions,
  roster: Roster,
): Promise<Listed> {
  const wanted = wantedKatas(shell, options);
  const found = await collect(given, wanted, attemptOf(options));
  const named = <T extends { readonly student: Student }>(one: T): T => ({
    ...one,
    student: roster.find(one.student) ?? one.student,
  });
  const ids = wanted.katas.map(({ id }) => id);
  const all = inOrder(found.handedIn.map(named), ids);
  const absent = found.absent.map(named).sort((a, b) => compare(a.student.id, b.student.id));
  const passedOver = [...found.remarks, ...unmatched(roster, all, absent)];
  for (const remark of passedOver) shell.complain(`kata: ${plain(remark)}\n`);
  if (all.length === 0) {
    for (const { student, why } of absent)
      shell.complain(`kata: ${plain(`${student.id}: ${why}`)}\n`);
    throw new Refusal(`${shownPath(shell.cwd, given)}: nothing to grade in it`);
  }
  return { all, passedOver, absent };
}

async function collect(given: string, wanted: Wanted, attempt: Attempt): Promise<Collected> {
  if (/\.csv$/i.test(given)) return fromManifest(given, wanted, attempt);
  const found = await fromExport(given, wanted, attempt);
  if (typeof found === 'string') throw new Refusal(`${path.basename(given)}: ${found}`);
  return found;
}

function compareAll({ root, write, cwd }: Shell, all: readonly Assigned[], out: string): void {
  for (const kata of new Set(all.map((assigned) => assigned.kata))) {
    const { manifest, driver } = kataAt(root, kata);
    const folder = path.join(out, 'similarity', kata);
    const port = fs.readFileSync(driver, 'utf8');
    const own = all.filter((assigned) => assigned.kata === kata);
    const pairs = writeSimilarity(folder, { manifest, port }, own);
    const what = `${count(pairs.length, 'pair')} of submissions with similar changes`;
    write(`${kata}: ${what}, a hint and no proof: ${shown(cwd, folder)}\n`);
  }
}
