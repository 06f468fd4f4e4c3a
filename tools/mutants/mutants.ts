// SPDX-License-Identifier: GPL-2.0-only
/**
 * All mutants of a kata's solution and right answers, each meaning once. A function that several answers share is mutated in the
 * first of them only: all of them are right, so a mistake in it is the same mistake.
 */
import ts from 'typescript';
import type { KataFolder } from '../../lib/kata/files';
import { LIB_EXPORTS } from '../../lib/kata/files';
import { answerFiles, applied, baseText } from '../answers/files';
import { sha256 } from '../answers/text';
import {
  type Driver,
  type Fn,
  mutated,
  mutatedFunction,
  type Mutation,
  parseDriver,
  textOf,
} from './driver';
import { MUTATORS } from './mutators';

/** A driver with one mistake in it. */
export interface Mutant {
  /** The same wherever the same lines of a function of that name are changed the same way, between the same lines. */
  readonly id: string;
  readonly family: string;
  /** The driver it was made from: `solution` or `right/NAME`. */
  readonly of: string;
  /** The function that was changed. */
  readonly within: string;
  /** Lines that went and came, with `-` and `+` in front. */
  readonly change: readonly string[];
  readonly text: string;
  /** The digest of what the text means: comments and layout do not count. */
  readonly meaning: string;
}

/** The mutants of a kata, in the order of its answers, the functions in them, and the families. */
export function mutantsOf(root: string, { manifest }: KataFolder): Mutant[] {
  const right = answerFiles(root, manifest.id).filter(({ kind }) => kind === 'right');
  return mutantsIn([
    ['solution', baseText(root, manifest, 'solution')],
    ...right.map((file): [string, string] => [
      `right/${file.name}`,
      applied(root, manifest, file).text,
    ]),
  ]);
}

/** The mutants of some answers, given with their names. */
export function mutantsIn(answers: readonly (readonly [string, string])[]): Mutant[] {
  const bases = answers.map(([of, text]) => new Base(of, parseDriver(text)));
  const known = new Set(bases.map(({ meaning }) => meaning));
  const mutants: Mutant[] = [];
  for (const base of bases) {
    const ids = new Set<string>();
    for (const fn of base.functions) {
      if (known.has(base.printed(fn))) continue;
      known.add(base.printed(fn));
      for (const mutant of base.mutantsOf(fn)) {
        if (known.has(mutant.meaning)) continue;
        known.add(mutant.meaning);
        mutants.push({ ...mutant, id: unused(mutant.id, ids) });
      }
    }
  }
  return mutants;
}

/** Two mutants of an answer have two ids, even where the same lines stand twice. */
function unused(id: string, ids: Set<string>): string {
  let n = 1;
  while (ids.has(n === 1 ? id : `${id}-${n}`)) n++;
  const one = n === 1 ? id : `${id}-${n}`;
  ids.add(one);
  return one;
}

/** A right answer, and what it comes to function by function. */
class Base {
  readonly #of: string;
  readonly #driver: Driver;
  readonly #printed: ReadonlyMap<Fn, string>;
  readonly #rest: string;

  constructor(of: string, driver: Driver) {
    this.#of = of;
    this.#driver = driver;
    this.#printed = new Map(driver.functions.map((fn) => [fn, printed(textOf(driver, fn.whole))]));
    this.#rest = printed(driver.text, (node) => !ts.isFunctionDeclaration(node));
  }

  get functions(): readonly Fn[] {
    return this.#driver.functions;
  }

  /** The digest of the answer without its imports. */
  get meaning(): string {
    return this.#meaning(null, '');
  }

  /** A function as the printer gives it: comments and layout are gone. */
  printed(fn: Fn): string {
    return this.#printed.get(fn) ?? '';
  }

  mutantsOf(fn: Fn): Mutant[] {
    const mutations = Object.entries(MUTATORS).flatMap(([family, mutator]) =>
      mutator(fn, this.#driver).map((mutation) => ({ family, mutation })),
    );
    return mutations
      .filter(({ mutation: { needs = [] } }) => needs.every((name) => LIB_EXPORTS.includes(name)))
      .map(({ family, mutation }) => this.#mutant(fn, family, mutation));
  }

  #mutant(fn: Fn, family: string, mutation: Mutation): Mutant {
    const before = textOf(this.#driver, fn.whole);
    const after = mutatedFunction(this.#driver, fn, mutation);
    const { change, around } = changeOf(before, after);
    return {
      id: sha256([fn.name, ...change, ...around].join('\n')).slice(0, 8),
      family,
      of: this.#of,
      within: fn.name,
      change,
      text: mutated(this.#driver, mutation),
      meaning: this.#meaning(fn, printed(after)),
    };
  }

  #meaning(fn: Fn | null, instead: string): string {
    const functions = [...this.#printed].map(([one, text]) => (one === fn ? instead : text));
    return sha256([this.#rest, ...functions].join('\n'));
  }
}

/** The lines from the first that differs to the last, what was swapped standing there twice; and those before and after them. */
function changeOf(before: string, after: string) {
  const [old, made] = [before, after].map((text) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
  if (old === undefined || made === undefined) return { change: [], around: [] };
  let [from, end] = [0, 0];
  while (from < old.length && old[from] === made[from]) from++;
  const most = Math.min(old.length, made.length) - from;
  while (end < most && old.at(-1 - end) === made.at(-1 - end)) end++;
  const shown = (lines: readonly string[], sign: string): string[] =>
    lines.slice(from, lines.length - end).map((line) => `${sign} ${line}`);
  const around = [old[from - 1] ?? '', old[old.length - end] ?? ''];
  return { change: [...shown(old, '-'), ...shown(made, '+')], around };
}

const printer = ts.createPrinter({ removeComments: true });

/** The statements of a text that are wanted, as the printer gives them; never its imports. */
function printed(text: string, wanted: (node: ts.Statement) => boolean = () => true): string {
  const file = ts.createSourceFile('driver.ts', text, ts.ScriptTarget.Latest, false);
  return file.statements
    .filter((statement) => !ts.isImportDeclaration(statement) && wanted(statement))
    .map((node) => printer.printNode(ts.EmitHint.Unspecified, node, file))
    .join('\n');
}
