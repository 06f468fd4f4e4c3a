// SPDX-License-Identifier: GPL-2.0-only
/**
 * What `npm run mutants` found last, kata by kata: solutions/mutants.json, from which the syllabus has its numbers.
 *
 * A record is fresh as long as the scenarios, their world, the right answers and the mutators are what they were. The library is not counted:
 * every change of it would make all records stale, and most change no verdict. What it does is held to by its own tests, and by the sample of
 * mutants that `npm test` judges. The cache of outcomes on this machine does count the library: `npm run mutants` believes nothing old.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { KataFolder } from '../../lib/kata/files';
import { answerFiles } from '../answers/files';
import { textOrNull } from '../answers/text';
import { suiteFiles } from '../kata/suite-files';
import { digestOf } from './cache';

/** The numbers of a kata. */
export interface MutantCounts {
  readonly made: number;
  readonly rejected: number;
  /** Those that survive and may: equivalents.json says why. */
  readonly explained: number;
  readonly survive: number;
  readonly undecided: number;
}

/** The numbers as they are kept. */
interface MutantRecord extends MutantCounts {
  /** Of what they depend on: scenarios, solution, right answers and mutators. */
  readonly digest: string;
}

/** What decides which mutants there are. */
const MAKERS = ['driver.ts', 'mutants.ts', 'mutators'];

const FILE = path.join('solutions', 'mutants.json');

/** All records, by the ids of the katas. */
function recordsOf(root: string): { readonly [id: string]: MutantRecord } {
  const text = textOrNull(path.join(root, FILE));
  return text === null ? {} : (JSON.parse(text) as { readonly [id: string]: MutantRecord }); // as written below
}

/** The record of a kata; 'stale' if its scenarios, its answers or the mutators have changed since, null if there is none. */
export function recordOf(root: string, kata: KataFolder): MutantRecord | 'stale' | null {
  const record = recordsOf(root)[kata.manifest.id];
  if (record === undefined) return null;
  return record.digest === kataDigest(root, kata) ? record : 'stale';
}

/** Writes down what was found about a kata, as it is now. */
export function keepRecord(root: string, kata: KataFolder, counts: MutantCounts): void {
  const record: MutantRecord = { ...counts, digest: kataDigest(root, kata) };
  const all = Object.entries({ ...recordsOf(root), [kata.manifest.id]: record });
  const sorted = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  fs.writeFileSync(path.join(root, FILE), `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The digest of a kata's scenarios and right answers, and of what makes mutants of them. */
function kataDigest(root: string, kata: KataFolder): string {
  const right = answerFiles(root, kata.manifest.id).filter(({ kind }) => kind === 'right');
  return digestOf([
    ...judges(root, kata),
    ...right.map(({ file }) => file),
    ...MAKERS.map((name) => path.join(root, 'tools', 'mutants', name)),
  ]).slice(0, 16);
}

/** The digest of what a mutant of a kata is judged by, besides the library. */
export function judgeDigest(root: string, kata: KataFolder): string {
  return digestOf(judges(root, kata));
}

/** The scenarios, and the solution, by which their costs are measured. */
function judges(root: string, { path: folder, manifest }: KataFolder): string[] {
  const solution = path.join(root, 'solutions', manifest.id, manifest.driver);
  return [...suiteFiles(path.join(folder, 'scenarios.ts')), solution];
}
