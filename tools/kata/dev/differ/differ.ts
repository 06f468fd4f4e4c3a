// SPDX-License-Identifier: GPL-2.0-only
/** Hunts for the smallest client program that tells two drivers from each other. */
import type { Client } from './calls';
import { outcomesOf, scenarioText } from './outcomes';
import { programs } from './programs';

/** A program that tells two drivers apart, and the outcomes that only one of them has. */
export interface Difference {
  readonly scenario: string;
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

type Driver = Readonly<Record<string, unknown>>;

/** Tries all programs of up to so many calls, the smallest first, and stops at the first that tells. */
export function hunt(client: Client, a: Driver, b: Driver, sizeMax: number): Hunt {
  let tried = 0;
  let unfinished = 0;
  for (const program of programs(client.calls.length, sizeMax)) {
    if (program.failing && Object.keys(client.failures).length === 0) continue;
    const [ofA, ofB] = [a, b].map((driver) => outcomesOf(client, driver, program));
    if (!ofA || !ofB) {
      unfinished++;
      continue;
    }
    tried++;
    const onlyA = [...ofA].filter((outcome) => !ofB.has(outcome));
    const onlyB = [...ofB].filter((outcome) => !ofA.has(outcome));
    if (onlyA.length + onlyB.length === 0) continue;
    const difference = { scenario: scenarioText(client, program), onlyA, onlyB };
    return { difference, tried, unfinished };
  }
  return { difference: null, tried, unfinished };
}
