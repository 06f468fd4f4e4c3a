// SPDX-License-Identifier: GPL-2.0-only
/** Reads small files as a whole. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';

/** A file's text; null if it cannot be read. */
export function textOrNull(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** The digest that kata.json records of the port as shipped. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
