// SPDX-License-Identifier: GPL-2.0-only
/** Everything that is made of the results of a batch: gradebooks, JUnit XML, the instructor's report, the platforms' files. */
import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Roster } from '../collect/roster';
import {
  canvasGradebook,
  genericGradebook,
  gradebookNotes,
  type Grade,
  moodleGradebook,
} from '../gradebook/gradebooks';
import type { Batch } from '../batch/batch-file';
import { readResult } from '../batch/results';
import { junit } from '../emit/junit';
import { Fault } from '../../kata/errors';
import { suiteFiles } from '../../kata/suite-files';
import { openExecutions } from '../batch/executions';
import { classPage } from '../summary/html';
import { playersFor } from '../summary/players';
import { type Tally, tally } from '../summary/tally';
import { documentOf, formatNamed } from './formats';

export interface OutputOptions {
  /** The repository, with the katas' sources. */
  readonly root: string;
  readonly out: string;
  /** Formats to write for each submission. */
  readonly formats: readonly string[];
  /** Addresses and names, where the batch itself has none. */
  readonly roster: Roster;
  readonly env: NodeJS.ProcessEnv;
}

/** What was written. */
interface Outputs {
  readonly tally: Tally;
  /** What is missing in gradebooks, in sentences. */
  readonly notes: readonly string[];
}

/** Writes them all next to the results. */
export async function writeOutputs(batch: Batch, options: OutputOptions): Promise<Outputs> {
  const { root, out, formats } = options;
  const write = async (name: string, text: string): Promise<void> => {
    const file = path.join(out, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await writeFileAtomic(file, text);
  };
  const counted = tally(gradesOf(batch, options));
  const grades: Grade[] = [...counted.rows];
  const absent = (batch.absent ?? []).map((one) => ({
    ...one,
    student: options.roster.find(one.student) ?? one.student,
  }));
  await write('gradebook.csv', genericGradebook(grades, absent));
  await write('canvas.csv', canvasGradebook(grades, absent));
  for (const { kata } of counted.katas) {
    await write(`moodle/${kata}.csv`, moodleGradebook(kata, grades, absent));
  }
  const owners = new Map(grades.map(({ student, report }) => [report, student.id]));
  const reports = grades.map(({ report }) => report);
  await write(
    'junit.xml',
    junit(reports, (report) => `${owners.get(report) ?? ''} ${report.kata}`),
  );
  const players = playersFor(counted.failures, openExecutions(out), (kata) =>
    suiteFiles(path.join(root, 'katas', kata, 'scenarios.ts')),
  );
  await write('report.html', classPage(counted, batch, players));
  for (const name of formats) await writeFormat(name, batch, options, write);
  return { tally: counted, notes: gradebookNotes(grades, absent) };
}

async function writeFormat(
  name: string,
  batch: Batch,
  { out, env }: OutputOptions,
  write: (name: string, text: string) => Promise<void>,
): Promise<void> {
  const format = formatNamed(name);
  for (const { result } of batch.submissions) {
    const file = result.replace(/^results\//, `${name}/`).replace(/json$/, format.extension);
    const { text } = documentOf(format, [reportAt(out, result)], env);
    if (text !== null) await write(file, text);
  }
}

function* gradesOf(batch: Batch, { out, roster }: OutputOptions): Generator<Grade> {
  for (const { student, result, delivery } of batch.submissions) {
    const grade = { student: roster.find(student) ?? student, report: reportAt(out, result) };
    yield delivery === undefined ? grade : { ...grade, delivery };
  }
}

function reportAt(out: string, result: string): Grade['report'] {
  const report = readResult(path.join(out, result));
  if (report === null) throw new Fault(`${path.join(out, result)} is missing or damaged`);
  return report;
}
