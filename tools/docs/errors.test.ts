// SPDX-License-Identifier: GPL-2.0-only
/** The comment of every function names the errors that it returns. */
import fs from 'node:fs';
import path from 'node:path';
import { errorsOf } from './errors';
import { root } from './pages';

const ROOMS = ['kernel', 'block', 'fs', 'net'];

it('finds every error of a function and of the functions it uses', () => {
  const source = `
function taken(id: number): number {
  return id > 3 ? -ENOSPC : other();
}
const other = () => -EBUSY;
const elsewhere = -EIO;
/** @returns 0, or -EBUSY if there is one */
export function get(id: number): number {
  return id < 0 ? -EINVAL : taken(id);
}
`;
  expect(errorsOf(source)).toEqual([
    {
      name: 'get',
      given: ['-EBUSY', '-EINVAL', '-ENOSPC'],
      returns: '0, or -EBUSY if there is one',
    },
  ]);
});

it('names every error that a function returns', () => {
  const functions = ROOMS.flatMap((room) =>
    fs
      .readdirSync(path.join(root, 'lib', room))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => path.join(root, 'lib', room, file)),
  ).flatMap((file) => errorsOf(fs.readFileSync(file, 'utf8')));
  expect(functions.filter(({ given }) => given.length > 0).length).toBeGreaterThan(20);
  const unnamed = functions.flatMap(({ name, given, returns }) => {
    const missing = given.filter((error) => !returns.includes(error));
    return missing.length === 0 ? [] : [`${name}: ${missing.join(', ')} (@returns ${returns})`];
  });
  expect(unnamed).toEqual([]);
});
