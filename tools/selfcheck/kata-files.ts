// SPDX-License-Identifier: GPL-2.0-only
/** What a kata's two folders must contain: everything it needs and nothing else. */
import fs from 'node:fs';
import path from 'node:path';
import type { KataFolder } from '../../lib/kata/files';
import type { Manifest } from '../../lib/kata/manifest';
import { UsageError } from '../../lib/machine';
import { answerFiles, type Applied, applied } from '../answers/files';
import { fromSolution, isShipped, PORT_PATCH } from '../answers/shipped';
import { textOrNull } from '../answers/text';
import { parseHints } from '../kata/hints';
import { suiteFiles } from '../kata/suite-files';
import { EQUIVALENTS } from '../mutants/equivalents';

/** The problems of a kata's files, one sentence each. */
export function fileProblems(root: string, kata: KataFolder): string[] {
  const solution = path.join(root, 'solutions', kata.manifest.id);
  return [
    ...strangers(kata.path, expectedInKata(kata)),
    ...worldProblems(kata),
    ...strangers(
      solution,
      [kata.manifest.driver, 'README.md', PORT_PATCH, 'wrong', 'right'],
      [EQUIVALENTS],
    ),
    ...['wrong', 'right'].flatMap((kind) => notPatches(path.join(solution, kind))),
    ...proseProblems(kata),
    ...headerProblems(kata),
    ...portProblems(root, kata),
    ...todoProblems(kata.path),
    ...todoProblems(solution),
  ];
}

const WRONG_MIN = 5;
const RIGHT_MIN = 2;

/** A kata needs enough answers that somebody might send. */
export function countProblems(root: string, { manifest: { id } }: KataFolder): string[] {
  const files = answerFiles(root, id);
  return (
    [
      ['wrong', WRONG_MIN],
      ['right', RIGHT_MIN],
    ] as const
  ).flatMap(([kind, min]) => {
    const found = files.filter((file) => file.kind === kind).length;
    if (found >= min) return [];
    return [`solutions/${id}/${kind} has ${found} answers, at least ${min} are wanted`];
  });
}

/** Judging an answer that makes the same driver as another one proves nothing. */
export function sameProblems(root: string, { manifest }: KataFolder): string[] {
  const { id, driver } = manifest;
  const solution = textOrNull(path.join(root, 'solutions', id, driver)) ?? '';
  const known = new Map([[codeOf(solution), `solutions/${id}/${driver}`]]);
  const problems: string[] = [];
  for (const file of answerFiles(root, id)) {
    const code = codeOf(applied(root, manifest, file).text);
    const same = known.get(code);
    if (same !== undefined) problems.push(`${file.shown} makes the same driver as ${same}`);
    known.set(code, file.shown);
  }
  return problems;
}

/** A driver's text without the header that says where it comes from. */
function codeOf(text: string): string {
  return text.slice(text.indexOf('*/') + 2);
}

/** The problems of a patch's message. */
export function answerProblems(
  { kind, shown, answer }: Applied,
  { scenarios }: Manifest,
): string[] {
  const { subject, why, fails } = answer;
  const unknown = fails.filter((scenario) => !(scenario in scenarios));
  return [
    ...(subject === '' ? [`${shown}:1: the first line says what the patch does`] : []),
    ...(subject.length > SUBJECT_MAX
      ? [`${shown}:1: the first line has ${subject.length} characters, ${SUBJECT_MAX} at most`]
      : []),
    ...(why === ''
      ? [`${shown}:3: a paragraph says why it ${kind === 'wrong' ? 'fails' : 'holds'}`]
      : []),
    ...(kind === 'wrong' && fails.length === 0
      ? [`${shown}: no trailer 'Fails: SCENARIO' says what catches it`]
      : []),
    ...(kind === 'right' && fails.length > 0 ? [`${shown}: a right answer fails nowhere`] : []),
    ...unknown.map((scenario) => `${shown}: there is no scenario '${scenario}'`),
  ];
}

/** The length that `git log --oneline` and a mail program show. */
const SUBJECT_MAX = 80;

/** The first TODO of each file that `kata dev new` has written, which says what belongs there. */
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

function strangers(
  folder: string,
  expected: readonly string[],
  allowed: readonly string[] = [],
): string[] {
  const present = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const name = path.basename(path.dirname(folder)) + '/' + path.basename(folder);
  return [
    ...expected.filter((file) => !present.includes(file)).map((file) => `${name} has no ${file}`),
    ...present
      .filter((file) => !expected.includes(file) && !allowed.includes(file))
      .map((file) => `${name} has an unexpected ${file}`),
  ];
}

/** A reader of a kata's scenarios needs at most one other file: the world of its driver. */
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

/** The texts under the headings of a hints.md; an empty one is an empty hint. */
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

/** The port can be restored after an edit. */
function portProblems(root: string, { manifest }: KataFolder): string[] {
  const { id, driver } = manifest;
  if (textOrNull(path.join(root, 'solutions', id, PORT_PATCH)) === null) return [];
  const mends = `npx kata dev rebase ${id.slice(0, 2)} writes it`;
  try {
    const port = fromSolution(root, manifest);
    if (port !== null && isShipped(manifest, port)) return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  return [
    `solutions/${id}/${PORT_PATCH} does not make the ${driver} that kata.json calls shipped; ${mends}`,
  ];
}

/** The driver's header names the file and the commit of the original. */
function headerProblems({ path: folder, manifest }: KataFolder): string[] {
  const { upstream, driver, id } = manifest;
  const text = read(folder, driver);
  if (upstream === null || !isShipped(manifest, text)) return [];
  const header = text.split('*/', 1)[0] ?? '';
  const missing = [upstream.file, upstream.commit.slice(0, 12)].filter(
    (named) => !header.includes(named),
  );
  return missing.map((named) => `${id}/${driver} does not name ${named} in its header`);
}

function notPatches(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const name = path
    .relative(path.join(folder, '..', '..', '..'), folder)
    .split(path.sep)
    .join('/');
  return fs
    .readdirSync(folder)
    .filter((file) => !file.endsWith('.patch'))
    .map((file) => `${name}/${file} is not a patch; an answer is kept as one`);
}
