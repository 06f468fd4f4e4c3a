// SPDX-License-Identifier: GPL-2.0-only
/** All mutants of a kata's solution and right answers, each text once. */
import ts from 'typescript';
import type { KataFolder } from '../../lib/kata/files';
import { LIB_EXPORTS, loadSource } from '../../lib/kata/files';
import { answerFiles, applied, baseText } from '../answers/files';
import { sha256 } from '../answers/text';
import { type Driver, mutated, type Mutation, parseDriver } from './driver';
import { MUTATORS } from './mutators';

/** A driver with one mistake in it. */
export interface Mutant {
  /** The same wherever the function comes to the same text: a change of what answers share is explained once. */
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
export function mutantsOf(root: string, kata: KataFolder): Mutant[] {
  const { manifest } = kata;
  const bases = basesOf(root, kata);
  const known = new Set([...bases.values()].map((text) => meaningOf(text)));
  const isDriver = (text: string): boolean => loadSource(text, manifest, manifest.driver).ok;
  return [...bases].flatMap(([of, text]) => mutantsIn(of, text, known, isDriver));
}

/** The solution and the right answers by their names. */
function basesOf(root: string, { manifest }: KataFolder): ReadonlyMap<string, string> {
  const right = answerFiles(root, manifest.id).filter(({ kind }) => kind === 'right');
  return new Map([
    ['solution', baseText(root, manifest, 'solution')],
    ...right.map((file): [string, string] => [
      `right/${file.name}`,
      applied(root, manifest, file).text,
    ]),
  ]);
}

/** The ids of all mutants of a kata's answers that are made in the functions named, whether they are drivers or not. */
export function idsIn(
  root: string,
  kata: KataFolder,
  of: string,
  functions: readonly string[],
): ReadonlySet<string> {
  const text = basesOf(root, kata).get(of);
  if (text === undefined) return new Set<string>();
  const mutants = mutantsIn(of, text, new Set(), () => true, functions);
  return new Set(mutants.map(({ id }) => id));
}

/** The mutants of one text that are drivers and not known yet. */
export function mutantsIn(
  of: string,
  text: string,
  known: Set<string>,
  isDriver: (text: string) => boolean,
  functions?: readonly string[],
): Mutant[] {
  const driver = parseDriver(text);
  const mutants: Mutant[] = [];
  for (const { family, within, mutation } of mutationsOf(driver)) {
    if (functions?.includes(within) === false) continue;
    const made = mutated(driver, mutation);
    const meaning = meaningOf(made);
    if (known.has(meaning)) continue;
    known.add(meaning);
    const change = changeOf(text, made);
    const id = sha256(functionOf(made, within)).slice(0, 8);
    if (!isDriver(made)) continue;
    mutants.push({ id, family, of, within, change, text: made, meaning });
  }
  return mutants;
}

function mutationsOf(driver: Driver) {
  return driver.functions.flatMap((fn) =>
    Object.entries(MUTATORS).flatMap(([family, mutator]) =>
      mutator(fn, driver)
        .filter(({ needs = [] }) => needs.every((name) => LIB_EXPORTS.includes(name)))
        .map((mutation: Mutation) => ({ family, within: fn.name, mutation })),
    ),
  );
}

const printer = ts.createPrinter({ removeComments: true });

/** Two texts with the same tree have the same digest, whatever they import. */
function meaningOf(text: string): string {
  const file = sourceOf(text);
  const rest = file.statements.filter((statement) => !ts.isImportDeclaration(statement));
  return sha256(printed(file, rest));
}

/** The lines from the first that differs to the last, imports left out: what was swapped stands there twice. */
function changeOf(before: string, after: string): string[] {
  const [old, made] = [before, after].map((text) =>
    text.slice(text.indexOf("from '#lib'")).split('\n'),
  );
  if (old === undefined || made === undefined) return [];
  let [from, end] = [0, 0];
  while (old[from] === made[from]) from++;
  const most = Math.min(old.length, made.length) - from;
  while (end < most && old.at(-1 - end) === made.at(-1 - end)) end++;
  const shown = (lines: readonly string[], sign: string): string[] =>
    lines
      .slice(from, lines.length - end)
      .filter((line) => line.trim() !== '')
      .map((line) => `${sign} ${line.trim()}`);
  return [...shown(old, '-'), ...shown(made, '+')];
}

/** A function's text as the printer gives it, under its name. */
function functionOf(text: string, name: string): string {
  const file = sourceOf(text);
  const found = file.statements.find(
    (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
  return found === undefined ? '' : printed(file, [found]);
}

function sourceOf(text: string): ts.SourceFile {
  return ts.createSourceFile('driver.ts', text, ts.ScriptTarget.Latest, false);
}

function printed(file: ts.SourceFile, nodes: readonly ts.Node[]): string {
  return nodes.map((node) => printer.printNode(ts.EmitHint.Unspecified, node, file)).join('\n');
}
