// SPDX-License-Identifier: GPL-2.0-only
/**
 * The attack corpus: one file each in fixtures/, by its target. None may score. A driver is for the first kata: its first line says
 * what it does, its second what must result from it: a status, words of the message, and the status of the type check. Where the file
 * itself is the attack, the third says how it is put in place. A patch is for the kata it changes: its first line says what it
 * does, and a line `Expect:` what must result.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../kata/katas';

export interface Attack {
  /** CLASS/NAME. */
  readonly id: string;
  readonly what: string;
  /** NN-slug of the kata that it is handed in for. */
  readonly kata: string;
  readonly expected: Expected;
  /** What its file is called after the dot: 'ts' or 'patch'. */
  readonly kind: string;
  /** As written, with @@MARK@@ where it names a file that must not come to be. */
  readonly text: string;
  /** How the file is made; null for one that holds the text. */
  readonly place: string | null;
}

export interface Expected {
  /** 'any' for what may end in several ways. */
  readonly status: string;
  /** Words of the message. */
  readonly words: readonly string[];
  /** Status of the type check; null where it does not matter. */
  readonly types: string | null;
}

const root = repositoryRoot();
const folder = path.join(root, 'tools', 'grade', 'attacks', 'fixtures');

/** All attacks, in order. */
export function attacks(): Attack[] {
  return classes().flatMap((one) =>
    fs
      .readdirSync(path.join(folder, one))
      .sort()
      .map((name) => attackIn(one, name)),
  );
}

/** Drivers that are up to nothing and must pass, by name. */
export function innocents(): ReadonlyMap<string, string> {
  const files = fs.readdirSync(path.join(folder, INNOCENT)).sort();
  return new Map(files.map((name) => [name, path.join(folder, INNOCENT, name)]));
}

const INNOCENT = 'innocent';

function classes(): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => name !== INNOCENT)
    .sort();
}

function attackIn(one: string, name: string): Attack {
  const [base = '', kind = ''] = name.split('.');
  const text = fs.readFileSync(path.join(folder, one, name), 'utf8');
  const [first = '', second = '', third = ''] = text.split('\n');
  const isPatch = kind === 'patch';
  const what = isPatch ? first : /^\/\/ (.+)/.exec(first)?.[1];
  const expected = isPatch
    ? /^Expect: (.+)/m.exec(text)?.[1]
    : /^\/\/ expect: (.+)/.exec(second)?.[1];
  const id = `${one}/${base}`;
  if (what === undefined || expected === undefined)
    throw new Error(`attacks: ${id} does not say what it is and what must result from it`);
  return {
    ...{ id, what, kind, text },
    kata: isPatch ? (/^--- a\/\w+\/([^/]+)/m.exec(text)?.[1] ?? '') : '00-lost-update',
    expected: expectedOf(expected.split(' ')),
    place: isPatch ? null : (/^\/\/ place: (.*)/.exec(third)?.[1] ?? null),
  };
}

function expectedOf([status = '', ...rest]: readonly string[]): Expected {
  const at = rest.indexOf('types');
  const words = at < 0 ? rest : rest.slice(0, at);
  return { status, words, types: at < 0 ? null : (rest[at + 1] ?? null) };
}

/** Puts an attack in place as `file`; `mark` is what it must not write. */
export function putInPlace({ text, place }: Attack, file: string, mark: string): void {
  if (place === null) {
    fs.writeFileSync(file, text.replaceAll('@@MARK@@', mark));
    return;
  }
  const [how = '', ...rest] = place.split(' ');
  const target = (rest[0] ?? '').replace('SELF', file).replace('SOLUTION', solutionCopy(file));
  switch (how) {
    case 'symlink':
      fs.symlinkSync(target, file);
      return;
    case 'hardlink':
      fs.linkSync(target, file);
      return;
    case 'fifo':
      execFileSync('mkfifo', [file]);
      return;
    case 'directory':
      fs.mkdirSync(file);
      return;
    case 'bytes':
      fs.writeFileSync(file, Buffer.from(rest.join(''), 'hex'));
      return;
    case 'repeat':
      fs.writeFileSync(file, rest.slice(1).join(' ').repeat(Number(rest[0])));
      return;
    case 'missing':
      return;
    default:
      throw new Error(`attacks: nobody knows how to place '${place}'`);
  }
}

/** The solution, beside the submission: a hard link cannot leave its file system. */
function solutionCopy(file: string): string {
  const copy = `${file}.solution`;
  fs.copyFileSync(path.join(root, 'solutions', '00-lost-update', 'tally.ts'), copy);
  return copy;
}
