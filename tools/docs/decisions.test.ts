// SPDX-License-Identifier: GPL-2.0-only
import fs from 'node:fs';
import path from 'node:path';
import { root } from './pages';

it('lists every decision under its title, in order', () => {
  const folder = path.join(root, 'docs', 'decisions');
  const read = (file: string): string => fs.readFileSync(path.join(folder, file), 'utf8');
  const pages = fs.readdirSync(folder).filter((file) => /^\d+.*\.md$/.test(file));
  const listed = read('README.md')
    .split('\n')
    .filter((line) => line.startsWith('- '));
  expect(listed).toEqual(
    pages.sort().map((file) => `- [${/^# (.*)$/m.exec(read(file))?.[1] ?? ''}](${file})`),
  );
});
