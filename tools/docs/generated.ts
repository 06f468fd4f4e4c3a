// SPDX-License-Identifier: GPL-2.0-only
/**
 * The generated parts of the prose: the syllabus, the report in README.md, the examples of reports.md, the tables of exploring.md
 * and litmus.md.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type KataFolder, loadSource, readKata, readKatas } from '../../lib/kata/files';
import { replayCommand } from '../../lib/kata/jest';
import { judgeScenario } from '../../lib/kata/judge';
import type { Suite } from '../../lib/scenario/scenario';
import { litmusRows, raceRows } from '../litmus/shapes';
import { shippedPort } from '../answers/shipped';
import { syllabus } from '../syllabus/syllabus';
import { growthTable } from './growth';
import { examplesOf, missesOf, reportOf as exampleReport } from './reports';
import { table } from './table';

/** A page, and its correct text. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** The kata whose first report README.md shows. */
export const SHOWN = '01-rbd-put-client';

/** All pages with generated parts. `load` returns a kata's suite: the sources in a test, compiled code in the tool. */
export function generatedPages(root: string, load: (kata: string) => Suite): Page[] {
  const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
  const shown = readKata(path.join(root, 'katas', SHOWN));
  const readme = read('README.md');
  const report = fenced(shortened(reportOf(root, shown, load(SHOWN))));
  return [
    { file: 'katas/README.md', text: syllabus(root, readKatas(path.join(root, 'katas'))) },
    { file: 'README.md', text: replaced(readme, 'report', report) },
    {
      file: 'docs/exploring.md',
      text: replaced(read('docs/exploring.md'), 'growth', growthTable()),
    },
    { file: 'docs/litmus.md', text: litmus(read('docs/litmus.md')) },
    { file: 'docs/reports.md', text: reports(read('docs/reports.md'), read) },
  ];
}

function litmus(page: string): string {
  const shapes = replaced(page, 'litmus', table(litmusRows(), 'left'));
  return replaced(shapes, 'races', table(raceRows(), 'left'));
}

/** Inserts after each example its report, and what the detector misses. */
function reports(page: string, read: (file: string) => string): string {
  return examplesOf(page).reduce((text, example) => {
    const report = fenced(exampleReport(example));
    const misses = example.detector === null ? [] : [missesOf(read(example.detector))];
    return replaced(text, `example ${example.name}`, [report, ...misses].join('\n\n'));
  }, page);
}

/** A page with another text in one of its generated parts, which a script of package.json writes. */
export function replaced(page: string, name: string, text: string, script = 'syllabus'): string {
  const begin = `<!-- ${name}: written by npm run ${script} -->`;
  const end = `<!-- /${name} -->`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place for its ${name}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

/** Wide enough that no row is folded: each is kept or left out as a whole. */
const WIDTH = 140;

/** The report of the first scenario, as the driver was shipped. */
function reportOf(root: string, { manifest }: KataFolder, suite: Suite): string {
  const loaded = loadSource(shippedPort(root, manifest), manifest, manifest.driver);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const [first] = suite.scenarios(loaded.driver as never); // the linker has checked its exports
  if (first === undefined) throw new Error(`${manifest.id} has no scenario`);
  const verdict = judgeScenario(first, {
    frames: { drivers: [manifest.driver] },
    width: WIDTH,
    command: (_scenario, schedule) => replayCommand(manifest.id, first.id, true, schedule),
  });
  if (verdict.failure === undefined) throw new Error(`${manifest.id} does not fail as shipped`);
  return verdict.failure.report.trimEnd();
}

/** Removes what a first look does not need: the stacks, and steps that change nothing. */
function shortened(report: string): string {
  const blocks = report.split('\n\n').flatMap((block, i) => {
    if (block.startsWith('interleaving')) return withoutReads(block);
    return i === 0 || /^(also in|explored)/.test(block) ? block : '[...]';
  });
  return blocks.filter((block, i) => block !== '[...]' || blocks[i - 1] !== '[...]').join('\n\n');
}

/** An interleaving without its plain reads. */
function withoutReads(block: string): string {
  const lines = block.split('\n').filter((line) => !/ reads \S/.test(line));
  return lines.join('\n').replace(/\n\(\d+ steps omitted.*$/, '\n[...]');
}
