// SPDX-License-Identifier: GPL-2.0-only
/** Shares that make a whole are merged into what grading in one piece gives; everything else is refused, and nothing is written. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { studentNamed } from '../collect/handed-in';
import { REPORTS } from '../testing/reports';
import type { GradedReport } from '../types';
import { type Batch, type BatchEntry, readBatch, writeBatch } from './batch-file';
import { mergeBatches } from './merge';
import { readResult, writeResult } from './results';
import { isIn } from './shard';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-merge-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const KATA = '90-two-tasks';
const at = (name: string): string => path.join(folder, name);
const ENTRIES: readonly BatchEntry[] = ['ada', 'bob', 'carl', 'dan', 'eve'].map((id, place) => {
  return { place, student: studentNamed(id), kata: KATA, result: `results/${id}/${KATA}.json` };
});

function report(place: number): GradedReport {
  const grading = { submission: null, version: 'v1', layers: ['ses'], untrusted: null };
  const types = { status: 'pass', problems: [] } as const;
  const some = REPORTS['fails'] as GradedReport; // whole with what follows
  return { ...some, types, grading, durationMs: place };
}

/** A share as grading leaves it, with something else about it. */
async function share(index: number, count: number, other: Partial<Batch> = {}): Promise<string> {
  const name = at(`share-${index}-${count}-${fs.readdirSync(folder).length}`);
  const batch: Batch = {
    ...{ schema: 'kata-batch/v1', tool: 'kata 1', state: 'complete', shard: { index, count } },
    ...{ total: ENTRIES.length, listing: 'abc', versions: { [KATA]: 'v1' } },
    ...{ layers: ['ses', 'permission'], untrusted: null },
    submissions: ENTRIES.filter(({ place }) => isIn({ index, count }, place)),
    ...other,
  };
  for (const { result, place } of batch.submissions) {
    await writeResult(path.join(name, result), report(place));
  }
  await writeBatch(name, batch);
  return name;
}

it('puts shares together, in whatever order they are named', async () => {
  const shares = [await share(3, 3), await share(1, 3, { layers: ['ses'] }), await share(2, 3)];
  const merged = await mergeBatches(shares, at('all'));
  expect(merged).toEqual(readBatch(at('all')));
  expect(merged).toMatchObject({
    ...{ state: 'complete', shard: { index: 1, count: 1 }, submissions: ENTRIES, layers: ['ses'] },
  });
  for (const { result, place } of ENTRIES) {
    expect(readResult(path.join(at('all'), result))).toEqual(report(place));
  }
});

it('tells once what every share has passed over', async () => {
  const passedOver = ['dan: nothing to grade'];
  const shares = [await share(1, 2, { passedOver }), await share(2, 2, { passedOver })];
  expect((await mergeBatches(shares, at('all'))).passedOver).toEqual(passedOver);
});

it('carries on that a share is not to be relied on', async () => {
  const shares = [await share(1, 2), await share(2, 2, { untrusted: 'the canary passed' })];
  expect((await mergeBatches(shares, at('all'))).untrusted).toBe('the canary passed');
});

type Make = () => Promise<string[]>;

it.each<[string, Make, RegExp]>([
  [
    'a gap',
    async () => [await share(1, 3), await share(3, 3)],
    /of 3 shares, number 2 is missing$/,
  ],
  ['an overlap', async () => [await share(1, 2), await share(1, 2)], /are both share 1 of 2$/],
  [
    'another split',
    async () => [await share(1, 2), await share(2, 3)],
    /one share of 2, .* one of 3$/,
  ],
  [
    'other submissions',
    async () => [await share(1, 2), await share(2, 2, { listing: 'xyz' })],
    /are not of the same submissions$/,
  ],
  [
    'another version of a kata',
    async () => [await share(1, 2), await share(2, 2, { versions: { [KATA]: 'v2' } })],
    /graded 90-two-tasks by different versions/,
  ],
  [
    'another version of the tool',
    async () => [await share(1, 2), await share(2, 2, { tool: 'kata 2' })],
    /was graded by kata 1, .* by kata 2$/,
  ],
  [
    'an unfinished share',
    async () => [await share(1, 2), await share(2, 2, { state: 'running' })],
    /is unfinished: run its share again with --resume$/,
  ],
  [
    'a submission in two shares',
    async () => [await share(1, 2), await share(2, 2, { submissions: ENTRIES })],
    /^a submission is in more than one share$/,
  ],
  [
    'a submission in no share',
    async () => [await share(1, 2), await share(2, 2, { submissions: [] })],
    /^2 of 5 submissions are in no share$/,
  ],
  [
    'a damaged result',
    async () => {
      const whole = await share(1, 1);
      fs.writeFileSync(path.join(whole, 'results', 'ada', `${KATA}.json`), '{"schema"');
      return [whole];
    },
    /the result of ada for 90-two-tasks is missing or damaged$/,
  ],
  [
    'a result of another kata',
    async () => {
      const whole = await share(1, 1);
      const file = path.join(whole, 'results', 'bob', `${KATA}.json`);
      await writeResult(file, { ...report(1), kata: '91-other' });
      return [whole];
    },
    /bob.90-two-tasks\.json is a result of 91-other, and not of 90-two-tasks$/,
  ],
  [
    'a result under other rules',
    async () => {
      const whole = await share(1, 1);
      const { grading } = report(1);
      const file = path.join(whole, 'results', 'bob', `${KATA}.json`);
      await writeResult(file, { ...report(1), grading: { ...grading, version: 'v0' } });
      return [whole];
    },
    /bob.90-two-tasks\.json was graded by another version/,
  ],
  ...Object.entries({
    'no versions': { versions: undefined },
    'a share of nothing': { shard: { index: 1, count: 0 } },
    'no student': { submissions: ENTRIES.map((entry) => ({ ...entry, student: undefined })) },
    'an empty line': { submissions: [null] },
  }).map(([what, damage]): [string, Make, RegExp] => [
    `a batch.json with ${what}`,
    async () => {
      const whole = await share(1, 1);
      const file = path.join(whole, 'batch.json');
      fs.writeFileSync(file, JSON.stringify({ ...readBatch(whole), ...damage }));
      return [whole];
    },
    /is not one that npx kata grade wrote$/,
  ]),
  ['a folder of something else', () => Promise.resolve([folder]), /holds no batch\.json/],
  [
    'a batch.json of something else',
    () => {
      fs.writeFileSync(at('batch.json'), '{}');
      return Promise.resolve([folder]);
    },
    /is not one that npx kata grade wrote$/,
  ],
  [
    'a result that lies elsewhere',
    async () => {
      const elsewhere = ENTRIES.map((entry) => ({ ...entry, result: '../../x.json' }));
      const whole = await share(1, 1);
      const batch = readBatch(whole);
      if (batch !== null) await writeBatch(whole, { ...batch, submissions: elsewhere });
      return [whole];
    },
    /is not one that npx kata grade wrote$/,
  ],
])('refuses %s', async (_what, make, sentence) => {
  const shares = await make();
  await expect(mergeBatches(shares, at('all'))).rejects.toThrow(sentence);
  expect(fs.existsSync(path.join(at('all'), 'batch.json'))).toBe(false);
});
