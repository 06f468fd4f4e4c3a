// SPDX-License-Identifier: GPL-2.0-only
/** The parts a batch is made of: shares, names of folders, the cache, the lock, progress. */
import { PassThrough } from 'node:stream';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Refusal } from '../../kata/errors';
import { REPORTS } from '../testing/reports';
import type { GradedReport } from '../types';
import type { BatchEntry } from './batch-file';
import { NO_CACHE, openCache } from './cache';
import { folderNames } from './file-names';
import { withLock } from './lock';
import { makeFolder } from './make-folder';
import { progressOn } from './progress';
import { readResult, writeResult } from './results';
import { isIn, shardOf } from './shard';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-batch-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('a share', () => {
  it.each([
    [undefined, {}, '1/1'],
    ['2/8', {}, '2/8'],
    ['auto', { JOB_COMPLETION_INDEX: '0', KATA_SHARDS: '4' }, '1/4'],
    [
      'auto',
      { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '0' },
      '4/4',
    ],
    [
      'auto',
      { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '1' },
      '3/4',
    ],
    ['auto', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '2' }, '2/2'],
    ['auto', { CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '2' }, '1/2'],
    ['auto', { BUILDKITE_PARALLEL_JOB: '1', BUILDKITE_PARALLEL_JOB_COUNT: '2' }, '2/2'],
  ])('is read: --shard %s with %j is %s', (typed, env, expected) => {
    const { index, count } = shardOf(typed, env);
    expect(`${index}/${count}`).toBe(expected);
  });

  it.each([
    ['0/4', {}],
    ['5/4', {}],
    ['1', {}],
    ['a/b', {}],
    ['auto', {}],
    ['auto', { JOB_COMPLETION_INDEX: '0' }],
    ['auto', { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_COUNT: '2', SLURM_ARRAY_TASK_MIN: '1' }],
  ])('is refused: --shard %s with %j', (typed, env) => {
    expect(() => shardOf(typed, env)).toThrow(Refusal);
  });

  it('takes every submission once, all shares together', () => {
    for (const count of [1, 2, 3, 7]) {
      const shares = Array.from({ length: count }, (_, i) => ({ index: i + 1, count }));
      for (let place = 0; place < 20; place++) {
        expect(shares.filter((share) => isIn(share, place))).toHaveLength(1);
      }
    }
  });
});

describe('names of folders', () => {
  const [hostile, long] = ['../../etc/passwd', 'x'.repeat(300)];
  const ids = [
    'alice',
    'Alice',
    hostile,
    '.',
    '..',
    'con',
    'a/b',
    'a\\b',
    'é',
    ' x ',
    'x.',
    '',
    long,
    `${long}y`,
    '\u0000',
  ];
  const names = [...folderNames(ids).values()];

  it('are different everywhere, and lead nowhere else', () => {
    expect(names).toHaveLength(ids.length);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length);
    for (const name of names) {
      expect(path.dirname(path.join('/results', name))).toBe('/results');
      expect(name).toMatch(/^[A-Za-z0-9_%~][A-Za-z0-9._%~@+ -]{0,120}$/);
    }
  });

  it('are the names themselves where they are plain', () => {
    expect([...folderNames(['s1234567', 'jane.doe@x.org', 'Jane Doe_12']).values()]).toEqual([
      ...['s1234567', 'jane.doe@x.org', 'Jane Doe_12'],
    ]);
  });
});

function graded(name: string, sha256 = 'aa', untrusted: string | null = null): GradedReport {
  const grading = { submission: { sha256, bytes: 1 }, version: 'v1', layers: ['ses'], untrusted };
  return { types: { status: 'pass', problems: [] }, ...REPORTS[name], grading } as GradedReport; // whole for the cache
}

describe('the cache', () => {
  it('gives back what was put there, for the same bytes under the same rules', async () => {
    const report = graded('fails');
    await openCache(folder).put(report);
    expect(openCache(folder).get('v1', 'aa')).toEqual(report);
    expect(openCache(folder).get('v2', 'aa')).toBeNull();
    expect(openCache(folder).get('v1', 'bb')).toBeNull();
  });

  it.each(['error', 'one error', 'timeout', 'one timeout'])(
    'gives another chance to: %s',
    async (name) => {
      const cache = openCache(folder);
      await cache.put(graded(name));
      expect(cache.get('v1', 'aa')).toBeNull();
    },
  );

  it('keeps nothing of a batch that nobody should rely on, whenever that is known', async () => {
    const [earlier, cache] = [openCache(folder), openCache(folder)];
    await earlier.put(graded('holds', 'old'));
    await cache.put(graded('holds', 'aa', 'the canary passed'));
    expect(cache.get('v1', 'aa')).toBeNull();
    await cache.put(graded('holds', 'aa'));
    cache.disown();
    expect(cache.get('v1', 'aa')).toBeNull();
    expect(cache.get('v1', 'old')).not.toBeNull();
  });

  it('takes a damaged entry for none', async () => {
    const cache = openCache(folder);
    await cache.put(graded('holds'));
    const [file] = fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'));
    fs.writeFileSync(path.join(folder, file ?? ''), '{"schema":"kata-rep');
    expect(cache.get('v1', 'aa')).toBeNull();
    await cache.put(graded('holds'));
    expect(cache.get('v1', 'aa')).toEqual(graded('holds'));
  });

  it('does not fail where it cannot be written', async () => {
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    const cache = openCache(path.join(file, 'below'));
    await cache.put(graded('holds'));
    expect(cache.get('v1', 'aa')).toBeNull();
    await NO_CACHE.put(graded('holds'));
    expect(NO_CACHE.get('v1', 'aa')).toBeNull();
  });
});

