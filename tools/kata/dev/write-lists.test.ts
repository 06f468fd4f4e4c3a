// SPDX-License-Identifier: GPL-2.0-only
/** The lists of kata.json that the code says: what is stale is named, and `--write` puts it right. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { KataFolder } from '../../../lib/kata/files';
import { checksOf, type Judge } from '../../selfcheck/checks';
import { judgeText } from '../../selfcheck/judge-file';
import { shippedPort } from '../../answers/shipped';
import { kataAt, repositoryRoot } from '../katas';
import { writeLists } from './write-lists';

const ID = '00-lost-update';
const here = repositoryRoot();
const original = kataAt(here, ID);
const port = shippedPort(here, original.manifest);

let root: string;
let file: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-lists-'));
  const folder = path.join(root, 'katas', ID);
  fs.cpSync(original.folder, folder, { recursive: true });
  file = path.join(folder, 'kata.json');
  fs.writeFileSync(path.join(folder, original.manifest.driver), port);
});
afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

/** The scenarios are those of this repository: the copy is only read. */
const judge: Judge = (question) => {
  const kata = { path: original.folder, manifest: original.manifest };
  return { problems: [], verdicts: judgeText(kata, question) };
};

/** In a process of its own: prettier loads its parts in a way that Jest does not allow. */
function format(text: string): Promise<string> {
  const bin = path.join(here, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  const args = [bin, '--stdin-filepath', path.join(original.folder, 'kata.json')];
  const { stdout } = spawnSync(process.execPath, args, { input: text, encoding: 'utf8' });
  return Promise.resolve(stdout);
}

const write = (): Promise<string[]> => writeLists(kataAt(root, ID), { judge, format });

async function problems(): Promise<string[]> {
  const kata = kataAt(root, ID);
  const folder: KataFolder = { path: kata.folder, manifest: kata.manifest };
  const wanted = /lists the exports|fails as shipped/;
  const checks = checksOf(root, folder, () => port).filter(({ name }) => wanted.test(name));
  return (await Promise.all(checks.map((check) => check.problems(judge)))).flat();
}

it('changes nothing where nothing is stale', async () => {
  const before = fs.readFileSync(file, 'utf8');
  expect(await write()).toEqual([
    'katas/00-lost-update/kata.json: exports: nothing had to change',
    'katas/00-lost-update/kata.json: scenarios: nothing had to change',
  ]);
  expect(fs.readFileSync(file, 'utf8')).toBe(before);
});

it('names what is stale, and restores it byte for byte', async () => {
  const before = fs.readFileSync(file, 'utf8');
  const stale = before
    .replace('"tally_read", ', '"tally_read", "tally_gone", ')
    .replace('    "two-readers": "BUG: KCSAN: data-race in tally_read / tally_write",\n', '')
    .replace('"one-by-one": "passes"', '"one-by-one": "BUG", "one-too-many": "passes"')
    .replace('["two-writes", ', '["two-wrotes", ');
  fs.writeFileSync(file, stale);
  const needs =
    "katas/00-lost-update/kata.json:24: task 2 needs 'two-wrotes', and there is no such scenario";
  expect(await problems()).toEqual([
    'katas/00-lost-update/kata.json:11: tally_gone is not an export that the scenarios use; npx kata dev check 00 --write writes it',
    needs,
    'katas/00-lost-update/kata.json:30: one-by-one gives "passes" as shipped, not "BUG"',
    'katas/00-lost-update/kata.json:30: one-too-many gives "nothing" as shipped, not "passes"',
    'katas/00-lost-update/kata.json:27: two-readers gives "BUG: KCSAN: data-race in tally_read / tally_write" as shipped, not "nothing"; npx kata dev check 00 --write writes it',
  ]);
  expect(await write()).toEqual([
    'katas/00-lost-update/kata.json: exports: removed tally_gone',
    'katas/00-lost-update/kata.json: scenarios: changed one-by-one from "BUG" to "passes"',
    'katas/00-lost-update/kata.json: scenarios: removed one-too-many',
    'katas/00-lost-update/kata.json: scenarios: added two-readers, "BUG: KCSAN: data-race in tally_read / tally_write"',
  ]);
  expect(await problems()).toEqual([needs]); // a person decides what a task needs
  expect(fs.readFileSync(file, 'utf8')).toBe(before.replace('["two-writes", ', '["two-wrotes", '));
});

it('writes nothing of a driver that is not the port', async () => {
  fs.appendFileSync(path.join(root, 'katas', ID, original.manifest.driver), '// edited\n');
  const before = fs.readFileSync(file, 'utf8');
  expect(await write()).toEqual([
    `katas/${ID}/kata.json: nothing is written, as ${original.manifest.driver} is not as shipped`,
  ]);
  expect(fs.readFileSync(file, 'utf8')).toBe(before);
});
