// SPDX-License-Identifier: GPL-2.0-only
/** What a kata's two folders must hold: everything it needs and nothing else. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { KataFolder } from '../../lib/kata/files';
import { parseHints } from '../kata/hints';
import { suiteFiles } from '../kata/suite-files';

/** sha256 of a file, as kata.json records it of the driver as shipped. */
export function sha256(file: string): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/** Whether the driver is still the one that was shipped; a learner's work is judged by nobody here. */
export function asShipped({ path: folder, manifest }: KataFolder): boolean {
  return sha256(path.join(folder, manifest.driver)) === manifest.shipped;
}

/** Names of the .ts files in a folder, sorted; none if there is no such folder. */
export function sources(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

/** The scenarios a wrong answer says, in its second line, that it fails in; it must name one. */
export function scenariosNamed({ manifest }: KataFolder, file: string): string[] {
  const words: readonly string[] =
    (fs.readFileSync(file, 'utf8').split('\n')[1] ?? '').match(/[\w-]+/g) ?? [];
  const named = Object.keys(manifest.scenarios).filter((id) => words.includes(id));
  if (named.length === 0) throw new Error(`${path.basename(file)} does not name a scenario`);
  return named;
}

/** What is wrong with the files of a kata, one sentence each. */
export function fileProblems(kata: KataFolder, solution: string): string[] {
  return [
    ...strangers(kata.path, expectedInKata(kata)),
    ...strangers(solution, [kata.manifest.driver, 'README.md', 'wrong', 'right']),
    ...worldProblems(kata),
    ...proseProblems(kata),
    ...headerProblems(kata),
    ...firstLineProblems(path.join(solution, 'wrong')),
    ...firstLineProblems(path.join(solution, 'right')),
    ...todoProblems(kata.path),
    ...todoProblems(solution),
  ];
}

/** What `kata dev new` has left to be written: the first such line of each file, which says what belongs there. */
function todoProblems(folder: string): string[] {
  const parent = path.basename(path.dirname(folder));
  const files = fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : [];
  return files
    .filter((entry) => entry.isFile())
    .flatMap(({ name }) => {
      const lines = read(folder, name).split('\n');
      const at = lines.findIndex((line) => line.includes('TODO: '));
      if (at < 0) return [];
      const wanted = (lines[at] ?? '').replace(/^.*?TODO: /, '').replace(/["',\s]*$/, '');
      return [`${parent}/${path.basename(folder)}/${name}:${at + 1}: to be written: ${wanted}`];
    });
}

function expectedInKata({ manifest }: KataFolder): string[] {
  const test = manifest.driver.replace(/\.ts$/, '.test.ts');
  return ['README.md', 'kata.json', 'hints.md', manifest.driver, 'scenarios.ts', test];
}

function strangers(folder: string, expected: readonly string[]): string[] {
  const present = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const name = path.basename(path.dirname(folder)) + '/' + path.basename(folder);
  return [
    ...expected.filter((file) => !present.includes(file)).map((file) => `${name} has no ${file}`),
    ...present
      .filter((file) => !expected.includes(file))
      .map((file) => `${name} has an unexpected ${file}`),
  ];
}

/** Whoever reads a kata's scenarios needs one other file at most: the world of its driver. */
function worldProblems({ path: folder, manifest }: KataFolder): string[] {
  const scenarios = path.join(folder, 'scenarios.ts');
  const [, ...worlds] = fs.existsSync(scenarios) ? suiteFiles(scenarios) : [];
  const names = worlds.map((file) => `worlds/${path.basename(file)}`);
  const missing = worlds
    .filter((file) => !fs.existsSync(file))
    .map(
      (file) =>
        `${manifest.id}/scenarios.ts imports worlds/${path.basename(file)}, which is not there`,
    );
  if (names.length <= 1) return missing;
  return [...missing, `${manifest.id}/scenarios.ts imports ${names.join(' and ')}: one is enough`];
}

/** The texts under the headings of a hints.md; one without text is an empty hint. */
function hintsOf(text: string): string[] {
  return parseHints(text)
    .filter((hint) => hint.startsWith('## '))
    .map((hint) => hint.replace(/^.*\n?/, '').trim());
}

function read(folder: string, file: string): string {
  const whole = path.join(folder, file);
  return fs.existsSync(whole) ? fs.readFileSync(whole, 'utf8') : '';
}

function proseProblems({ path: folder, manifest }: KataFolder): string[] {
  const problems: string[] = [];
  const hints = hintsOf(read(folder, 'hints.md'));
  if (hints.length < 3 || hints.length > 5) {
    problems.push(`${manifest.id}/hints.md has ${hints.length} hints: three to five are wanted`);
  }
  if (hints.some((hint) => hint === '')) problems.push(`${manifest.id}/hints.md has an empty hint`);
  if (read(folder, 'README.md').trim().length < 400) {
    problems.push(`${manifest.id}/README.md does not tell the story`);
  }
  return problems;
}

/** The driver's header names the file and the commit it was taken from. */
function headerProblems(kata: KataFolder): string[] {
  const { path: folder, manifest } = kata;
  const { upstream, driver, id } = manifest;
  if (!asShipped(kata)) return [];
  const header = read(folder, driver).split('*/', 1)[0] ?? '';
  if (upstream === null) return [];
  const missing = [upstream.file, upstream.commit.slice(0, 12)].filter(
    (text) => !header.includes(text),
  );
  return missing.map((text) => `${id}/${driver} does not name ${text} in its header`);
}

/** A wrong or right fix begins, after the licence, with a comment that says what it is. */
function firstLineProblems(folder: string): string[] {
  return sources(folder)
    .filter((file) => !/^(\/\/ \w|\/\*\*? ?\w?)/.test(read(folder, file).split('\n')[1] ?? ''))
    .map((file) => `${path.basename(folder)}/${file} does not say in its second line what it is`);
}