describe('a result', () => {
  it.each(Object.keys(REPORTS))('is read as it was written: %s', async (name) => {
    const file = path.join(folder, 'result.json');
    await writeResult(file, graded(name));
    expect(readResult(file)).toEqual(JSON.parse(JSON.stringify(graded(name))));
  });

  it.each<[string, object]>([
    ['only a head', { schema: 'kata-report/v1', grading: {} }],
    ['a list', []],
    ...Object.keys(graded('fails'))
      .filter((field) => field !== 'durationMs')
      .map((field): [string, object] => [
        `no ${field}`,
        { ...graded('fails'), [field]: undefined },
      ]),
    ['half a scenario', { ...graded('fails'), tests: [{ id: 'count' }] }],
    ['another status', { ...graded('fails'), status: 'fine' }],
    ['a score in words', { ...graded('fails'), score: '100' }],
  ])('that is not whole is none: %s', (_what, report) => {
    const file = path.join(folder, 'result.json');
    fs.writeFileSync(file, JSON.stringify(report));
    expect(readResult(file)).toBeNull();
  });
});

describe('the folder of a batch', () => {
  it('is made with all that is above it', () => {
    makeFolder(path.join(folder, 'a/b'));
    makeFolder(path.join(folder, 'a/b'));
    expect(fs.readdirSync(path.join(folder, 'a'))).toEqual(['b']);
    expect(fs.readdirSync(path.join(folder, 'a/b'))).toEqual([]);
  });

  it('is refused where there cannot be one', () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    for (const there of ['file', 'file/below']) {
      expect(() => {
        makeFolder(path.join(folder, there));
      }).toThrow(/cannot be written \(E[A-Z]+\)$/);
    }
  });

  (fs.existsSync('/proc/self') ? it : it.skip)('does not keep anybody waiting below /proc', () => {
    expect(() => {
      makeFolder('/proc/kata/results');
    }).toThrow(Refusal);
  });
});

describe('the lock', () => {
  const file = (): string => path.join(folder, '.lock');

  it('keeps a second grader out while the first one lives', async () => {
    fs.writeFileSync(file(), '1'); // always alive
    await expect(withLock(file(), () => Promise.resolve(1))).rejects.toThrow('process 1');
  });

  it('is taken over from the dead, and given back', async () => {
    fs.writeFileSync(file(), '99999999');
    await expect(withLock(file(), () => Promise.reject(new Error('inside')))).rejects.toThrow(
      'inside',
    );
    expect(fs.existsSync(file())).toBe(false);
  });
});

describe('progress', () => {
  const entry: BatchEntry = {
    ...{ place: 0, kata: '90-two-tasks', result: 'results/x.json' },
    student: { id: 'bob\u001b[2J\nx', email: '', lastName: '', firstName: '' },
  };

  function shown(isTTY: boolean): string {
    const stream = Object.assign(new PassThrough(), {
      isTTY,
      columns: 80,
      cursorTo() {},
      clearLine() {},
    });
    const progress = progressOn(stream);
    progress.start(3, 1);
    progress.graded(entry, graded('fails'), false);
    progress.graded(entry, graded('holds'), true);
    progress.stop();
    return String(stream.read() ?? '');
  }

  it('is a line for each submission where nobody looks, with nothing that steers a terminal', () => {
    expect(shown(false)).toBe(
      '1 of 3 have their result already\n' +
        '[2/3] bob\ufffd[2J x 90-two-tasks: fail, 60 of 100\n' +
        '[3/3] bob\ufffd[2J x 90-two-tasks: pass, 100 of 100 (cached)\n',
    );
  });

  it('is a bar with rate and time left on a terminal', () => {
    expect(shown(true)).toMatch(/1\/3 .*a minute .*left/s);
  });
});
