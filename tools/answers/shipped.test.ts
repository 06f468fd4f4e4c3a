// SPDX-License-Identifier: GPL-2.0-only
/** The port as shipped can be found after any edit of the driver, and a wrong text is never taken for it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { portPatch, shippedPort } from './shipped';
import { sha256 } from './text';

const PORT = 'one\ntwo\nthree\n';
const SOLUTION = 'one\n2\nthree\n';
const kata = { id: '01-toy', driver: 'toy.ts', shipped: sha256(PORT) };

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-shipped-'));
const driver = path.join(root, 'katas', '01-toy', 'toy.ts');
const solution = path.join(root, 'solutions', '01-toy', 'toy.ts');
const patch = path.join(root, 'solutions', '01-toy', 'port.patch');

beforeEach(() => {
  for (const file of [driver, solution]) fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(driver, 'edited\n');
  fs.writeFileSync(solution, SOLUTION);
  fs.writeFileSync(patch, portPatch(kata, PORT, SOLUTION));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

it('is the driver itself while it is unedited', () => {
  fs.writeFileSync(driver, PORT);
  fs.rmSync(patch);
  expect(shippedPort(root, kata)).toBe(PORT);
});

it('is the solution with port.patch after the driver is edited or deleted', () => {
  expect(shippedPort(root, kata)).toBe(PORT);
  fs.rmSync(driver);
  expect(shippedPort(root, kata)).toBe(PORT);
});

const NOWHERE =
  '01-toy: the port as shipped cannot be found: solutions/01-toy does not lead to it; take katas/01-toy/toy.ts from a fresh copy';

it('cannot be found without the solution, and the error says what to do', () => {
  fs.rmSync(solution);
  expect(() => shippedPort(root, kata)).toThrow(NOWHERE);
});

it('is not the result of another patch', () => {
  fs.writeFileSync(patch, portPatch(kata, 'one\nthree\n', SOLUTION));
  expect(() => shippedPort(root, kata)).toThrow(NOWHERE);
});

it('names the line where the patch does not fit the solution any more', () => {
  fs.writeFileSync(solution, 'one\nii\nthree\n');
  expect(() => shippedPort(root, kata)).toThrow(
    "solutions/01-toy/port.patch:10: the patch does not apply: line 2 of solutions/01-toy/toy.ts is not '2'",
  );
});
