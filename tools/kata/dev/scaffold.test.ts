// SPDX-License-Identifier: GPL-2.0-only
/** A kata that is only begun: it can be read and judged, and everything that is missing is named. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadSource } from '../../../lib/kata/files';
import { fileProblems } from '../../selfcheck/kata-files';
import { kataAt } from '../katas';
import { nameFor, scaffold } from './scaffold';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-dev-'));
fs.mkdirSync(path.join(root, 'katas'));
afterAll(() => {
  fs.rmSync(root, { recursive: true });
});

it('begins a kata that loads, and that the self-check asks to be finished', () => {
  expect(scaffold(root, nameFor(root, 'toy-get', undefined))).toContain('katas/00-toy-get/toy.ts');
  const kata = kataAt(root, '00-toy-get');
  expect(loadSource(fs.readFileSync(kata.driver, 'utf8'), kata.manifest, 'toy.ts').ok).toBe(true);
  const folder = { path: kata.folder, manifest: kata.manifest };
  const problems = fileProblems(root, folder);
  expect(problems).toEqual(
    expect.arrayContaining([
      'katas/00-toy-get/README.md:1: to be written: the title of kata.json',
      'katas/00-toy-get/hints.md:5: to be written: where to look',
      'katas/00-toy-get/kata.json:3: to be written: the race as a title, in a few words',
      'solutions/00-toy-get/README.md:1: to be written: the title of kata.json, and ": why',
    ]),
  );
  expect(fs.readdirSync(path.join(root, 'katas'))).toEqual(['00-toy-get']);
});

it('names the world that katas of the driver share, and allows for no second one', () => {
  const worlds = path.join(root, 'katas', 'worlds');
  fs.mkdirSync(worlds);
  fs.writeFileSync(path.join(worlds, 'toy.ts'), '');
  const named = nameFor(root, '50-toy-put', undefined);
  scaffold(root, named);
  const { folder, manifest } = kataAt(root, named.id);
  const problems = (): string[] => fileProblems(root, { path: folder, manifest });
  expect(problems()).toContain(
    'katas/50-toy-put/scenarios.ts:2: to be written: what must hold, in one sentence; use what katas/worlds/toy.ts says of users of the driver. */',
  );
  const imports = ['toy', 'other'].map((name) => `import '../worlds/${name}';\n`);
  fs.writeFileSync(path.join(folder, 'scenarios.ts'), imports.join(''));
  expect(problems()).toEqual(
    expect.arrayContaining([
      '50-toy-put/scenarios.ts imports worlds/other.ts, which is not there',
      '50-toy-put/scenarios.ts imports worlds/toy.ts and worlds/other.ts: one is enough',
    ]),
  );
  for (const top of ['katas', 'solutions'])
    fs.rmSync(path.join(root, top, named.id), { recursive: true });
});

it.each([
  [
    'Toy',
    undefined,
    "'Toy' is not a slug; write small letters, digits and '-', as in rbd-put-client",
  ],
  ['toy', '../x', "--driver ../x: small letters, digits and '_' make the name of a driver"],
  ['new-toy', undefined, "'new' cannot name a driver; choose another name with --driver"],
  ['toy', 'await', "'await' cannot name a driver; choose another name with --driver"],
  ['toy', 'scenarios.ts', "'scenarios' cannot name a driver; choose another name with --driver"],
])('refuses what cannot be a name: %s', (slug, driver, sentence) => {
  expect(() => nameFor(root, slug, driver)).toThrow(sentence);
});

it('takes the next number, and no number or name twice', () => {
  expect(nameFor(root, 'other', 'mine.ts')).toEqual({ id: '01-other', driver: 'mine' });
  expect(() => scaffold(root, nameFor(root, '00-other', undefined))).toThrow(
    'number 00 is taken by 00-toy-get',
  );
  expect(() => scaffold(root, nameFor(root, 'toy-get', undefined))).toThrow(
    'the name toy-get is taken by 00-toy-get',
  );
});
