// SPDX-License-Identifier: GPL-2.0-only
/** `kata trace` from the outside. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '..', '..', '..');
const bin = path.join(root, 'bin', 'kata.js');
const cwd = path.join(__dirname, '..', 'fixtures', 'drivers');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-trace-'));

beforeAll(() => {
  // Builds dist/ where that is needed, so that no run below says so.
  spawnSync(process.execPath, [bin, '--version'], { cwd: root });
});
afterAll(() => {
  fs.rmSync(scratch, { recursive: true });
});

function trace(...args: readonly string[]): {
  code: number | null;
  stdout: string;
  stderr: string;
} {
  const done = spawnSync(process.execPath, [bin, 'trace', '00', ...args], {
    cwd,
    encoding: 'utf8',
  });
  // Somebody may be writing to the sources while this runs.
  const stderr = done.stderr.replace(/^building the tools .*\n/, '');
  return { code: done.status, stdout: done.stdout, stderr };
}

it('tells the shortest failure where no schedule is given', () => {
  const { code, stdout, stderr } = trace('--driver', 'lost.ts');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'kata: the shortest failure of two-writes: A1 B2 A1\n',
  });
  expect(stdout.split('\n').slice(0, 2)).toEqual([
    '00-lost-update, two-writes: A1 B2 A1',
    'EXPECTATION FAILED: two writes were counted: expected 2, got 1',
  ]);
});

it('says so where the driver holds', () => {
  const { code, stdout, stderr } = trace('--driver', 'good.ts', '--format', 'mermaid');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      'kata: the driver holds, so this is an execution of two-writes in which nothing is found\n',
  });
  expect(stdout).toMatch(/^sequenceDiagram\n/);
});

it('says only of the scenario it was asked for that it holds', () => {
  const { code, stderr } = trace('--driver', 'good.ts', '--scenario', 'one-by-one');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'kata: one-by-one holds, so this is one of its executions, in which nothing is found\n',
  });
});

it('does not overwrite a driver through a symbolic link', () => {
  const link = path.join(scratch, 'link.ts');
  fs.symlinkSync(path.join(cwd, 'good.ts'), link);
  expect(trace('A1', '--driver', 'good.ts', '-o', link)).toMatchObject({ code: 2 });
  fs.rmSync(link);
});

it('writes a file whole or not at all', () => {
  const file = path.join(scratch, 'trace.json');
  fs.writeFileSync(file, 'what was there before');
  expect(trace('A1 B2', '--driver', 'lost.ts', '--format', 'chrome', '-o', file)).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/trace\.json is written\n$/) as unknown,
  });
  expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ displayTimeUnit: 'ms' });
  expect(fs.readdirSync(scratch)).toEqual(['trace.json']);
});

it.each([
  [['A1', '--driver', 'half-saved.ts'], 1, '', /^half-saved\.ts:9:58: /],
  [
    ['A9', '--driver', 'good.ts'],
    2,
    /^kata: the schedule does not fit this program any more: /,
    '',
  ],
  [['', '--driver', 'good.ts'], 2, /^kata: schedule: it is empty/, ''],
  [['--driver', 'good.ts', '--scenario', 'x'], 2, /^kata: there is no scenario 'x'/, ''],
  [['-o', '../../../../katas/nowhere/x.ts'], 2, /would overwrite a file below katas/, ''],
  [['--driver', 'good.ts', '-o', './good.ts'], 2, /this would overwrite the driver; name an/, ''],
  [['-o', ''], 2, /^kata: --output: its value is empty/, ''],
  [
    ['A1', '--driver', 'good.ts', '-o', scratch],
    2,
    /\(a folder is where a file should be\); name another file\n$/,
    '',
  ],
  [['--format', 'svg'], 2, /Allowed choices are text, mermaid, chrome/, ''],
  [
    ['A1', '--driver', 'good.ts', '-o', path.join(scratch, 'no', 'where')],
    2,
    /^kata: --output .*: cannot be written \(the folder does not exist\); name another file\n$/,
    '',
  ],
])('ends as it must: %j', (args, code, stderr, stdout) => {
  expect(trace(...args)).toEqual({
    code,
    stderr: expect.stringMatching(stderr) as unknown,
    stdout: expect.stringMatching(stdout) as unknown,
  });
});
