// SPDX-License-Identifier: GPL-2.0-only
/** Drivers that once had a false verdict, or a false report, each in its own way. None of them gets points, and each report says why. */
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../../kata/katas';
import { openGrader } from '../../grader';
import { gradePool } from '../../pool';
import { build } from '../../testing/built';
import type { GradedReport } from '../../types';

const root = repositoryRoot();
const fixtures = path.join(__dirname, 'fixtures');

/** What a case is for, and what must be said of it. */
const CASES: Readonly<Record<string, readonly [kata: string, status: string, words: string]>> = {
  'computed-constructor': ['00-lost-update', 'fail', 'is not a valid constructor'],
  'grace-log-clock': ['00-lost-update', 'rejected', "'grace_period_log' is for scenarios"],
  'made-up-frames': ['00-lost-update', 'fail', 'two writes were counted: expected 2, got 1'],
  'out-parameter': ['08-dm-freeing', 'fail', "can be stored in 'value' of the caller"],
  'scenario-functions': ['12-aio-free-ioctx', 'fail', 'object is not extensible'],
  'slot-asked-twice': ['01-rbd-put-client', 'fail', 'is not the name of a field'],
  'stack-tells-replay': ['00-lost-update', 'fail', 'two writes were counted: expected 2, got 1'],
};

const reports = new Map<string, GradedReport>();

beforeAll(async () => {
  build(root);
  const grader = openGrader({ root, tool: 'test', types: false });
  try {
    const submissions = Object.entries(CASES).map(([id, [kata]]) => {
      const [name = ''] = fs.readdirSync(path.join(fixtures, id));
      return { id, kata, file: path.join(fixtures, id, name) };
    });
    await gradePool(grader, submissions, {
      graded: ({ id }, report) => {
        reports.set(id, report);
      },
    });
  } finally {
    await grader.close();
  }
}, 300_000);

it('has every case', () => {
  expect(fs.readdirSync(fixtures).sort()).toEqual(Object.keys(CASES));
});

it.each(Object.entries(CASES))('%s gets nothing', (id, [, status, words]) => {
  const report = reports.get(id);
  expect(report).toMatchObject({ status, score: 0 });
  expect(report?.message).toContain(words);
  expect(report?.grading.untrusted).toBeNull();
  expect(JSON.stringify(report)).not.toMatch(/at y \(|made-up|9999/);
});
