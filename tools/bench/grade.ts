// SPDX-License-Identifier: GPL-2.0-only
/**
 * `npm run bench -- grade`: submissions per minute, graded in the sandbox and run through Jest one by one, as a shell script
 * would. Both get the same submissions in the same run. Half of them are right and wrong answers. The others are hostile or
 * broken; `--ordinary` leaves those out. Both must agree on which answers hold. Jest does not check a driver's types, which are
 * part of every grade, so it is measured alone and after `tsc` for the same kata. Files that are not regular cost Jest nothing.
 * The grader's cache is empty at first. The report also shows `--no-cache`, since some students submit the same file.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { handInAll, type MadeUp, madeUpClass } from '../grade/soak/class';
import { runWatched } from '../grade/soak/watched';
import { readBatch } from '../grade/batch/batch-file';
import { readResult } from '../grade/batch/results';
import { repositoryRoot } from '../kata/katas';
import { columns } from '../kata/print/words';

const KATAS = [
  '00-lost-update',
  '01-rbd-put-client',
  '05-dm-minor-placeholder',
  '07-dm-minor-spinlock',
];

/** What a contestant needed for the same submissions. */
interface Took {
  readonly name: string;
  readonly seconds: number;
  /** Processor seconds, which say more than the clock on a busy machine; 0 if they cannot be counted. */
  readonly cpu: number;
  /** Wrong types were also found. */
  readonly types: boolean;
  readonly holding: ReadonlySet<string>;
}

