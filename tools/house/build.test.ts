// SPDX-License-Identifier: GPL-2.0-only
/** The build on a small tree: what it compiles, what it keeps, what it removes. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

interface Build {
  build(): string;
  isFresh(): boolean;
}

const root = path.join(__dirname, '..', '..');
const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-build-'));
const write = (file: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  fs.writeFileSync(path.join(copy, file), text);
};
const has = (file: string): boolean => fs.existsSync(path.join(copy, 'dist', file));
const read = (file: string): string => fs.readFileSync(path.join(copy, 'dist', file), 'utf8');
/** The inode changes if a file is written again. */
const inode = (file: string): number => fs.statSync(path.join(copy, 'dist', file)).ino;
/** Sources as old as this are checked by their time. */
const age = (file: string, seconds = 100): void => {
  const then = Math.floor(Date.now() / 1000) - seconds;
  fs.utimesSync(path.join(copy, file), then, then);
};

let house: Build;

beforeAll(() => {
  for (const file of ['build.js', 'compile.js', 'sources.js'].map((name) => `tools/house/${name}`))
    write(file, fs.readFileSync(path.join(root, file), 'utf8'));
  write('tsconfig.json', fs.readFileSync(path.join(root, 'tsconfig.json'), 'utf8'));
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  house = createRequire(path.join(copy, 'x.js'))('./tools/house/build.js') as Build;
});
afterAll(() => {
  fs.rmSync(copy, { recursive: true });
});
beforeEach(() => {
  for (const folder of ['lib', 'katas', 'dist'])
    fs.rmSync(path.join(copy, folder), { recursive: true, force: true });
  write('lib/a.ts', "import { b } from './b';\nexport const a: number = b;\n");
  write('lib/b.ts', 'export const b: number = 1;\n');
  for (const file of ['lib/a.ts', 'lib/b.ts']) age(file);
  expect(house.build()).toBe('');
});

it('compiles the one file that was edited and no other', () => {
  expect(house.isFresh()).toBe(true);
  const [a, stamp] = [inode('lib/a.js'), read('.stamp')];
  write('lib/b.ts', 'export const b: number = 2;\n');
  expect(house.isFresh()).toBe(false);
  expect(house.build()).toBe('');
  expect(read('lib/b.js')).toContain('exports.b = 2;');
  expect(inode('lib/a.js')).toBe(a);
  expect(read('.stamp')).not.toBe(stamp);
  expect(house.isFresh()).toBe(true);
});

it('compiles nothing when only times have changed', () => {
  const before = [inode('lib/a.js'), inode('lib/b.js'), read('.stamp')];
  age('lib/b.ts', 50);
  expect(house.isFresh()).toBe(true);
  expect(house.build()).toBe('');
  expect([inode('lib/a.js'), inode('lib/b.js'), read('.stamp')]).toEqual(before);
});

it('sees an edit that changes neither the size nor the time of a file just written', () => {
  write('lib/b.ts', 'export const b: number = 3;\n');
  const { mtime, atime } = fs.statSync(path.join(copy, 'lib/b.ts'));
  expect(house.build()).toBe('');
  write('lib/b.ts', 'export const b: number = 4;\n');
  fs.utimesSync(path.join(copy, 'lib/b.ts'), atime, mtime);
  expect(house.build()).toBe('');
  expect(read('lib/b.js')).toContain('exports.b = 4;');
});

it('removes outputs without a source, and restores deleted ones', () => {
  fs.rmSync(path.join(copy, 'lib/a.ts'));
  fs.rmSync(path.join(copy, 'dist/lib/b.js'));
  expect(house.isFresh()).toBe(false);
  expect(house.build()).toBe('');
  expect([has('lib/a.js'), has('lib/a.js.map'), has('lib/b.js')]).toEqual([false, false, true]);
});

it('compiles scenarios and shared worlds, and never a driver', () => {
  write('katas/07-toy/scenarios.ts', 'export default 1 as number;\n');
  write('katas/07-toy/toy.ts', 'export function* half(');
  write('katas/worlds/toys.ts', 'export const world = 1;\n');
  expect(house.build()).toBe('');
  expect(has('katas/07-toy/scenarios.js') && has('katas/worlds/toys.js')).toBe(true);
  expect(has('katas/07-toy/toy.js')).toBe(false);
});

it('names the file, line and column of a syntax error, and tries again until it is gone', () => {
  write('lib/b.ts', 'export const b = 1;\nexport const = 2;\n');
  const problem = 'lib/b.ts:2:14: Variable declaration expected.';
  expect([house.build(), house.build(), house.isFresh()]).toEqual([problem, problem, false]);
  expect(has('.stamp')).toBe(false);
  write('lib/b.ts', 'export const b = 1;\n');
  expect([house.build(), house.isFresh()]).toEqual(['', true]);
});
