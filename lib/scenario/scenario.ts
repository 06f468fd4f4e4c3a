// SPDX-License-Identifier: GPL-2.0-only
/**
 * Scenarios: small worlds in which a driver is tried. A scenario sets up a world, lets tasks loose on it and looks at what is
 * left; it says what must hold in every interleaving and never how.
 */
import type { Op } from '../machine';

/** What a scenario is for: the race itself, the function a fix must keep, harm a fix may do, something that must stay possible. */
export type ScenarioKind = 'race' | 'function' | 'overfix' | 'reachable';

/** A scenario; `W` is its world, made anew by `setup` for every execution. */
export interface Scenario<W = unknown> {
  /** Its name in reports and in kata.json. */
  readonly id: string;
  /** One sentence that says what must hold. */
  readonly title: string;
  /** Number of the kata's task it belongs to. */
  readonly task: number;
  /** What it is for. */
  readonly kind: ScenarioKind;
  /** Builds the world, in the boot task, with nobody else running. */
  setup?(): Op<W>;
  /** The tasks by name; the names head the columns of a report. */
  readonly tasks: Readonly<Record<string, (world: W) => Op<unknown>>>;
  /** Looks at the world when every task has ended. What the world leads to then is no leak; what only statics lead to is one. */
  check?(world: W): Op<unknown>;
  /** Operations that may fail, and how often in each task: `{ kmalloc: 1 }`. */
  readonly failures?: Readonly<Record<string, number>>;
  /**
   * What may be left at the end although the world does not lead to it: how many of each type, `{ kioctx_table: 1 }`. Everything
   * else that was allocated must be gone, whatever statics lead to it.
   */
  readonly mayKeep?: Readonly<Record<string, number>>;
  /** For kind 'reachable': a mark that some execution must set with reached(). */
  readonly reaches?: string;
  /** Groups of tasks that run the same code on the same world: only one of the executions that differ by their names is run. */
  readonly alike?: readonly (readonly string[])[];
  /** Judge by these detectors alone, as a kernel does that has no others built in: to show what they say, beside one with all. */
  readonly detectors?: readonly string[];
  /** Let reference counts commute: see MachineOptions.commuting. */
  readonly commuting?: boolean;
  /** Steps of one execution, if the default is too small. */
  readonly stepsMax?: number;
}

/** The scenarios of a kata for a given driver. */
export interface Suite<Driver = never> {
  /** Makes the scenarios for a driver. */
  readonly scenarios: (driver: Driver) => readonly Scenario[];
}

/**
 * Declares a scenario. The world's type follows from `setup`.
 *
 * @example
 * const count = static_var('count', 0);
 * function* increment() {
 *   count.value++;
 * }
 * scenario({
 *   id: 'two-increments',
 *   title: 'two increments make two',
 *   task: 1,
 *   kind: 'race',
 *   tasks: { a: increment, b: increment },
 *   *check() {
 *     expect_eq(count.value, 2, 'the counter');
 *   },
 * });
 * @returns the scenario, for suite()
 */
export function scenario<W>(definition: Scenario<W>): Scenario {
  return definition as unknown as Scenario; // a scenario's world is only ever handed to the scenario itself
}

/**
 * Declares the scenarios of a kata: `export default suite<typeof import('./rbd')>((rbd) => [...])`.
 *
 * @param scenarios makes them for a driver
 * @returns what `scenarios.ts` exports by default
 */
export function suite<Driver>(scenarios: (driver: Driver) => readonly Scenario[]): Suite<Driver> {
  return { scenarios };
}
