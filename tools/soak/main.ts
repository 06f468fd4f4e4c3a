// SPDX-License-Identifier: GPL-2.0-only
/**
 * `npm run soak [-- --runs 20000 --seed N]`: the oracle test on many random programs. A program on which the explorations differ
 * is made as small as possible and printed as code; the seed and the counterexample's path reproduce it.
 */
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { agree } from '../../lib/explore/testing/agree';
import { type Source, sources } from '../../lib/explore/testing/random-program';

/** The maximum number of instructions of a task. */
const LINES_MAX = 8;
const RUNS = 20_000;

/** Runs the oracle; returns the exit code. */
function main(): number {
  const { values } = parseArgs({
    options: { runs: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' } },
  });
  const numRuns = wholeNumber('runs', values.runs) ?? RUNS;
  const seed = wholeNumber('seed', values.seed) ?? Date.now() & 0x7fff_ffff;
  process.stdout.write(`soak: ${numRuns} random programs, seed ${seed}\n`);
  const counts = { agree: 0, 'too large': 0 };
  const report = progress(numRuns);
  const property = fc.property(sources(LINES_MAX), (source: Source) => {
    counts[agree(source)]++;
    report(counts.agree + counts['too large']);
  });
  const path = values.path === undefined ? {} : { path: values.path };
  const outcome = fc.check(property, { numRuns, seed, ...path });
  if (!outcome.failed) {
    const { agree: agreed, 'too large': large } = counts;
    process.stdout.write(`soak: ${agreed} agree, ${large} were too large for the oracle\n`);
    return 0;
  }
  const { errorInstance, counterexamplePath } = outcome;
  const error = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  process.stdout.write(`\n${error}\n\n`);
  const again = `--runs ${numRuns} --seed ${seed} --path ${counterexamplePath ?? ''}`;
  process.stdout.write(`soak: again with npm run soak -- ${again}\n`);
  return 1;
}

/** Prints the progress from time to time. */
function progress(numRuns: number): (done: number) => void {
  const every = Math.max(1, Math.floor(numRuns / 20));
  return (done) => {
    if (done % every === 0) process.stderr.write(`soak: ${done} of ${numRuns}\n`);
  };
}

function wholeNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`--${option} must be a whole number`);
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
