// SPDX-License-Identifier: GPL-2.0-only
/** `npm run syllabus`: writes katas/README.md and the other generated parts of the prose. */
import fs from 'node:fs';
import path from 'node:path';
import { loadSuite } from '../../lib/kata/jest';
import { repositoryRoot } from '../kata/katas';
import { generatedPages } from '../docs/generated';

// A report names lines of the sources.
process.setSourceMapsEnabled(true);

const root = repositoryRoot();
const compiled = path.join(__dirname, '..', '..', 'katas');

for (const { file, text } of generatedPages(root, (kata) => loadSuite(path.join(compiled, kata)))) {
  const whole = path.join(root, file);
  const before = fs.existsSync(whole) ? fs.readFileSync(whole, 'utf8') : '';
  if (before === text) continue;
  fs.writeFileSync(whole, text);
  process.stdout.write(`written: ${file}\n`);
}