/** Measures and prints; returns the exit code. */
export async function benchGrade(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      count: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      ordinary: { type: 'boolean', default: false },
    },
  });
  const root = repositoryRoot();
  const seed = Number(values.seed);
  const all = madeUpClass({
    root,
    katas: KATAS,
    count: Number(values.count),
    seed,
    ordinary: values.ordinary,
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-bench-'));
  const say = (what: string): void => void process.stderr.write(`bench: ${what}\n`);
  try {
    say(`grading ${all.length} submissions`);
    const graded = await grading(root, path.join(folder, 'grade'), all, seed, []);
    const alone = await grading(root, path.join(folder, 'alone'), all, seed, ['--no-cache']);
    const flags = ['--no-cache', '--no-types'];
    const untyped = await grading(root, path.join(folder, 'untyped'), all, seed, flags);
    const jest: Took[] = [];
    for (const way of JEST) {
      say(`running ${way.name}`);
      jest.push(await jesting(root, path.join(folder, `jest-${jest.length}`), all, way));
    }
    print([graded, alone, untyped], jest, all.length);
    return disagreements(all, graded, jest, say);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function grading(
  root: string,
  cwd: string,
  all: readonly MadeUp[],
  seed: number,
  flags: readonly string[],
): Promise<Took> {
  await handInAll(all, path.join(cwd, 'handed-in'), seed);
  const cache = flags.includes('--no-cache') ? [] : ['--cache', 'cache'];
  const args = ['grade', 'handed-in', '--out', 'results', ...cache, ...flags];
  const before = cpuSeconds();
  const { code, ms, stderr } = await runWatched(args, { root, cwd });
  const cpu = cpuSeconds() - before;
  if (code !== 0) throw new Error(`grading ended with ${code ?? 'a signal'}: ${stderr}`);
  const out = path.join(cwd, 'results');
  const results = (readBatch(out)?.submissions ?? []).map(({ student, result }) => {
    return { id: student.id, report: readResult(path.join(out, result)) };
  });
  const holding = results.filter(({ report }) => report?.status === 'pass').map(({ id }) => id);
  const name = ['kata grade', ...flags].join(' ');
  return {
    name,
    seconds: ms / 1000,
    cpu,
    types: !flags.includes('--no-types'),
    holding: new Set(holding),
  };
}

interface JestRun {
  readonly name: string;
  readonly workers: number;
  readonly types: boolean;
}

const JEST: readonly JestRun[] = [
  { name: 'tsc && jest', workers: 1, types: true },
  { name: 'jest', workers: 1, types: false },
  { name: 'jest, all cores', workers: os.availableParallelism(), types: false },
];

/**
 * Each worker has a copy of the repository, writes a submission into it, and runs the kata's test, after the compiler if
 * requested.
 */
async function jesting(
  root: string,
  folder: string,
  all: readonly MadeUp[],
  { name, workers, types }: JestRun,
): Promise<Took> {
  const rest = [...all];
  const holding = new Set<string>();
  const work = async (copy: string): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const handedIn = path.join(copy, 'handed-in');
      await next.handIn(handedIn);
      const file = path.join(next.kata, next.driver);
      const plain = path.join(handedIn, next.student, file);
      if (fs.lstatSync(plain, { throwIfNoEntry: false })?.isFile() !== true) continue;
      fs.copyFileSync(plain, path.join(copy, 'katas', file));
      if (types && !(await typesHold(copy, next.kata))) continue;
      if (await jestHolds(copy, next.kata)) holding.add(next.student);
    }
  };
  const copies = Array.from({ length: workers }, (_, i) =>
    repositoryCopy(root, path.join(folder, `${i}`)),
  );
  // Jest remembers what it has compiled; the measurement should not include that.
  await Promise.all(copies.map((copy) => jestHolds(copy, ...KATAS)));
  const [started, before] = [performance.now(), cpuSeconds()];
  await Promise.all(copies.map(work));
  const seconds = (performance.now() - started) / 1000;
  const cpu = cpuSeconds() - before;
  return { name, seconds, cpu, types, holding };
}

/** The processor time of all children that this process has waited for, and of their children, in hundredths of a second. */
function cpuSeconds(): number {
  if (process.platform !== 'linux') return 0;
  const stat = fs.readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function repositoryCopy(root: string, copy: string): string {
  fs.mkdirSync(copy, { recursive: true });
  const parts = [
    'lib',
    'tsconfig.json',
    'package.json',
    'jest.config.js',
    ...KATAS.map((id) => `katas/${id}`),
  ];
  for (const part of parts)
    fs.cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  for (const id of KATAS) {
    const only = { extends: './tsconfig.json', include: [`katas/${id}`] };
    fs.writeFileSync(path.join(copy, `tsconfig.${id}.json`), JSON.stringify(only));
  }
  return copy;
}

function jestHolds(copy: string, ...katas: readonly string[]): Promise<boolean> {
  return succeeds(copy, 'jest/bin/jest.js', [
    '--runInBand',
    ...katas.map((kata) => `katas/${kata}`),
  ]);
}

function typesHold(copy: string, kata: string): Promise<boolean> {
  return succeeds(copy, 'typescript/bin/tsc', ['--noEmit', '-p', `tsconfig.${kata}.json`]);
}

function succeeds(cwd: string, script: string, args: readonly string[]): Promise<boolean> {
  const file = path.join(cwd, 'node_modules', script);
  return new Promise((resolve) => {
    // On CI Jest writes no pages of failures.
    execFile(
      process.execPath,
      [file, ...args],
      { cwd, env: { ...process.env, CI: '1' } },
      (error) => {
        resolve(error === null);
      },
    );
  });
}

function print(graded: readonly Took[], jest: readonly Took[], count: number): void {
  const rows = [...graded, ...jest].map(({ name, seconds, cpu }) => [
    name,
    `${((count * 60) / seconds).toFixed(1)} a minute`,
    ...jest.map((other) => `${(other.seconds / seconds).toFixed(1)} x ${other.name}`),
    `${(cpu / count).toFixed(2)} s of processor time each`,
  ]);
  process.stdout.write(`${columns(rows).join('\n')}\n`);
}

function disagreements(
  all: readonly MadeUp[],
  graded: Took,
  jest: readonly Took[],
  say: (what: string) => void,
): number {
  const others = jest.flatMap(({ name, types, holding }) =>
    all
      .filter(({ what }) => /^(?:right|wrong)\//.test(what) || (types && what === 'a type error'))
      .filter(({ student }) => holding.has(student) !== graded.holding.has(student))
      .map(({ student, kata, what }) => `${name} says otherwise of ${student}, ${kata} ${what}`),
  );
  for (const other of others) say(other);
  return others.length === 0 ? 0 : 1;
}
