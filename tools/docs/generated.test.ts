// SPDX-License-Identifier: GPL-2.0-only
/** The generated parts of the prose are up to date. */
import fs from 'node:fs';
import path from 'node:path';
import { loadSuite } from '../../lib/kata/jest';
import { readKata } from '../../lib/kata/files';
import { generatedPages, SHOWN } from './generated';
import { FAMILIES, interleavings } from './growth';
import { root } from './pages';

const katas = path.join(root, 'katas');
const pages = generatedPages(root, (kata) => loadSuite(path.join(katas, kata)));
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

it.each(pages)('$file is up to date (npm run syllabus)', ({ file, text }) => {
  expect(read(file)).toBe(text);
});

it('README.md shows the headline that kata.json records', () => {
  const [headline] = Object.values(readKata(path.join(katas, SHOWN)).manifest.scenarios);
  expect(read('README.md')).toContain(`\n${headline ?? 'none'}\n`);
});

it.each(FAMILIES)('the number of interleavings of "$name" follows the formula', (family) => {
  for (let n = 2; n <= family.countedMax; n++) {
    expect(BigInt(interleavings(family.program(n)))).toBe(family.interleavings(n));
  }
});
