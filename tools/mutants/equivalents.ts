// SPDX-License-Identifier: GPL-2.0-only
/** Mutants that nobody can tell from a right answer, and why: solutions/NN-slug/equivalents.json. */
import fs from 'node:fs';
import path from 'node:path';
import type { KataFolder } from '../../lib/kata/files';
import { textOrNull } from '../answers/text';
import { type Mutant, mutantsOf } from './mutants';

/** A mutation that survives, and may. */
export interface Equivalent {
  readonly id: string;
  /** The answers it is explained for, and the function that was changed in them. */
  readonly of: readonly string[];
  readonly within: string;
  readonly change: readonly string[];
  /** One sentence: why no scenario could tell. */
  readonly why: string;
}

/** What is needed of a mutant to find it in the list. */
type Named = Pick<Mutant, 'id' | 'of' | 'within' | 'change'>;

/** The list of a kata. */
export const EQUIVALENTS = 'equivalents.json';

/** What a kata explains. */
export class Equivalents {
  readonly #file: string;
  readonly #all: readonly Equivalent[];

  constructor(root: string, id: string) {
    this.#file = path.join(root, 'solutions', id, EQUIVALENTS);
    const text = textOrNull(this.#file);
    this.#all = text === null ? [] : (JSON.parse(text) as Equivalent[]); // as explain() writes them
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Whether a mutant is explained, in the answer that it was made from. */
  has({ id, of }: Named): boolean {
    return this.#all.some((entry) => entry.id === id && entry.of.includes(of));
  }

  /** Adds mutants to the list, for one reason; those that were there already get this one. */
  explain(mutants: readonly Named[], why: string): void {
    const all = new Map(this.#all.map((entry) => [entry.id, entry]));
    for (const { id, of, within, change } of mutants) {
      const others = all.get(id)?.of.filter((other) => other !== of) ?? [];
      all.set(id, { id, of: [...others, of], within, change, why });
    }
    const sorted = [...all.values()].sort((a, b) => order(a).localeCompare(order(b)));
    fs.writeFileSync(this.#file, `${JSON.stringify(sorted, null, 2)}\n`);
  }

  /** What is wrong with the list, given all mutants of the kata: those that are not made any more, and those without a reason. */
  problems(mutants: readonly Named[]): string[] {
    const made = new Set(mutants.map(({ id, of }) => `${id} ${of}`));
    return this.#all.flatMap(({ id, of: answers, within, why }) => [
      ...answers
        .filter((of) => !made.has(`${id} ${of}`))
        .map(
          (of) => `${this.#shown(id)} in ${within}() of ${of} is not made any more; take it out`,
        ),
      ...(why.trim() === '' ? [`${this.#shown(id)} is not explained`] : []),
    ]);
  }

  /** Explanations that are wrong: these mutants are rejected. */
  refuted(rejected: readonly Named[]): string[] {
    return rejected
      .filter((mutant) => this.has(mutant))
      .map(({ id, of }) => `${this.#shown(id)} of ${of} is rejected; take it out`);
  }

  #shown(id: string): string {
    return `${path.basename(path.dirname(this.#file))}/${EQUIVALENTS}: ${id}`;
  }
}

function order({ within, id }: Equivalent): string {
  return `${within} ${id}`;
}

/** What is wrong with a kata's list. */
export function staleProblems(root: string, kata: KataFolder): string[] {
  const equivalents = new Equivalents(root, kata.manifest.id);
  return equivalents.isEmpty ? [] : equivalents.problems(mutantsOf(root, kata));
}
