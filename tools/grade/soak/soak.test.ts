// SPDX-License-Identifier: GPL-2.0-only
/** The soak in small: a class graded, and graded again by a grader that is killed on the way. `npm run grade:soak` is the whole. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../../kata/katas';
import { madeUpClass } from './class';
import { differences, surprises, withoutTimes } from './outcome';
import { type Soak, startSoak } from './soak';

const root = repositoryRoot();
const all = madeUpClass({ root, katas: ['00-lost-update'], count: 36, seed: 11 });
/** For a machine that does ten other things. */
const TIMEOUT_MS = 900_000;
let folder = '';

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-soak-'));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

it('is a class of all kinds', () => {
  const kinds = new Set(all.map(({ what }) => what));
  expect([...new Set(all.map(({ expected }) => expected))].sort()).toEqual([
    ...['full', 'less', 'nothing', 'rejected'],
  ]);
  expect(kinds.size).toBeGreaterThan(20);
});

/** One soak for both tests: the second compares with the first. */
let started: Soak | null = null;
function soak(): Soak {
  started ??= startSoak({ root, folder, all, seed: 11 });
  return started;
}

it(
  'is graded as expected, and nothing is left behind',
  async () => {
    expect(await soak().grade('first')).toEqual([]);
  },
  TIMEOUT_MS,
);

it(
  'comes to the same with a grader that is killed on the way',
  async () => {
    expect(await soak().killed('killed', 2)).toEqual([]);
  },
  TIMEOUT_MS,
);

it('would notice a wrong outcome, a missing result and a difference', () => {
  const out = path.join(folder, 'first', 'results');
  const [one, ...rest] = all;
  if (one === undefined) throw new Error('an empty class');
  const wrong = { ...one, expected: one.expected === 'full' ? 'less' : 'full' } as const;
  expect(surprises([wrong, ...rest], out)).toHaveLength(1);
  expect(surprises([...all, { ...one, student: 'nobody' }], out)).toEqual([
    `nobody ${one.kata} (${one.what}): there is no result`,
  ]);
  const results = withoutTimes(out);
  const changed = new Map(results).set('gradebook.csv', 'other');
  expect(differences(results, changed)).toEqual(['gradebook.csv']);
});
