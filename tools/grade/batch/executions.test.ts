// SPDX-License-Identifier: GPL-2.0-only
/** Executions beside results: what is kept is found again, what is damaged is none, and nothing of it stops a batch. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { findingOf } from '../summary/findings';
import { told } from '../testing/executions';
import { failing, REPORTS } from '../testing/reports';
import type { GradedReport } from '../types';
import { NO_CACHE, openCache } from './cache';
import { copyExecutions, keeper, openExecutions } from './executions';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-executions-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);
const execution = told();
/** Of the submission that comes first by its digest, and of another one. */
const [first, second] = [
  { sha256: 'aa', execution },
  { sha256: 'bb', execution: { ...execution, title: 'another' } },
];

function report(sha256 = 'aa', untrusted: string | null = null): GradedReport {
  const submission = { sha256, bytes: 1 };
  const grading = { submission, version: 'v1', layers: ['ses'], untrusted };
  const types = { status: 'pass', problems: [] } as const;
  return { ...(REPORTS['fails'] as GradedReport), types, grading }; // whole with these
}

const { key } = findingOf(report().kata, failing());
const failed = { report: report(), test: failing(), execution };

it('keeps one for a finding, the same in whatever order they are graded', () => {
  const { execution: another } = second;
  for (const [out, order] of [
    ['one', [failed, { ...failed, report: report('bb'), execution: another }]],
    ['two', [{ ...failed, report: report('bb'), execution: another }, failed]],
  ] as const) {
    const keep = keeper(openExecutions(at(out)), NO_CACHE);
    for (const one of order) keep(one);
    expect(openExecutions(at(out)).get(key)).toEqual(first);
    expect(openExecutions(at(out)).get('f000000000000')).toBeNull();
  }
});

it('replaces what an earlier run has left of the same submission', () => {
  openExecutions(at('out')).put(key, { ...second, sha256: 'aa' });
  openExecutions(at('out')).put(key, first);
  expect(openExecutions(at('out')).get(key)).toEqual(first);
});

it('goes into the cache with the result, unless nobody should rely on the batch', () => {
  keeper(openExecutions(at('out')), openCache(at('cache')))(failed);
  expect(openCache(at('cache')).executions('v1', 'aa').get(key)).toEqual(first);
  expect(openCache(at('cache')).executions('v2', 'aa').get(key)).toBeNull();
  expect(openCache(at('cache')).executions('v1', 'bb').get(key)).toBeNull();
  const doubted = { ...failed, report: report('aa', 'the canary passed') };
  keeper(openExecutions(at('out')), openCache(at('doubted')))(doubted);
  expect(openCache(at('doubted')).executions('v1', 'aa').get(key)).toBeNull();
});

it('leaves the cache with the results of a batch that nobody should rely on', () => {
  const cache = openCache(at('cache'));
  keeper(openExecutions(at('out')), cache)(failed);
  cache.disown();
  expect(openCache(at('cache')).executions('v1', 'aa').get(key)).toBeNull();
});

it('follows a report from one folder to another', () => {
  openExecutions(at('share')).put(key, first);
  openExecutions(at('share')).put('f000000000000', second);
  copyExecutions(report(), openExecutions(at('share')), openExecutions(at('all')));
  expect(openExecutions(at('all')).get(key)).toEqual(first);
  expect(openExecutions(at('all')).get('f000000000000')).toBeNull();
});

it.each<[string, string | Buffer]>([
  ['no archive', 'text'],
  ['no JSON', zlib.gzipSync('{')],
  ['another form', zlib.gzipSync(JSON.stringify({ ...first, execution: { more: 1 } }))],
  ['of nobody', zlib.gzipSync(JSON.stringify({ execution }))],
  ['far too long', zlib.gzipSync(Buffer.alloc(8 << 20, 32))],
])('takes a damaged file for none: %s', (_what, bytes) => {
  openExecutions(at('out')).put(key, first);
  fs.writeFileSync(at(`out/executions/${key}.json.gz`), bytes);
  expect(openExecutions(at('out')).get(key)).toBeNull();
});

it('keeps nothing where there is no more room, or nothing can be written', () => {
  fs.mkdirSync(at('out/executions'), { recursive: true });
  fs.truncateSync(touched(at('out/executions/full')), 64 << 20);
  openExecutions(at('out')).put(key, first);
  expect(openExecutions(at('out')).get(key)).toBeNull();
  openExecutions(path.join(touched(at('file')), 'below')).put(key, first);
});

function touched(file: string): string {
  fs.writeFileSync(file, '');
  return file;
}
