// SPDX-License-Identifier: GPL-2.0-only
/** The names of what is made of results, beside them. */
import fs from 'node:fs';
import path from 'node:path';
import { FORMATS } from './formats';

const OUTPUTS = ['gradebook.csv', 'canvas.csv', 'moodle', 'junit.xml', 'report.html'];

/** Removes what an earlier run made of its results before they change: it may hold grades that there are no longer. */
export function removeOutputs(out: string): void {
  for (const name of [...OUTPUTS, ...Object.keys(FORMATS)]) {
    fs.rmSync(path.join(out, name), { recursive: true, force: true });
  }
}
