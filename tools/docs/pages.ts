// SPDX-License-Identifier: GPL-2.0-only
/** The pages of the project's prose. */
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../kata/katas';

export const root = repositoryRoot();

/** README.md and the other pages at the top, docs/, the syllabus and the licences. */
export function pages(): string[] {
  return [
    ...markdownIn(''),
    ...markdownIn('docs'),
    ...markdownIn('docs/decisions'),
    'katas/README.md',
    'LICENSES/README.md',
  ];
}

function markdownIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => path.posix.join(folder, name));
}
