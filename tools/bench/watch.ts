// SPDX-License-Identifier: GPL-2.0-only
/**
 * The time from saving a driver to the verdict on the screen: `npx kata watch` beside `jest --watchAll`, in turns, on the same
 * edits. (`jest --watch` runs the tests that git finds for a changed file, and no import leads from a kata's test to its driver.)
 *
 * Before the first edit both have some seconds, as a learner needs time to read.
 *
 * The verdict on a failing driver is that it fails, which one interleaving decides; on a driver that holds, that every
 * interleaving was explored. The report of the shortest failure and the types come later and are measured separately.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { allKatas, type Kata } from '../kata/katas';
import { type Checkout, freshCheckout } from '../kata/testing/checkout';
import { median } from './rate';

export interface WatchRow {
  readonly kata: string;
  readonly driver: 'port' | 'solution';
  /** Milliseconds from each edit until the verdict was on the screen. */
  readonly verdict: readonly number[];
  /** Milliseconds until the report of the shortest failure was shown. */
  readonly report: readonly number[];
  /** Milliseconds until the types were checked, for drivers that hold. */
  readonly types: readonly number[];
  /** Milliseconds until Jest had judged the same text. */
  readonly jest: readonly number[];
}

export interface WatchOptions {
  /** How many edits of each driver count; one more before them warms up. */
  readonly edits: number;
  /** NN of the katas to measure. */
  readonly katas: readonly string[];
}

/** The katas that are watched by default. */
export const WATCHED = ['01', '08', '14'];

/** Measures both watchers on some katas; katas that do not exist are left out. */
export async function measureWatch(
  options: WatchOptions,
  progress: (what: string) => void,
): Promise<WatchRow[]> {
  const [ours, theirs] = [freshCheckout(), freshCheckout()];
  try {
    const rows: WatchRow[] = [];
    for (const kata of allKatas(ours.root)) {
      if (!options.katas.includes(kata.number)) continue;
      progress(`watch ${kata.id}`);
      rows.push(...(await measureKata(ours, theirs, kata, options.edits)));
    }
    return rows;
  } finally {
    ours.remove();
    theirs.remove();
  }
}

async function measureKata(
  ours: Checkout,
  theirs: Checkout,
  kata: Kata,
  edits: number,
): Promise<WatchRow[]> {
  const { id, manifest } = kata;
  const inCheckout = path.join('katas', id, manifest.driver);
  const solution = path.join(ours.root, 'solutions', id, manifest.driver);
  const texts = {
    port: fs.readFileSync(kata.driver, 'utf8'),
    solution: fs.readFileSync(solution, 'utf8'),
  };
  const watching = new Follower(ours.root, [ours.bin, 'watch', kata.number]);
  const jestBin = path.join('node_modules', 'jest', 'bin', 'jest.js');
  const jest = new Follower(theirs.root, [jestBin, '--watchAll', `katas/${id}`]);
  try {
    await watching.shows(/scenarios? holds?\./);
    await jest.shows(JEST_DONE);
    await new Promise((resolve) => setTimeout(resolve, READING_MS));
    const rows: WatchRow[] = [];
    for (const driver of ['port', 'solution'] as const) {
      const row: Record<string, number[]> = { verdict: [], report: [], types: [], jest: [] };
      for (let edit = 0; edit <= edits; edit++) {
        const text = `${texts[driver]}\n// edit ${edit}\n`;
        const took = await ourTimes(watching, path.join(ours.root, inCheckout), text, driver);
        const jestTook = await timed(jest, path.join(theirs.root, inCheckout), text, [JEST_DONE]);
        if (edit === 0) continue;
        for (const [what, ms] of Object.entries({ ...took, jest: jestTook[0] ?? 0 })) {
          row[what]?.push(ms);
        }
      }
      const { verdict = [], report = [], types = [], jest: theirMs = [] } = row;
      rows.push({ kata: id, driver, verdict, report, types, jest: theirMs });
    }
    return rows;
  } finally {
    await Promise.all([watching.stop(), jest.stop()]);
  }
}

const READING_MS = 15_000;

const JEST_DONE = /Ran all test suites/;
const FIRST_FAILURE = /The driver fails: /;
const TALLY = /\d+ of \d+ scenarios? holds?\./;
const HOLDS = /The driver holds in all /;
const DONE = / is done: it holds in every interleaving\./;

async function ourTimes(
  watching: Follower,
  file: string,
  text: string,
  driver: WatchRow['driver'],
): Promise<Record<string, number>> {
  const words = driver === 'port' ? [FIRST_FAILURE, TALLY] : [HOLDS, DONE];
  const [first = 0, last = 0] = await timed(watching, file, text, words);
  return driver === 'port' ? { verdict: first, report: last } : { verdict: first, types: last };
}

/** Saves a text and returns how many milliseconds later each of some words appeared. */
async function timed(
  follower: Follower,
  file: string,
  text: string,
  words: readonly RegExp[],
): Promise<number[]> {
  const started = performance.now();
  fs.writeFileSync(file, text);
  const times: number[] = [];
  for (const word of words) times.push((await follower.shows(word)) - started);
  return times;
}

/** A command whose output is read. */
class Follower {
  readonly #child: ChildProcess;
  #heard: { readonly text: string; readonly at: number }[] = [];
  #look: () => void = () => undefined;

  constructor(cwd: string, args: readonly string[]) {
    // Remove CI, where Jest refuses to watch.
    const { CI: _, ...env } = process.env;
    this.#child = spawn(process.execPath, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const hear = (chunk: Buffer): void => {
      this.#heard.push({ text: chunk.toString('utf8'), at: performance.now() });
      this.#look();
    };
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
    this.#child.once('exit', () => {
      this.#look();
    });
  }

  /** Resolves with the time at which new words appeared. */
  async shows(words: RegExp): Promise<number> {
    for (;;) {
      const at = this.#find(words);
      if (at !== null) return at;
      if (this.#child.exitCode !== null) throw new Error(`a watcher has ended: ${this.#text()}`);
      await new Promise<void>((resolve) => (this.#look = resolve));
    }
  }

  /** Stops it, and resolves when it has ended. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await gone;
  }

  #text(): string {
    return this.#heard.map(({ text }) => text).join('');
  }

  /** The time at which the words were complete; the output before them is discarded. */
  #find(words: RegExp): number | null {
    const found = words.exec(this.#text());
    if (found === null) return null;
    let left = found.index + found[0].length;
    while (this.#heard.length > 0) {
      const [{ text, at } = { text: '', at: 0 }] = this.#heard;
      if (left <= text.length) {
        this.#heard[0] = { text: text.slice(left), at };
        return at;
      }
      left -= text.length;
      this.#heard.shift();
    }
    return null;
  }
}

/** The rows as cells for a table. */
export function watchCells({ kata, driver, verdict, report, types, jest }: WatchRow): string[] {
  const ms = (times: readonly number[]): string =>
    times.length === 0 ? '-' : `${median(times).toFixed(0)} ms`;
  const ratio = median(jest) / median(verdict);
  return [
    kata,
    driver,
    ms(verdict),
    times(verdict),
    ms(report),
    ms(types),
    ms(jest),
    `${ratio.toFixed(1)} x`,
  ];
}

function times(values: readonly number[]): string {
  if (values.length === 0) return '-';
  return `${Math.min(...values).toFixed(0)}-${Math.max(...values).toFixed(0)}`;
}
