// SPDX-License-Identifier: GPL-2.0-only
/** Ctrl-C: what is saved, what is said, and that no grade is left that is none. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../../kata/katas';
import { readBatch } from '../batch/batch-file';
import { build } from '../testing/built';
import { commandAgain } from './interrupted';

const root = repositoryRoot();
let cwd = '';
beforeAll(() => {
  build(root);
  cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-interrupted-'));
});
afterAll(() => {
  fs.rmSync(cwd, { recursive: true, force: true });
});

it('says how to go on, with all that was asked for', () => {
  expect(
    commandAgain('my class', {
      ...{ out: 'r', kata: ['01'], types: false, cache: false, similarity: true },
      ...{
        format: 'junit',
        jobs: '2',
        timeLimit: '9',
        hidden: 'h',
        roster: 'p.csv',
        attempt: 'best',
      },
    }),
  ).toBe(
    "npx kata grade 'my class' --out r --kata 01 --hidden h --roster p.csv --attempt best --format junit --jobs 2 --time-limit 9 --similarity --no-types --no-cache --resume",
  );
  expect(commandAgain('c', { out: 'r', types: true })).toBe('npx kata grade c --out r --resume');
});

it('keeps what is done, says so, and leaves no gradebook', async () => {
  for (let i = 0; i < 20; i++) {
    const own = path.join(cwd, 'class', `s${i}`);
    fs.mkdirSync(own, { recursive: true });
    const driver = fs.readFileSync(path.join(root, 'solutions/00-lost-update/tally.ts'), 'utf8');
    fs.writeFileSync(path.join(own, 'tally.ts'), `${driver}// ${i}\n`);
  }
  const args = [
    'grade',
    'class',
    '--kata',
    '00',
    '--out',
    'r',
    '--jobs',
    '1',
    '--no-types',
    '--no-cache',
  ];
  const child = spawn(process.execPath, [path.join(root, 'bin/kata.js'), ...args], { cwd });
  let told = '';
  let stopped = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (!told.includes('[2/20]') || stopped) return;
    stopped = true;
    child.kill('SIGINT');
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(130);
  expect(told).toMatch(/^grading two known answers first\n\[1\/20\] s0 /);
  const [, done] =
    /interrupted; the results of (\d+) of 20 submissions are kept in r\n/.exec(told) ?? [];
  expect(Number(done)).toBeGreaterThanOrEqual(2);
  expect(Number(done)).toBeLessThan(20);
  expect(told.trimEnd().split('\n').at(-1)).toBe(
    'kata: continue with: npx kata grade class --out r --kata 00 --jobs 1 --no-types --no-cache --resume',
  );
  expect(readBatch(path.join(cwd, 'r'))?.state).toBe('interrupted');
  expect(fs.readdirSync(path.join(cwd, 'r')).sort()).toEqual(['batch.json', 'results']);
}, 120_000);
