// SPDX-License-Identifier: GPL-2.0-only
/** The file a command writes to with --output: never one that somebody has worked on. */
import fs from 'node:fs';
import path from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { Refusal } from '../errors';
import { isBelow, realPath } from '../real-path';
import { type Shell } from '../shell';
import { reason } from '../../errno';

/** Where --output leads; a Refusal if a driver, a kata or a solution is there. */
export function outputFile({ root, cwd }: Shell, typed: string, driver: string): string {
  const file = path.resolve(cwd, typed);
  const real = realPath(file);
  const kept = ['katas', 'solutions'].some((name) =>
    isBelow(realPath(path.join(root, name)), real),
  );
  if (kept || real === realPath(driver)) {
    const what = real === realPath(driver) ? 'the driver' : 'a file below katas/ or solutions/';
    throw new Refusal(`--output ${typed}: this would overwrite ${what}; name another file`);
  }
  return file;
}

/** Writes the file whole or not at all; `typed` is its name in messages. */
export function writeOutput(file: string, typed: string, text: string): void {
  try {
    // A special file, such as /dev/null or a named pipe, must not be replaced by a regular one.
    if (isSpecial(file)) fs.writeFileSync(file, text);
    else writeFileAtomic(file, text);
  } catch (error) {
    throw new Refusal(`--output ${typed}: ${reason(error, 'written')}; name another file`);
  }
}

function isSpecial(file: string): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
