// SPDX-License-Identifier: GPL-2.0-only
/** Where a path leads when every symbolic link is followed, so that two names of one file are recognised. */
import fs from 'node:fs';
import path from 'node:path';

/** The real path of a file that need not be there yet: of its folder, then. */
export function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(realPath(folder), path.basename(file));
  }
}

/** Whether a real path is a folder or something in it. */
export function isBelow(folder: string, file: string): boolean {
  return file === folder || file.startsWith(`${folder}${path.sep}`);
}
