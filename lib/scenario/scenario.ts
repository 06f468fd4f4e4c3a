// SPDX-License-Identifier: GPL-2.0-only
/**
 * Scenarios: small worlds in which a driver is tried. A scenario sets up a world, runs tasks in it and checks the state
 * they leave. It says what must hold in every interleaving, but not how.
 */
import type { Op } from '../machine';

/**
 * The purpose of a scenario: the race itself, a function that a fix must keep, harm that a fix may do, something that
 * must stay possible.
 */
export type ScenarioKind = 'race' | 'function' | 'overfix' | 'reachable';

/** A scenario; `W` is its world, which `setup` builds for every execution. */
export interface Scenario<W = unknown> {
  /** Its name in reports and in kata.json. */
  readonly id: string;
  /** One sentence that says what must hold. */
  readonly title: string;
  /** The number of the kata's task that it belongs to. */
  readonly task: number;
  /** Its purpose. */
  readonly kind: ScenarioKind;
  /** Builds the world, in the boot task, while no other task runs. */
  setup?(): Op<W>;
  /** The tasks by name; the names head the columns of a report. */
  readonly tasks: Readonly<Record<string, (world: W) => Op<unknown>>>;
  /**
   * Inspects the world after every task has ended. What the world then leads to is not a leak; what only statics lead to
   * is a leak.
   */
  check?(world: W): Op<unknown>;
  /** Operations that may fail, and how often in each task: `{ kmalloc: 1 }`. */
  readonly failures?: Readonly<Record<string, number>>;
  /**
   * How often what ends by time may do so: a timer or a delayed work by the name of its member or static, 2 unless it is named
   * here. More is not explored, and the verdict says so.
   */
  readonly expiries?: Readonly<Record<string, number>>;
  /**
   * How many allocations of each type may be left although the world does not lead to them: `{ kioctx_table: 1 }`.
   * Everything else that was allocated must be freed, even if statics lead to it.
   */
  readonly mayKeep?: Readonly<Record<string, number>>;
  /** For kind 'reachable': a mark that some execution must set with reached(). */
  readonly reaches?: string;
  /**
   * Groups of tasks that run the same code on the same world. Of executions that differ only in the names of such tasks,
   * one is run.
   */
  readonly alike?: readonly (readonly string[])[];
  /**
   * Use these detectors only, like a kernel built without the others. This shows what they report where others would
   * report more.
   */
  readonly detectors?: readonly string[];
  /** Let reference counts commute: see MachineOptions.commuting. */
  readonly commuting?: boolean;
  /** Let readers of a lock wait behind a writer that waits, as in Linux: see MachineOptions.fair. */
  readonly fair?: boolean;
  /** The maximum number of steps of one execution, if the default is too small. */
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
  return definition as unknown as Scenario; // the world of a scenario is passed to that scenario only
}

/**
 * Declares the scenarios of a kata: `export default suite<typeof import('./rbd')>((rbd) => [...])`.
 *
 * @param scenarios makes the scenarios for a driver
 * @returns the default export of `scenarios.ts`
 */
export function suite<Driver>(scenarios: (driver: Driver) => readonly Scenario[]): Suite<Driver> {
  return { scenarios };
}
