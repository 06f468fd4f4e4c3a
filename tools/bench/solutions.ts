// SPDX-License-Identifier: GPL-2.0-only
/**
 * `npm run bench -- rate`: executions per second of processor time, over all scenarios of every solution and the literature's
 * programs with detectors off and on. With `--against DIR`, the same of another build, in turns, and the ratios.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { median } from './rate';
import { columns, spaced } from './table';

/** What was explored once, in one process. */
export interface Explored {
  readonly name: string;
  readonly executions: number;
  readonly steps: number;
  readonly cpuMs: number;
}

export interface RateRow {
  readonly name: string;
  readonly executions: number;
  readonly steps: number;
  /** Executions per second of processor time, medians. */
  readonly rate: number;
  /** The same of the other build, and the median of the ratios round by round. */
  readonly theirs: number | null;
  readonly ratio: number | null;
}

export interface RateChoice {
  readonly rounds: number;
  /** Numbers of katas and names of programs; empty for all. */
  readonly only: readonly string[];
  /** The `dist` of another build. */
  readonly against: string | null;
}

/** Measures; every round of every build is a process of its own, as every command is. */
export function measureRates(
  { rounds, only, against }: RateChoice,
  progress: (what: string) => void,
): RateRow[] {
  const builds = [path.join(__dirname, '..', '..'), ...(against === null ? [] : [against])];
  const runs = builds.map((): Explored[][] => []);
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    builds.forEach((build, i) => runs[i]?.push(once(build, only)));
  }
  const [ours = [], theirs = null] = runs;
  return (ours[0] ?? []).map((row, i) => rowOf(row, i, ours, theirs));
}

function rowOf(
  { name, executions, steps }: Explored,
  i: number,
  ours: readonly Explored[][],
  theirs: readonly Explored[][] | null,
): RateRow {
  const rates = (runs: readonly Explored[][]): number[] => runs.map((run) => rateOf(run[i]));
  const own = rates(ours);
  if (theirs === null)
    return { name, executions, steps, rate: median(own), theirs: null, ratio: null };
  const others = rates(theirs);
  const ratio = median(own.map((rate, round) => rate / (others[round] ?? rate)));
  return { name, executions, steps, rate: median(own), theirs: median(others), ratio };
}

function rateOf(one: Explored | undefined): number {
  return one === undefined ? 0 : (one.executions / Math.max(one.cpuMs, 1)) * 1000;
}

/** Explores everything once with a build. The program that does it is this build's, so older builds can be measured, too. */
function once(build: string, only: readonly string[]): Explored[] {
  const out = execFileSync(
    process.execPath,
    [path.join(__dirname, 'explore-once.js'), build, ...only],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(out) as Explored[]; // explore-once.ts has written it
}

/** The rates as a table, with a line for all solutions together: the geometric mean of their ratios. */
export function renderRates(rows: readonly RateRow[]): string {
  const compared = rows.some(({ ratio }) => ratio !== null);
  const cells = rows.map(({ name, executions, steps, rate, theirs, ratio }) => [
    name,
    spaced(executions),
    spaced(steps),
    spaced(rate),
    ...(compared ? [spaced(theirs ?? 0), (ratio ?? 0).toFixed(2)] : []),
  ]);
  const head = ['explored', 'executions', 'steps', 'rate', ...(compared ? ['other', 'ratio'] : [])];
  const ratios = rows.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  const mean = Math.exp(ratios.reduce((sum, one) => sum + Math.log(one), 0) / ratios.length);
  const last = compared ? `\ngeometric mean of the ratios: ${mean.toFixed(2)}` : '';
  return `rates are executions per second of processor time\n\n${columns([head, ...cells])}${last}\n`;
}
