// SPDX-License-Identifier: GPL-2.0-only
/**
 * Drivers that came out of archives, until their turn comes: so many bytes in memory, the rest in files of ours that are gone when
 * the process ends. What a class hands in is larger than what one process should hold.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Source } from './handed-in';

const HELD_BYTES_MAX = 16 << 20;

let left = HELD_BYTES_MAX;
let folder = '';
let files = 0;

/** Keeps the bytes of one driver. */
export function held(source: Source): Source {
  if (!('bytes' in source)) return source;
  const { bytes } = source;
  if (bytes.length <= left) {
    left -= bytes.length;
    return source;
  }
  if (folder === '') {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-held-'));
    process.once('exit', () => {
      fs.rmSync(folder, { recursive: true, force: true });
    });
  }
  const file = path.join(folder, `${++files}.ts`);
  fs.writeFileSync(file, bytes);
  return { file };
}
