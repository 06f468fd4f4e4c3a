// SPDX-License-Identifier: GPL-2.0-only
/** A class made up for tests: right answers, wrong ones, nonsense and mischief, each with what grading must make of it. */
import fs from 'node:fs';
import path from 'node:path';
import { parseManifest } from '../../../lib/kata/manifest';
import { Prng } from '../../../lib/explore/prng';
import { answerFiles, applied } from '../../answers/files';
import { LINK_MODE, patched, zipOf } from '../testing/zips';

/** What a submission must come to: everything, not everything, a refusal, or a verdict of any kind without a point. */
export type Expected = 'full' | 'less' | 'rejected' | 'nothing';

export interface MadeUp {
  readonly student: string;
  readonly kata: string;
  readonly driver: string;
  /** What kind of submission it is, for messages. */
  readonly what: string;
  readonly expected: Expected;
  /** Puts it into a folder of submissions. */
  readonly handIn: (folder: string) => void | Promise<void>;
}

/** A kata with the files that submissions are made of. */
interface Material {
  readonly kata: string;
  readonly driver: string;
  readonly solution: string;
  /** Other files there are, with what each must come to. */
  readonly files: readonly {
    readonly name: string;
    readonly text: string;
    readonly expected: Expected;
  }[];
}

export interface ClassOptions {
  readonly root: string;
  readonly katas: readonly string[];
  readonly count: number;
  readonly seed: number;
  /** Only answers, right or wrong, in plain files. */
  readonly ordinary?: boolean;
  /** More that must not get a point, for instance a corpus of attacks: for a kata, by name. */
  readonly hostile?: readonly {
    readonly kata: string;
    readonly name: string;
    readonly bytes: Buffer;
  }[];
}

/** The class; the same seed gives the same class. */
export function madeUpClass(options: ClassOptions): MadeUp[] {
  const prng = new Prng(options.seed);
  const all = options.katas.map((kata) => material(options.root, kata));
  const hostile = options.hostile ?? [];
  const count = Math.max(0, options.count - hostile.length);
  const names = shuffled(count, prng).map((number) => `s${String(number).padStart(4, '0')}`);
  const made = Array.from({ length: count }, (_, i) => {
    // Two in a row for each kata: one that is ordinary and one that is not.
    const of = all[(i >> 1) % all.length];
    if (of === undefined) throw new Error('a class needs a kata');
    return submission(names[i] ?? '', of, options.ordinary === true ? 0 : i, prng);
  });
  return [...made, ...hostile.map((one, i) => attack(`x${String(i).padStart(4, '0')}`, one, all))];
}

/** The numbers from 0 in an order of chance: students are graded by name, and their work must not be in order. */
function shuffled(count: number, prng: Prng): number[] {
  const rest = Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: count }, () => rest.splice(prng.below(rest.length), 1)[0] ?? 0);
}

function material(root: string, kata: string): Material {
  const text = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
  const manifest = parseManifest(text(`katas/${kata}/kata.json`), 'kata.json');
  const { driver } = manifest;
  const files = answerFiles(root, kata).map((file): Material['files'][number] => {
    const expected = file.kind === 'right' ? 'full' : 'less';
    return {
      name: `${file.kind}/${file.name}`,
      text: applied(root, manifest, file).text,
      expected,
    };
  });
  const solution = text(`solutions/${kata}/${driver}`);
  return { kata, driver, solution, files };
}

type Maker = (
  of: Material,
  prng: Prng,
) => Omit<MadeUp, 'student' | 'kata' | 'driver' | 'handIn'> & {
  readonly hand: (folder: string, student: string) => void | Promise<void>;
};

function submission(student: string, of: Material, i: number, prng: Prng): MadeUp {
  // Every other one is what a class hands in, the rest what a grader has to put up with.
  const odd = i % 2 === 1 ? MAKERS[(i >> 1) % MAKERS.length] : undefined;
  const maker = odd ?? ordinary;
  const { hand, ...made } = maker(of, prng);
  const { kata, driver } = of;
  return { ...made, student, kata, driver, handIn: (folder) => hand(folder, student) };
}

const ordinary: Maker = (of, prng) => {
  const file = of.files[prng.below(of.files.length)];
  if (file === undefined) throw new Error(`${of.kata} has no answers`);
  return { what: file.name, expected: file.expected, hand: plain(of, file.text) };
};

/** A plain file in the student's folder. */
function plain({ kata, driver }: Material, contents: string | Buffer): ReturnType<Maker>['hand'] {
  return (folder, student) => {
    fs.mkdirSync(path.join(folder, student, kata), { recursive: true });
    fs.writeFileSync(path.join(folder, student, kata, driver), contents);
  };
}

function zipped(
  make: (of: Material) => Promise<Buffer>,
): (of: Material) => ReturnType<Maker>['hand'] {
  return (of) => async (folder, student) => {
    fs.writeFileSync(path.join(folder, `${student}.zip`), await make(of));
  };
}

