// SPDX-License-Identifier: GPL-2.0-only
/**
 * A class graded twice and killed many times: the same results byte for byte apart from times, every outcome right, and
 * nothing left behind. Each check gives what is wrong, one line each.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Prng } from '../../../lib/explore/prng';
import { EXIT } from '../../kata/exit-code';
import { handInAll, type MadeUp } from './class';
import { differences, surprises, withoutTimes } from './outcome';
import { runWatched, type Watched } from './watched';

export interface SoakOptions {
  readonly root: string;
  /** An empty folder to work in. */
  readonly folder: string;
  readonly all: readonly MadeUp[];
  readonly seed: number;
  /** More arguments for the grader. */
  readonly args?: readonly string[];
  readonly say?: (line: string) => void;
}

/** A soak: grade() first. */
export interface Soak {
  /** Grades everything under the name, and compares with the first time. */
  grade(name: string): Promise<string[]>;
  /** Grades everything, is killed `times` times on the way, and compares. */
  killed(name: string, times: number): Promise<string[]>;
}

/** Gets ready to grade a class. */
export function startSoak(options: SoakOptions): Soak {
  const { folder, all, seed, args = [], say = () => undefined } = options;
  const prng = new Prng(seed);
  let first: { readonly results: ReadonlyMap<string, string>; readonly ms: number } | null = null;
  const run = async (name: string, kill: Kill | null, resume: boolean): Promise<Run> => {
    const cwd = path.join(folder, name);
    // Handed in again each time, in another order.
    if (!resume) await handInAll(all, path.join(cwd, 'handed-in'), prng.below(1 << 30));
    const flags = ['--out', 'results', '--no-cache', ...(resume ? ['--resume'] : []), ...args];
    const watched = await runWatched(['grade', 'handed-in', ...flags], {
      root: options.root,
      cwd,
      ...(kill === null ? {} : { kill }),
    });
    return { cwd, watched };
  };
  const settled = ({ cwd, watched }: Run): string[] => {
    const out = path.join(cwd, 'results');
    const results = withoutTimes(out);
    const problems = [...endProblems(watched), ...leftovers(cwd, watched), ...surprises(all, out)];
    if (first === null) first = { results, ms: watched.ms };
    else problems.push(...differences(first.results, results).map((file) => `${file} differs`));
    return problems;
  };
  return {
    async grade(name) {
      const done = await run(name, null, false);
      say(`${name}: ${all.length} submissions in ${(done.watched.ms / 1000).toFixed(1)} s`);
      return settled(done);
    },
    async killed(name, times) {
      const problems: string[] = [];
      // Between one blow and the next lies its share of the whole time, more or less.
      const share = (2 * (first?.ms ?? 10_000)) / (times + 1);
      let round = 0;
      let resume = false;
      for (let kills = 0; kills < times;) {
        const signal = prng.below(3) === 0 ? 'SIGINT' : 'SIGKILL';
        const afterMs = Math.round(START_MS + (share * prng.below(1000)) / 1000);
        const done = await run(`${name}-${round}`, { afterMs, signal }, resume);
        if (done.watched.signal === null && done.watched.code === EXIT.holds) {
          // It was done before the blow fell: the next round starts from nothing.
          problems.push(...settled(done));
          [round, resume] = [round + 1, false];
          continue;
        }
        [kills, resume] = [kills + 1, true];
        say(`${name}: ${signal} after ${afterMs} ms, with ${graded(done.cwd)} results`);
        problems.push(...blowProblems(done.watched, signal));
      }
      return [...problems, ...settled(await run(`${name}-${round}`, null, resume))];
    },
  };
}

/** The grader has begun by then. */
const START_MS = 1000;

function blowProblems(watched: Watched, signal: NodeJS.Signals): string[] {
  const { code, left } = watched;
  const ended = watched.signal === signal || code === EXIT.interrupted ? [] : endProblems(watched);
  return [...ended, ...left.map((line) => `left running after ${signal}: ${line}`)];
}

type Kill = { readonly afterMs: number; readonly signal: NodeJS.Signals };

interface Run {
  readonly cwd: string;
  readonly watched: Watched;
}

function endProblems({ code, signal, stderr }: Watched): string[] {
  if (code === EXIT.holds) return [];
  return [
    `the grader ended with ${code ?? signal ?? 'nothing'}: ${stderr.split('\n').slice(-3).join(' | ')}`,
  ];
}

/** Files that are neither results nor what was handed in, and processes. */
function leftovers(cwd: string, { left }: Watched): string[] {
  const strangers = fs.readdirSync(cwd).filter((name) => !EXPECTED.includes(name));
  const temporary = fs.readdirSync(path.join(cwd, 'tmp'));
  const hidden = fs
    .readdirSync(path.join(cwd, 'results'), { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        !/^[^.][^/]*\.(json|json\.gz|csv|html|xml)$/.test(path.basename(name)) &&
        path.extname(name) !== '',
    );
  return [
    ...[...strangers, ...temporary, ...hidden].map((name) => `left behind: ${name}`),
    ...left.map((line) => `left running: ${line}`),
  ];
}

const EXPECTED = ['handed-in', 'results', 'tmp', 'solution.ts'];

/** How many results say more than that they are missing. */
function graded(cwd: string): number {
  const folder = path.join(cwd, 'results', 'results');
  if (!fs.existsSync(folder)) return 0;
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .filter(
      (name) => !fs.readFileSync(path.join(folder, name), 'utf8').includes('"status": "error"'),
    ).length;
}
