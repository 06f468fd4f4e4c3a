// SPDX-License-Identifier: GPL-2.0-only
/** `kata grade`: decides by what PATH is which way to go. */
import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import type { Shell } from '../../kata/shell';
import { makeGradescopeZip } from '../gradescope-zip/make';
import { gradeClass } from './class';
import { gradeOne } from './one';
import type { GradeOptions } from './options';

export { merge } from './merge';

/** The exit code says whether everybody got a verdict to rely on; the verdicts are in the results. */
export async function grade(
  shell: Shell,
  typed: string | undefined,
  options: GradeOptions,
): Promise<number> {
  if (options.makeGradescopeZip !== undefined) return makeGradescopeZip(shell, options);
  if (typed === undefined)
    throw new Refusal('grade what? Name a folder of submissions, or one driver');
  const given = path.resolve(shell.cwd, typed);
  const stat = fs.statSync(given, { throwIfNoEntry: false });
  if (stat === undefined) throw new Refusal(`${typed}: there is no such file or folder`);
  const isFolder = stat.isDirectory();
  if (options.one === true || (!isFolder && !/\.(zip|csv)$/i.test(typed))) {
    return gradeOne(shell, { path: given, isFolder }, options);
  }
  return gradeClass(shell, given, options);
}
