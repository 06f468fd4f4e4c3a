// SPDX-License-Identifier: GPL-2.0-only
/** A driver file, read once: everybody judges the same text, and its digest names it in the state file. */
import fs from 'node:fs';
import { codeOf } from '../errno';
import { Refusal } from './errors';

/** Larger files are not read at all; the linker has a lower limit and says so. */
const BYTES_MAX = 1 << 20;

/** A driver's text; a file that cannot be read is a Refusal in words of `shown`. */
export function readDriver(file: string, shown: string): string {
  try {
    if (fs.statSync(file).size <= BYTES_MAX) return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(`${shown}: cannot be read (${codeOf(error)}); npx kata doctor looks into it`);
  }
  const next = 'name the file you edit; npx kata show says which that is';
  throw new Refusal(`${shown}: this is not a driver: it has more than ${BYTES_MAX} bytes; ${next}`);
}
