// SPDX-License-Identifier: GPL-2.0-only
/** Mutants that nobody can tell from a right answer, and why: solutions/NN-slug/equivalents.json. */
import fs from 'node:fs';
import path from 'node:path';
import type { KataFolder } from '../../lib/kata/files';
import { textOrNull } from '../answers/text';
import { idsIn, type Mutant } from './mutants';

/** A mutant that survives, and may. */
export interface Equivalent {
  readonly id: string;
  /** The first driver it was made from, and the function that was changed. */
  readonly of: string;
  readonly within: string;
  readonly change: readonly string[];
  /** One sentence: why no scenario could tell. */
  readonly why: string;
}

/** The list of a kata. */
export const EQUIVALENTS = 'equivalents.json';

/** What a kata explains. */
export function equivalentsOf(root: string, id: string): Equivalent[] {
  const text = textOrNull(path.join(root, 'solutions', id, EQUIVALENTS));
  return text === null ? [] : (JSON.parse(text) as Equivalent[]); // a test holds the file to this form
}

/** Adds mutants to a kata's list, for one reason; those that were there already get this one. */
export function explain(root: string, id: string, mutants: readonly Mutant[], why: string): void {
  const first = mutants.filter((mutant, i) => mutants.findIndex((m) => m.id === mutant.id) === i);
  const added = first.map(({ id: mutant, of, within, change }) => {
    return { id: mutant, of, within, change, why };
  });
  const ids = new Set(added.map((entry) => entry.id));
  const kept = equivalentsOf(root, id).filter((entry) => !ids.has(entry.id));
  const all = [...kept, ...added].sort((a, b) => order(a).localeCompare(order(b)));
  const file = path.join(root, 'solutions', id, EQUIVALENTS);
  fs.writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

function order({ of, within, id }: Equivalent): string {
  return `${of === 'solution' ? 0 : 1} ${of} ${within} ${id}`;
}

/** What is wrong with a kata's list: mutants that are not made any more, and those without a reason. */
export function staleProblems(root: string, kata: KataFolder): string[] {
  const { id } = kata.manifest;
  const equivalents = equivalentsOf(root, id);
  const made = new Map<string, ReadonlySet<string>>();
  for (const of of new Set(equivalents.map((entry) => entry.of))) {
    const functions = equivalents.filter((entry) => entry.of === of).map(({ within }) => within);
    made.set(of, idsIn(root, kata, of, functions));
  }
  return equivalents.flatMap(({ id: mutant, of, within, why }) => {
    const shown = `solutions/${id}/${EQUIVALENTS}: ${mutant} in ${within}() of ${of}`;
    return [
      ...(made.get(of)?.has(mutant) === true ? [] : [`${shown} is not made any more; take it out`]),
      ...(why.trim() === '' ? [`${shown} is not explained`] : []),
    ];
  });
}