/** One that hands in a text made of the solution. */
function changed(
  what: string,
  expected: Expected,
  change: (solution: string) => string | Buffer,
): Maker {
  return (of) => ({ what, expected, hand: plain(of, change(of.solution)) });
}

const entry = ({ kata, driver, solution }: Material, name = `${kata}/${driver}`) => {
  return { name, contents: solution };
};

const goodZip = zipped((of) => zipOf([entry(of)]));
const slip = zipped(async (of) =>
  patched(await zipOf([entry(of, `aa/${of.kata}/${of.driver}`)]), 'aa/', '../'),
);
const linkInZip = zipped((of) =>
  zipOf([{ ...entry(of), contents: '/etc/passwd', mode: LINK_MODE }]),
);
const twice = zipped((of) => zipOf([entry(of), entry(of)]));
const noZip = zipped(() => Promise.resolve(Buffer.from('PK\u0003\u0004 and nothing more')));

/** Everything that is not an answer, and the solution in other clothes. */
const MAKERS: readonly Maker[] = [
  changed(
    'a type error',
    'nothing',
    (text) => `${text}\nfunction wrong(): number {\n  return 'x';\n}\n`,
  ),
  changed('empty', 'rejected', () => ''),
  (of) => ({ what: 'a zip file', expected: 'full', hand: goodZip(of) }),
  (_of, prng) => ({ what: 'garbage', expected: 'rejected', hand: plain(_of, garbage(prng)) }),
  changed('cut off', 'rejected', (text) => text.slice(0, Math.floor(text.length / 2))),
  (of) => ({ what: 'a zip file leading out', expected: 'rejected', hand: slip(of) }),
  changed('binary', 'rejected', (text) =>
    Buffer.concat([Buffer.from([0xff, 0xfe, 0, 1]), Buffer.from(text)]),
  ),
  changed('huge', 'rejected', (text) => `${text}${'// x\n'.repeat(40_000)}`),
  (of) => ({ what: 'a link in a zip file', expected: 'rejected', hand: linkInZip(of) }),
  changed('state at file scope', 'rejected', (text) => `${text}\nlet count = 0;\n`),
  changed('an import of the host', 'rejected', (text) => `${text}\nimport fs from 'node:fs';\n`),
  (of) => ({ what: 'the same twice in a zip file', expected: 'rejected', hand: twice(of) }),
  changed('the end of the process', 'rejected', (text) => `${text}\nprocess.exit(0);\n`),
  changed('only exports', 'rejected', () => 'export const nothing = 1;\n'),
  (of) => ({ what: 'no zip file', expected: 'rejected', hand: noZip(of) }),
  linked,
  changed(
    'a byte order mark and other line ends',
    'full',
    (text) => `\ufeff${text.replace(/\n/g, '\r\n')}`,
  ),
  folderInsteadOfFile,
];

/** A link to somebody's solution. */
function linked(of: Material): ReturnType<Maker> {
  const hand = (folder: string, student: string): void => {
    const target = path.join(folder, '..', 'solution.ts');
    fs.writeFileSync(target, of.solution);
    fs.mkdirSync(path.join(folder, student, of.kata), { recursive: true });
    fs.symlinkSync(target, path.join(folder, student, of.kata, of.driver));
  };
  return { what: 'a link', expected: 'rejected', hand };
}

function folderInsteadOfFile(of: Material): ReturnType<Maker> {
  const hand = (folder: string, student: string): void => {
    fs.mkdirSync(path.join(folder, student, of.kata, of.driver), { recursive: true });
  };
  return { what: 'a folder', expected: 'rejected', hand };
}

function garbage(prng: Prng): string {
  return Array.from({ length: 400 }, () => String.fromCharCode(32 + prng.below(95))).join('');
}

function attack(
  student: string,
  { kata, name, bytes }: { readonly kata: string; readonly name: string; readonly bytes: Buffer },
  all: readonly Material[],
): MadeUp {
  const of = all.find((each) => each.kata === kata);
  if (of === undefined) throw new Error(`${name}: ${kata} is not in this class`);
  const hand = plain(of, bytes);
  return {
    ...{ student, kata, driver: of.driver, what: `attack ${name}`, expected: 'nothing' },
    handIn: (folder) => hand(folder, student),
  };
}

/** Puts all of them into a folder, in the order of the seed. */
export async function handInAll(
  all: readonly MadeUp[],
  folder: string,
  seed: number,
): Promise<void> {
  const prng = new Prng(seed);
  fs.mkdirSync(folder, { recursive: true });
  const rest = [...all];
  while (rest.length > 0) {
    const [next] = rest.splice(prng.below(rest.length), 1);
    await next?.handIn(folder);
  }
}
