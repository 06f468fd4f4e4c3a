// SPDX-License-Identifier: GPL-2.0-only
/** `npm run mutants -- 01`: makes every single mistake in the answers to a kata, and tells which of them no scenario rejects. */
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type KataFolder, readKatas } from '../../lib/kata/files';
import { repositoryRoot } from '../kata/katas';
import { Cache, digestOf } from './cache';
import { Equivalents } from './equivalents';
import type { Outcome } from './judge-mutant';
import { type Mutant, mutantsOf } from './mutants';
import { judgeAll } from './pool';
import { judgeDigest, keepRecord, type MutantCounts } from './record';

const USAGE =
  "npm run mutants -- [NN ...] [--jobs N] [--seconds N] [--json] [--explained] [--explain 'why' | --print] [NN ID ...]";

/** A mutant and its outcome; one that is explained need not be judged. */
interface Judged {
  readonly mutant: Mutant;
  readonly outcome: Outcome | { readonly is: 'explained' };
}

/** How many processes, seconds for a mutant, and whether those are judged too that are explained: it takes longest to find nothing. */
interface Judging {
  readonly jobs: number;
  readonly seconds: number;
  readonly explained: boolean;
}

const root = repositoryRoot();

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      jobs: { type: 'string', default: String(Math.max(1, os.availableParallelism() - 1)) },
      seconds: { type: 'string', default: '60' },
      explain: { type: 'string' },
      explained: { type: 'boolean', default: false },
      print: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [jobs, seconds] = [Number(values.jobs), Number(values.seconds)];
  if (!(jobs >= 1) || !(seconds > 0)) throw new Error(USAGE);
  const { json, print, explained, explain: why = null } = values;
  return { jobs, seconds, explained, json, why, print, wanted: positionals };
}

/** A kata is named by its number, its name, or both. */
function isNamed(id: string, name: string): boolean {
  return [id, id.slice(0, 2), id.slice(3)].includes(name);
}

async function main(): Promise<void> {
  const { wanted, json, why, print, ...judging } = options();
  if (why !== null || print) {
    const { id, mutants } = named(wanted);
    if (why === null) process.stdout.write(mutants[0]?.text ?? '');
    else new Equivalents(root, id).explain(mutants, why);
    return;
  }
  const katas = readKatas(path.join(root, 'katas')).filter(
    ({ manifest: { id } }) => wanted.length === 0 || wanted.some((name) => isNamed(id, name)),
  );
  if (katas.length === 0) throw new Error(`there is no such kata\n${USAGE}`);
  const lib = digestOf([path.join(__dirname, '..', '..', 'lib')]);
  for (const kata of katas) {
    const judged = await judgeKata(kata, lib, judging);
    const stale = tell(kata, judged, json);
    if (stale) process.exitCode = 1;
  }
}

/** Mutants of a kata by their names: `01 1000d4f1 57b1dadd`. */
function named([name = '', ...ids]: readonly string[]) {
  const katas = readKatas(path.join(root, 'katas'));
  const kata = katas.find(({ manifest: { id } }) => isNamed(id, name));
  const all = kata === undefined ? [] : mutantsOf(root, kata);
  const mutants = all.filter(({ id }) => ids.includes(id));
  const found = new Set(mutants.map(({ id }) => id));
  if (kata === undefined || found.size < ids.length || ids.length === 0)
    throw new Error(`no such kata, or it has no such mutants\n${USAGE}`);
  return { id: kata.manifest.id, mutants };
}

async function judgeKata(kata: KataFolder, lib: string, judging: Judging): Promise<Judged[]> {
  const { id } = kata.manifest;
  const context = `${lib} ${judgeDigest(root, kata)} ${judging.seconds}`;
  const cache = new Cache(path.join(root, '.kata', 'mutants', `${id}.jsonl`), context);
  const mutants = mutantsOf(root, kata);
  const equivalents = new Equivalents(root, id);
  const isLeftOut = (mutant: Mutant): boolean => !judging.explained && equivalents.has(mutant);
  const open = newFirst(
    mutants.filter((mutant) => cache.get(mutant.meaning) === null && !isLeftOut(mutant)),
  );
  let done = mutants.length - open.length;
  await judgeAll(open, { ...judging, kata: id }, (mutant, outcome) => {
    cache.add(mutant.meaning, outcome);
    done++;
    const progress = `${id}: ${done} of ${mutants.length} mutants`;
    if (process.stderr.isTTY) process.stderr.write(`\r${progress} `);
    else if (done % 100 === 0) process.stderr.write(`${progress}\n`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return mutants.flatMap((mutant): Judged[] => {
    const outcome = cache.get(mutant.meaning);
    if (outcome?.is === 'refused') return [];
    if (outcome !== null) return [{ mutant, outcome }];
    return isLeftOut(mutant) ? [{ mutant, outcome: { is: 'explained' } }] : [];
  });
}

/** Changes that no other answer has come first: most is known of a kata when a part of its mutants is judged. */
function newFirst(mutants: readonly Mutant[]): Mutant[] {
  const ids = new Set<string>();
  const isNew = mutants.map(({ id }) => !ids.has(id) && ids.add(id).has(id));
  return [...mutants.filter((_, i) => isNew[i]), ...mutants.filter((_, i) => isNew[i] !== true)];
}

/** Prints the outcomes of a kata's mutants; returns whether work is left. */
function tell(kata: KataFolder, judged: readonly Judged[], json: boolean): boolean {
  const { id } = kata.manifest;
  const equivalents = new Equivalents(root, id);
  const left = judged.filter(
    ({ outcome, mutant }) => outcome.is !== 'rejected' && !equivalents.has(mutant),
  );
  const count = (is: Judged['outcome']['is']): number =>
    left.filter(({ outcome }) => outcome.is === is).length;
  const fallen = judged.filter(({ outcome }) => outcome.is === 'rejected');
  const rejected = fallen.length;
  const record: MutantCounts = {
    made: judged.length,
    rejected,
    explained: judged.length - rejected - left.length,
    survive: count('survives'),
    undecided: count('undecided'),
  };
  const stale = [
    ...equivalents.problems(judged.map(({ mutant }) => mutant)),
    ...equivalents.refuted(fallen.map(({ mutant }) => mutant)),
  ];
  keepRecord(root, kata, record);
  process.stdout.write(json ? jsonOf(id, record, judged, stale) : textOf(id, record, left, stale));
  return left.length > 0 || stale.length > 0;
}

function jsonOf(
  id: string,
  record: MutantCounts,
  judged: readonly Judged[],
  stale: readonly string[],
): string {
  const mutants = judged.map(({ mutant: { text: _, meaning: __, ...mutant }, outcome }) => ({
    ...mutant,
    outcome,
  }));
  return `${JSON.stringify({ kata: id, ...record, stale, mutants })}\n`;
}

function textOf(
  id: string,
  record: MutantCounts,
  left: readonly Judged[],
  stale: readonly string[],
): string {
  const { made, rejected, explained } = record;
  const ids = new Set<string>();
  const once = left.filter(({ mutant }) => !ids.has(mutant.id) && ids.add(mutant.id));
  const lines = once.flatMap(({ mutant, outcome }) => [
    `${mutant.id} ${mutant.family} in ${mutant.within}() of ${mutant.of}: ${outcome.is}${outcome.is === 'undecided' ? `, ${outcome.why}` : ''}`,
    ...mutant.change.map((line) => `    ${line}`),
  ]);
  const head = `${id}: ${rejected} of ${made} mutants rejected, ${explained} explained, ${left.length} left in ${once.length} functions`;
  return [head, ...lines, ...stale, ''].join('\n');
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
