// SPDX-License-Identifier: GPL-2.0-only
/** Every new text of a driver is reported, whichever way it gets there and however soon after the one before. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DriverWatcher } from './driver-watcher';

const ROUNDS = 5;

let folder: string;
let file: string;
let watcher: DriverWatcher;
let told: (string | null)[];
let look: () => void;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-watch-'));
  file = path.join(folder, 'tally.ts');
  told = [];
  look = () => undefined;
});
afterEach(() => {
  watcher.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function watch(poll: boolean): void {
  const onText = (text: string | null): void => {
    told.push(text);
    look();
  };
  watcher = new DriverWatcher({ file, poll, onText });
}

/** Resolves when this is the last reported text. */
function tells(text: string | null): Promise<void> {
  return new Promise((resolve) => {
    look = () => {
      if (told.at(-1) === text) resolve();
    };
    look();
  });
}

it.each([
  ['events', false],
  ['looking only', true],
])('tells every text there is, by %s', async (_how, poll) => {
  fs.writeFileSync(file, 'as shipped');
  watch(poll);
  await tells('as shipped');
  for (let round = 0; round < ROUNDS; round++) {
    fs.writeFileSync(file, `written ${round}`);
    await tells(`written ${round}`);
    fs.writeFileSync(`${file}.new`, `another ${round}`);
    fs.renameSync(`${file}.new`, file);
    await tells(`another ${round}`);
    fs.renameSync(file, `${file}~`);
    await tells(null);
    fs.writeFileSync(file, `back ${round}`);
    await tells(`back ${round}`);
    fs.rmSync(`${file}~`);
    fs.writeFileSync(file, '');
    fs.writeFileSync(file, `cut ${round}`);
    await tells(`cut ${round}`);
  }
  expect(told).not.toContain(''); // half a save
  expect(new Set(told).size).toBe(2 + 4 * ROUNDS);
});

it('tells an empty file that stays empty, and goes on when the folder is another', async () => {
  fs.writeFileSync(file, '');
  watch(false);
  await tells('');
  fs.rmSync(folder, { recursive: true });
  await tells(null);
  fs.mkdirSync(folder);
  fs.writeFileSync(file, 'checked out');
  await tells('checked out');
});

it('tells a text again when it is asked to', async () => {
  fs.writeFileSync(file, 'same');
  watch(false);
  await tells('same');
  watcher.tellAgain();
  expect(told).toEqual(['same', 'same']);
});
