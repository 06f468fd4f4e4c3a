// SPDX-License-Identifier: GPL-2.0-only
/** What an autograder needs of this repository: the tool, the runtime and the katas. Never solutions/, and no tests. */
import fs from 'node:fs';
import path from 'node:path';

/** The player is among what is compiled: `kata trace --format html` writes it. */
const FOLDERS = ['bin', 'katas', 'lib', 'tools', 'web/player'];
const FILES = ['LICENSE', 'package.json', 'package-lock.json', 'tsconfig.json'];
const LEFT_OUT = /\.test\.ts$|\.snap$|(^|\/)(fixtures|__snapshots__)\//;

/** Paths of all files to pack, in order, seen from the root. */
export function sourceFiles(root: string): string[] {
  const present = FILES.filter((file) => fs.existsSync(path.join(root, file)));
  const found = FOLDERS.flatMap((folder) => filesUnder(root, folder));
  return [...present, ...found].filter((file) => !LEFT_OUT.test(file)).sort();
}

/** Plain files under a folder; links are not followed. */
export function filesUnder(root: string, folder: string): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(root, name);
    return entry.isFile() ? [name] : [];
  });
}
