// SPDX-License-Identifier: GPL-2.0-only
/** `kata grade merge DIR... --out DIR`: the shares of a batch become one. */
import path from 'node:path';
import type { Shell } from '../../kata/shell';
import { mergeBatches } from '../batch/merge';
import { classFormats } from '../output/formats';
import { writeOutputs } from '../output/write-all';
import { formatNames, type GradeOptions, outFolder, rosterOf } from './options';
import { told } from './told';

export type MergeOptions = Pick<GradeOptions, 'out' | 'format' | 'roster'>;

/** Merges, and writes what a batch in one piece would have written. */
export async function merge(
  shell: Shell,
  folders: readonly string[],
  options: MergeOptions,
): Promise<number> {
  const out = outFolder(shell, options);
  const formats = classFormats(formatNames(options));
  const roster = rosterOf(shell, options);
  const batch = await mergeBatches(
    folders.map((folder) => path.resolve(shell.cwd, folder)),
    out,
  );
  const { tally, notes } = await writeOutputs(batch, {
    ...{ root: shell.root, out, formats, roster, env: process.env },
  });
  return told(shell, { batch, tally, notes, out });
}
