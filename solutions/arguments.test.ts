// SPDX-License-Identifier: GPL-2.0-only
/** A lock that is left out for one argument is noticed: what a race is tried with, over-fixing is tried with, too. */
import path from 'node:path';
import { readKatas } from '../lib/kata/files';
import { oneSided } from '../tools/selfcheck/arguments';

const root = path.join(__dirname, '..');
const katas = readKatas(path.join(root, 'katas')).map((kata) => [kata.manifest.id, kata] as const);

it.each(katas)('%s uses its arguments on both sides', (id, kata) => {
  const solution = path.join(root, 'solutions', id, kata.manifest.driver);
  expect(oneSided(kata, solution)).toEqual([]);
});
