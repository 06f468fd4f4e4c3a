// SPDX-License-Identifier: GPL-2.0-only
/** The port as shipped is found wherever there is one, and a wrong text is never taken for it. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sha256 } from './driver-source';
import type { Kata } from './katas';
import { shippedPort } from './shipped';
import { kata as toy, manifest } from './testing/data';

const PORT = 'as shipped\n';
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-shipped-'));
const folder = path.join(root, 'katas', '01-toy');
const driver = path.join(folder, 'toy.ts');
const kata: Kata = { ...toy, folder, driver, manifest: { ...manifest, shipped: sha256(PORT) } };
const kept = path.join(root, '.kata', 'shipped', '01-toy.ts');

beforeEach(() => {
  fs.mkdirSync(folder, { recursive: true });
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  fs.writeFileSync(driver, 'edited\n');
});
afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

it('is the driver itself as long as nobody has edited it', () => {
  fs.writeFileSync(driver, PORT);
  expect(shippedPort(root, kata)).toBe(PORT);
});

it('is the copy that was kept, without any git', () => {
  fs.writeFileSync(kept, PORT);
  expect(shippedPort(root, kata)).toBe(PORT);
});

it('is in the history of git, below what was committed later', () => {
  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=n', '-c', 'user.email=e@example.org', '-c', 'core.hooksPath='];
    execFileSync('git', [...who, ...args], { cwd: root, stdio: 'ignore' });
  };
  git('init');
  for (const text of [PORT, 'solved\n']) {
    fs.writeFileSync(driver, text);
    git('add', '--all');
    git('commit', '-m', 'x');
  }
  fs.writeFileSync(kept, 'something else\n');
  expect(shippedPort(root, kata)).toBe(PORT);
});

it('is nowhere, and then says what to do', () => {
  expect(() => shippedPort(root, kata)).toThrow(
    '01-toy: the port as shipped cannot be found: neither .kata/shipped nor git has it; take katas/01-toy/toy.ts from a fresh copy',
  );
});
