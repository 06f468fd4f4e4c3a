// SPDX-License-Identifier: GPL-2.0-only
/** The process that checks types: one driver per line in, its problems per line out. It reads drivers and runs none of them. */
import '../../pack/early';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { formatTypeProblem } from '../../kata/type-problem';
import { driverTypes } from '../../kata/type-problems';
import { ANSWER_FD } from './protocol';

const root = path.resolve(__dirname, '..', '..', '..', '..');
const file = path.join(root, 'driver.ts');
const types = driverTypes(root);

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { nonce, source, driver } = JSON.parse(line) as Record<string, string>; // the parent is this tool
  const found = types.problems(new Map([[file, source ?? '']])).get(file) ?? [];
  const problems = found.map((problem) => formatTypeProblem(driver ?? '', problem));
  fs.writeSync(ANSWER_FD, `${JSON.stringify({ nonce, problems })}\n`);
});
