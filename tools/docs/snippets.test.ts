// SPDX-License-Identifier: GPL-2.0-only
/** Every example in the prose runs and returns the values it shows. */
import fs from 'node:fs';
import path from 'node:path';
import { runSnippet, snippetsOf } from './snippets';
import { pages, root } from './pages';

const examples = pages().flatMap((page) =>
  snippetsOf(fs.readFileSync(path.join(root, page), 'utf8')).map(
    (snippet) => [`${page}:${snippet.line}`, snippet] as const,
  ),
);

it('finds the examples', () => {
  expect(examples.length).toBeGreaterThan(5);
});

it('leaves no example out', () => {
  const all = pages().map((page) => fs.readFileSync(path.join(root, page), 'utf8'));
  expect(all.filter((page) => /^```(ts|typescript)\n/m.test(page))).toEqual([]);
});

it.each(examples)('%s returns what it shows', (_place, snippet) => {
  const shown = runSnippet(snippet);
  expect(shown.map(({ line, given }) => `${line}: ${given}`)).toEqual(
    shown.map(({ line, promised }) => `${line}: ${promised}`),
  );
  expect(shown.length).toBe(snippet.code.split('// => ').length - 1);
  expect(shown.length).toBeGreaterThan(0);
});
