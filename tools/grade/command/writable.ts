// SPDX-License-Identifier: GPL-2.0-only
/** Where results go: what cannot be written is refused in one sentence, and before anything is graded where that can be known. */
import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { codeOf } from '../../errno';
import { Refusal } from '../../kata/errors';

/** The folder that an option names, if it is one that can be written or made. */
export function folderToWrite(cwd: string, option: string, typed: string): string {
  if (typed === '') throw new Refusal(`${option}: the name is empty; name a folder`);
  const folder = path.resolve(cwd, typed);
  const what = `${option} ${typed}`;
  let there = folder;
  // What is nearest decides: below a file there is nothing to be made.
  while (statOf(there) === null && path.dirname(there) !== there) there = path.dirname(there);
  checkFolder(there, what, there === folder ? 'it' : there);
  return folder;
}

/** The file that an option names, if it lies in a folder that can be written. */
export function fileToWrite(cwd: string, option: string, typed: string): string {
  if (typed === '') throw new Refusal(`${option}: the name is empty; name a file`);
  const file = path.resolve(cwd, typed);
  const what = `${option} ${typed}`;
  const stat = statOf(file);
  if (stat?.isDirectory() === true) throw new Refusal(`${what}: it is a folder; name a file`);
  // The file is replaced as a whole: a device or a pipe would be gone.
  if (stat?.isFile() === false) throw new Refusal(`${what}: it is not a regular file`);
  checkFolder(path.dirname(file), what, path.dirname(file));
  return file;
}

/** Replaces a file that fileToWrite() has found good; an attempt that fails is refused the same way. */
export async function replaceFile(file: string, data: string | Buffer): Promise<void> {
  try {
    await writeFileAtomic(file, data);
  } catch (error) {
    throw new Refusal(`${file}: cannot be written (${codeOf(error)})`);
  }
}

function checkFolder(folder: string, what: string, shown: string): void {
  const stat = statOf(folder);
  if (stat === null) throw new Refusal(`${what}: there is no folder ${shown}`);
  if (!stat.isDirectory()) throw new Refusal(`${what}: ${shown} is not a folder`);
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    throw new Refusal(`${what}: ${shown} cannot be written (${codeOf(error)})`);
  }
}

/** Null, too, for what lies below a file. */
function statOf(file: string): fs.Stats | null {
  try {
    return fs.statSync(file);
  } catch {
    return null;
  }
}
