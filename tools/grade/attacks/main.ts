// SPDX-License-Identifier: GPL-2.0-only
/**
 * `npm run attacks [-- WORD]`: every attack of the corpus (whose name has the word in it), behind every set of layers this machine
 * has, and the table of the results. Exit code 1 if one of them gets anything.
 */
import { repositoryRoot } from '../../kata/katas';
import { openGrader } from '../grader';
import type { OsLayer } from '../types';
import { assault, LIMITS, type Outcome } from './attack';
import { type Attack, attacks } from './corpus';
import { layerings, table } from './table';

/** Runs attacks behind some layers; true if none gets anything. */
async function run(wanted: readonly Attack[], layers: readonly OsLayer[]): Promise<boolean> {
  // Types are another process's, and are checked after all else: only the attacks on that one need it.
  const [onTypes, others] = [true, false].map((types) =>
    wanted.filter(({ expected }) => (expected.types !== null) === types),
  );
  const first = await runWith(others ?? [], layers, false);
  const second = await runWith(onTypes ?? [], layers, true);
  return first && second;
}

async function runWith(
  wanted: readonly Attack[],
  layers: readonly OsLayer[],
  types: boolean,
): Promise<boolean> {
  if (wanted.length === 0) return true;
  const root = repositoryRoot();
  const grader = openGrader({ root, tool: 'attacks', limits: LIMITS, layers, types });
  const title = grader.layers.join(' + ');
  const line = (outcome: Outcome): void => {
    for (const problem of outcome.problems) {
      process.stdout.write(`${title}: ${outcome.attack.id} ${problem}\n`);
    }
  };
  try {
    const { outcomes, problems } = await assault(grader, wanted, line);
    process.stdout.write(table(title, outcomes));
    for (const problem of problems) process.stdout.write(`${title}: ${problem}\n`);
    return problems.length === 0 && outcomes.every((outcome) => outcome.problems.length === 0);
  } finally {
    await grader.close();
  }
}

async function main(word: string): Promise<void> {
  const wanted = attacks().filter(({ id }) => id.includes(word));
  for (const layers of layerings(repositoryRoot())) {
    if (!(await run(wanted, layers))) process.exitCode = 1;
  }
}

void main(process.argv[2] ?? '');
