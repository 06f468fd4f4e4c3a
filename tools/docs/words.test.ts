// SPDX-License-Identifier: GPL-2.0-only
/** Comments, messages and prose are plain English: the worst words are banned. */
import fs from 'node:fs';
import path from 'node:path';
import { filesEnding } from '../house/checks.js';
import { root } from './pages';
import { bannedWords } from './words';

const WRITTEN = [
  '.ts',
  '.js',
  '.mjs',
  '.md',
  '.json',
  '.snap',
  '.txt',
  '.yml',
  '.yaml',
  '.sh',
  'Dockerfile',
];

it('reports each banned word with its line and a plainer word', () => {
  const text =
    'It begins anew.\n/**\n * This is\n * no plain file, and there is no longer one.\n */';
  expect(bannedWords('x.ts', text)).toEqual([
    "x.ts:3: 'is no ': write is not a".replace("no '", "no'"),
    "x.ts:1: 'anew': write again",
  ]);
});

it.each(['There is no kata 99.', 'It is no longer there.', 'is no more than a hint', 'the whole'])(
  'allows: %s',
  (text) => {
    expect(bannedWords('x.md', text)).toEqual([]);
  },
);

it('finds no banned word in comments, messages and prose', () => {
  const files = filesEnding(WRITTEN).filter((file) => !exempt(file));
  const found = files.flatMap((file) =>
    bannedWords(file, readable(file, fs.readFileSync(path.join(root, file), 'utf8'))),
  );
  expect(found).toEqual([]);
});

/** Ports and answers keep the kernel's comments, and the list of words must name them. */
function exempt(file: string): boolean {
  return (
    /^katas\/\d\d-[^/]+\/(?!scenarios\.ts$|[^/]*\.test\.ts$)[^/]*\.ts$/.test(file) ||
    /^(solutions\/|tools\/docs\/words|CHANGELOG\.md$|package-lock\.json$)/.test(file)
  );
}

/** Removes the left column of the conventions' table, which shows what not to write. */
function readable(file: string, text: string): string {
  return file === 'docs/conventions.md' ? text.replace(/^ *\| .*? \|/gm, '|') : text;
}
