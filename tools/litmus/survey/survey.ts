// SPDX-License-Identifier: GPL-2.0-only
/** The survey of docs/litmus.md: how the tests of some folders come out, and the names of those that do not simply agree. */
import { table } from '../../docs/table';
import type { TestedFile } from '../tested';
import type { Comparison } from '../verdict';

/** A folder of tests: its name, and what each file in it came to. */
export interface Folder {
  readonly name: string;
  readonly tests: readonly (TestedFile & { readonly file: string })[];
}

const COLUMNS: readonly (readonly [head: string, comparison: Comparison])[] = [
  ['agree', 'agrees'],
  ['differ', 'differs'],
  ['need load buffering', 'load buffering'],
  ['expect nothing', 'nothing expected'],
  ['given up', 'open'],
];

/** The table, and under it the names. */
export function surveyText(folders: readonly Folder[]): string {
  const rows = folders.map(({ name, tests }) => {
    const read = COLUMNS.map(([, comparison]) => came(tests, comparison).length);
    const unread = tests.filter(({ problem }) => problem !== null).length;
    return [name, tests.length, ...read, unread].map((cell) => (cell === 0 ? '' : String(cell)));
  });
  const head = ['folder', 'tests', ...COLUMNS.map(([name]) => name), 'cannot be read'];
  const all = folders.flatMap(({ tests }) => tests);
  return [
    table([head, ...rows], 'left'),
    ...listed('Differ', came(all, 'differs')),
    ...listed('Need load buffering', came(all, 'load buffering')),
    ...listed('Given up', came(all, 'open')),
    ...unreadable(all),
  ].join('\n\n');
}

function came(tests: Folder['tests'], comparison: Comparison): string[] {
  return tests
    .filter(({ judged }) => judged?.verdict.comparison === comparison)
    .map(({ file }) => file);
}

/** A sentence, and the names without the end that all of them have. */
function listed(what: string, files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const names = files.map((file) => `\`${file.replace(/\.litmus$/, '')}\``);
  return [`${what}: ${names.join(', ')}.`];
}

/** The files that cannot be read, by the reason. */
function unreadable(tests: Folder['tests']): string[] {
  const reasons = new Set(tests.flatMap(({ problem }) => problem?.sentence ?? []));
  return [...reasons].flatMap((sentence) =>
    listed(
      `Cannot be read, because ${sentence}`,
      tests.filter(({ problem }) => problem?.sentence === sentence).map(({ file }) => file),
    ),
  );
}
