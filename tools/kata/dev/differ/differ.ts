// SPDX-License-Identifier: GPL-2.0-only
/**
 * Hunts for the smallest client program that tells two drivers from each other. All programs of few calls are tried, the smallest
 * first, so there is nothing to shrink. Of larger ones fast-check draws some, and calls are dropped from one that tells until each is
 * needed: fast-check's own shrinking keeps the end of a list, and stops where only its first calls are needed.
 */
import * as fc from 'fast-check';
import type { Client } from './calls';
import { type Outcomes, outcomesOf } from './outcomes';
import { drawn, type Program, programs, smallerThan } from './programs';
import { type Learn, programText, suiteText } from './text';

/** A program that tells two drivers apart, and the outcomes that only one of them has. */
export interface Difference {
  /** A whole scenarios.ts that holds with the first driver, as far as results go. */
  readonly suite: string;
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** What a hunt came to. */
export interface Hunt {
  readonly difference: Difference | null;
  /** Programs that were explored to their end with both drivers, and those that were not. */
  readonly tried: number;
  readonly unfinished: number;
}

/** What is compared: two drivers in a file of that name, and how they are called. */
export interface Compared {
  readonly file: string;
  readonly client: Client;
  readonly a: Driver;
  readonly b: Driver;
}

/** How far a hunt goes: all programs of up to so many calls, and so many larger ones. */
export interface Extent {
  readonly calls: number;
  readonly larger: number;
}

type Driver = Readonly<Record<string, unknown>>;

/** Tries programs, and stops at the first that tells. */
export function hunt(compared: Compared, { calls, larger }: Extent): Hunt {
  const hunter = new Hunter(compared);
  for (const program of programs(compared.client.calls.length, calls)) {
    const difference = hunter.tell(program);
    if (difference !== null) return hunter.result(difference);
  }
  const property = fc.property(drawn(compared.client.calls.length), (program) => {
    return hunter.tell(program) === null;
  });
  const { counterexample } =
    larger === 0
      ? { counterexample: null }
      : fc.check(property, { numRuns: larger, seed: SEED, endOnFailure: true });
  return hunter.result(counterexample === null ? null : hunter.shrink(counterexample[0]));
}

/** The same programs are drawn each time. */
const SEED = 15;

class Hunter {
  readonly #compared: Compared;
  #tried = 0;
  #unfinished = 0;

  constructor(compared: Compared) {
    this.#compared = compared;
  }

  /** What a program tells; null if that is nothing. */
  tell(program: Program): Difference | null {
    const { client, a, b } = this.#compared;
    if (program.failing && Object.keys(client.failures).length === 0) return null;
    const [ofA, ofB] = [a, b].map((driver) => outcomesOf(client, driver, program));
    if (!ofA || !ofB) {
      this.#unfinished++;
      return null;
    }
    this.#tried++;
    const onlyA = [...ofA.lines].filter((outcome) => !ofB.lines.has(outcome));
    const onlyB = [...ofB.lines].filter((outcome) => !ofA.lines.has(outcome));
    if (onlyA.length + onlyB.length === 0) return null;
    const text = programText(client, program, expecting(ofA));
    return { suite: suiteText(this.#compared.file, text), onlyA, onlyB };
  }

  /** Drops calls for as long as the rest still tells, and returns what the last one tells. */
  shrink(program: Program): Difference | null {
    for (const smaller of smallerThan(program)) {
      if (this.tell(smaller) !== null) return this.shrink(smaller);
    }
    return this.tell(program);
  }

  result(difference: Difference | null): Hunt {
    return { difference, tried: this.#tried, unfinished: this.#unfinished };
  }
}

/** A call whose value must be one that the first driver gives. */
function expecting({ values }: Outcomes): Learn {
  return (call, task, nth) => {
    const allowed = [...(values.get(task)?.[nth] ?? [])].sort();
    const what = `'${task}: call ${nth + 1}'`;
    return `expect_true(${JSON.stringify(allowed)}.includes(String(${call})), ${what})`;
  };
}
