// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { StateFile } from './state-file';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-state-'));
afterAll(() => {
  fs.rmSync(scratch, { recursive: true });
});

let said = '';
beforeEach(() => (said = ''));

function stateIn(home: string): StateFile {
  return new StateFile(home, (text) => (said += text));
}

const SOLVED = { about: '01-toy', what: 'solved' } as const;

it('remembers across runs, and leaves nothing but the file behind', () => {
  const home = path.join(scratch, 'deep', 'home');
  stateIn(home).add(SOLVED);
  stateIn(home).add({ about: '01-toy', what: 'hints', level: 3 });
  expect(stateIn(home).read()).toEqual([{ about: '01-toy', what: 'hints', level: 3 }, SOLVED]);
  expect(fs.readdirSync(home)).toEqual(['state.txt']);
  expect(said).toBe('');
});

it('sets a damaged file aside, says so once, and begins again', () => {
  const home = path.join(scratch, 'damaged');
  fs.mkdirSync(home);
  const file = path.join(home, 'state.txt');
  for (const damage of ['01-toy sol', '\u0000\u0007']) {
    fs.writeFileSync(file, damage);
    const state = stateIn(home);
    expect(state.read()).toEqual([]);
    state.add(SOLVED);
    expect(state.read()).toEqual([SOLVED]);
  }
  const aside = path.join(home, 'state.damaged');
  expect(said).toBe(
    `kata: ${file} is damaged ("01-toy sol"); it is kept as ${aside}-1.txt, and progress is found again by judging\n` +
      `kata: ${file} is damaged ("??"); it is kept as ${aside}-2.txt, and progress is found again by judging\n`,
  );
  expect(fs.readFileSync(`${aside}-1.txt`, 'utf8')).toBe('01-toy sol');
});

it('does not wait for what somebody may write into a named pipe', () => {
  const home = path.join(scratch, 'pipe');
  fs.mkdirSync(home);
  if (spawnSync('mkfifo', [path.join(home, 'state.txt')]).status !== 0) return; // Windows
  expect(stateIn(home).read()).toEqual([]);
  expect(said).toContain('is damaged ("not a regular file"); it is kept as ');
});

it('gives up at once in a folder that takes no other', () => {
  if (process.platform !== 'linux') return;
  stateIn('/proc/kata-home').add(SOLVED);
  expect(said).toMatch(/^kata: progress is not saved: .* cannot be written \(/);
});

it('prints a sentence and continues where it cannot write', () => {
  const file = path.join(scratch, 'a-file');
  fs.writeFileSync(file, '');
  const state = stateIn(path.join(file, 'home'));
  state.add(SOLVED);
  state.add(SOLVED);
  expect(said.split('\n')).toEqual([
    expect.stringContaining('(a file is where a folder should be): going on without'),
    expect.stringContaining('progress is not saved: '),
    '',
  ]);
});
