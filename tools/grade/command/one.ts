// SPDX-License-Identifier: GPL-2.0-only
/** One submission, for platforms that start a grader for each: its result in the platform's format, on standard output or in a file. */
import fs from 'node:fs';
import path from 'node:path';
import { isPatch } from '../../answers/source';
import { kataOfPatch } from '../../kata/at';
import { EXIT } from '../../kata/exit-code';
import { Refusal } from '../../kata/errors';
import { idInPath } from '../../kata/resolve-id';
import type { Shell } from '../../kata/shell';
import {
  type Assigned,
  type HandedIn,
  inOrder,
  studentNamed,
  type Wanted,
} from '../collect/handed-in';
import { fromStudent } from '../collect/folder';
import { refusal } from '../batch/plan';
import { marked, openGrader } from '../index';
import { documentOf, type Format, formatNamed, type Written } from '../output/formats';
import type { GradedReport, Grader, Submission } from '../types';
import { formatNames, type GradeOptions, graderOptions, tellHidden, wantedKatas } from './options';
import { fileToWrite, replaceFile } from './writable';

/** Grades what lies at `given`, a driver or one student's folder. */
export async function gradeOne(
  shell: Shell,
  given: { readonly path: string; readonly isFolder: boolean },
  options: GradeOptions,
): Promise<number> {
  refuseForClasses(options);
  const { out: typed } = options;
  const out = typed === undefined ? null : fileToWrite(shell.cwd, '--out', typed);
  const wanted = wantedKatas(shell, options);
  const names = formatNames(options);
  if (names.length > 1)
    throw new Refusal('one submission is written in one format; give --format once');
  const format = formatNamed(names[0] ?? 'kata');
  const assigned = given.isFolder
    ? await inFolder(given.path, wanted, options.kata !== undefined)
    : [theFile(shell, given.path, wanted)];
  const grader = openGrader(graderOptions(shell, options));
  tellHidden(
    shell,
    grader,
    options,
    assigned.map(({ kata }) => kata),
  );
  try {
    return await gradeAndWrite(shell, grader, { assigned, format, out });
  } finally {
    await grader.close();
  }
}

/** What says how to go about many submissions: left unsaid, it would be taken to have had an effect. */
function refuseForClasses({ jobs, shard, resume, similarity }: GradeOptions): void {
  const given = Object.entries({ jobs, shard, resume, similarity });
  const [name] = given.find(([, value]) => value !== undefined && value !== false) ?? [];
  if (name !== undefined)
    throw new Refusal(`--${name} is for a class: leave it out for one submission`);
}

interface Job {
  readonly assigned: readonly Assigned[];
  readonly format: Format;
  /** Null: to standard output. */
  readonly out: string | null;
}

async function gradeAndWrite(shell: Shell, grader: Grader, job: Job): Promise<number> {
  const { assigned, format, out } = job;
  const submissions = assigned.map(({ kata, source }): Submission => {
    return { id: kata, kata, file: 'file' in source ? source.file : '' };
  });
  // Whatever kills us from here on leaves no grade in the file: not one of an earlier run, either.
  if (out !== null) {
    await put(
      documentOf(
        format,
        submissions.map((one) => grader.pending(one)),
        process.env,
      ),
      out,
    );
  }
  const untrusted = await grader.canaries();
  const reports: GradedReport[] = [];
  for (const [i, submission] of submissions.entries()) {
    const source = assigned[i]?.source ?? { problem: 'nothing was handed in' };
    reports.push(
      'problem' in source
        ? refusal(grader.pending(submission), source.problem)
        : await grader.grade(submission),
    );
  }
  const all = untrusted === null ? reports : reports.map((report) => marked(report, untrusted));
  return finished(shell, documentOf(format, all, process.env), out);
}

/** Writes the document, and says why there is no grade in it. */
async function finished(shell: Shell, written: Written, out: string | null): Promise<number> {
  const { text, fault } = written;
  if (out !== null) await put(written, out);
  else if (text !== null) shell.write(text);
  if (fault === null) return EXIT.holds;
  const tell = out !== null || text === null ? shell.write : shell.complain;
  tell(`kata: no grade, by a fault of this tool and not of the driver: ${fault}\n`);
  tell('kata: run the same command again; npx kata doctor looks at the installation\n');
  return EXIT.fault;
}

async function put({ text }: Written, out: string): Promise<void> {
  if (text === null) fs.rmSync(out, { force: true });
  else await replaceFile(out, text);
}

function theFile(shell: Shell, file: string, { katas, flat }: Wanted): Assigned {
  const ids = katas.map(({ id }) => id);
  const named = katas.filter(({ driver }) => driver === path.basename(file));
  const only = flat ? ids[0] : named.length === 1 ? named[0]?.id : undefined;
  const kata = (isPatch(file) ? kataOfPatch(shell, file) : only) ?? idInPath(file, ids);
  if (kata === null) {
    throw new Refusal(`which kata is ${path.basename(file)} a driver of? Name it with --kata`);
  }
  return { student: studentNamed('the student'), kata, source: { file } };
}

async function inFolder(folder: string, wanted: Wanted, named: boolean): Promise<Assigned[]> {
  const student = studentNamed('the student');
  const handedIn: HandedIn[] = [];
  const add = (kata: string | null, source: HandedIn['source']): void => {
    handedIn.push({ student, kata, source });
  };
  await fromStudent(folder, wanted, add);
  const found = new Set(handedIn.map(({ kata }) => kata));
  if (named && !found.has(null)) {
    for (const { id, driver } of wanted.katas) {
      if (!found.has(id)) add(id, { problem: `there is no ${driver}` });
    }
  }
  if (handedIn.length === 0) throw new Refusal(`${folder}: there is no driver of a kata in it`);
  return inOrder(
    handedIn,
    wanted.katas.map(({ id }) => id),
  );
}
