// SPDX-License-Identifier: GPL-2.0-only
/** The last words after Ctrl-C: what is saved, and the command that goes on. */
import path from 'node:path';
import { quoted } from '../../kata/print/replay-command';
import { count } from '../../kata/print/words';
import type { Shell } from '../../kata/shell';
import { readBatch } from '../batch/batch-file';
import { readResult } from '../batch/results';
import { faultOf } from '../faults';
import type { GradeOptions } from './options';
import { shown } from './told';

/** Two lines. */
export function interruptedText({ cwd }: Shell, given: string, options: GradeOptions): string {
  const folder = path.resolve(cwd, options.out ?? '');
  const submissions = readBatch(folder)?.submissions ?? [];
  const done = submissions.filter(({ result }) => {
    const report = readResult(path.join(folder, result));
    return report !== null && faultOf(report) === null;
  }).length;
  const kept = `the results of ${done} of ${count(submissions.length, 'submission')}`;
  return `kata: interrupted; ${kept} are kept in ${shown(cwd, folder)}
kata: continue with: ${commandAgain(shown(cwd, given), options)}
`;
}

/** The command that was given, with --resume. */
export function commandAgain(given: string, options: GradeOptions): string {
  const { kata = [], types, similarity, cache, out, format, jobs, shard } = options;
  const { hidden, roster, attempt, timeLimit } = options;
  const valued: [string, string | undefined][] = [
    ['--out', out],
    ...kata.map((id): [string, string] => ['--kata', id]),
    ...Object.entries({ hidden, roster, attempt, format, shard, jobs }).map(
      ([name, value]): [string, string | undefined] => [`--${name}`, value],
    ),
    ['--time-limit', timeLimit],
    ['--cache', cache === false ? undefined : cache],
  ];
  const words = [
    ...['npx', 'kata', 'grade', given],
    ...valued.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(similarity === true ? ['--similarity'] : []),
    ...(types ? [] : ['--no-types']),
    ...(cache === false ? ['--no-cache'] : []),
    '--resume',
  ];
  return words.map(quoted).join(' ');
}
