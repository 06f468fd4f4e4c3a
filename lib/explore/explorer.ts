// SPDX-License-Identifier: GPL-2.0-only
/** The interface of every strategy: it runs executions on a machine and shows each to a visitor. */
import type { Footprint, Machine } from '../machine';

/** One step of an execution, as strategies record it. */
export interface Event {
  /** The task, how many steps it had taken before, and the outcome if the step was a choice. */
  readonly task: number;
  readonly nth: number;
  readonly outcome: number;
  /** How many outcomes the step could have; 1 unless it is a choice. */
  readonly outcomes: number;
  readonly footprint: Footprint;
}

/** An execution that has just ended, shown while the machine still holds its final state. */
export interface Execution {
  readonly machine: Machine;
  readonly events: readonly Event[];
}

/** Looks at an execution; true ends the exploration. */
export type Visitor = (execution: Execution) => boolean;

export interface ExploreOptions {
  /** How many executions to run at most; if there are more, the result is not complete. */
  readonly executionsMax?: number;
  /** Called when the exploration restarts: all counts so far are void. */
  restarted?(): void;
}

/** The result of an exploration. */
export interface Exploration {
  readonly strategy: 'dpor' | 'dfs' | 'pct' | 'random' | 'walk';
  /** Executions that ended; for dpor each is a different trace. */
  readonly executions: number;
  /** Every trace was explored: no bound was reached and the visitor did not stop the search. */
  readonly complete: boolean;
  /** Executions that were begun, then given up because their trace was already covered. */
  readonly surplus: number;
  /** How many steps were run in all, including replays. */
  readonly steps: number;
  /** The longest execution, in steps. */
  readonly depth: number;
  /**
   * Why the result is not complete: executions were cut off at the machine's step bound, there were too many, or only
   * schedules with few preemptions were explored.
   */
  readonly bound: 'steps' | 'executions' | 'preemptions' | null;
  /** The seed of executions that were drawn at random. */
  readonly seed?: number;
  /** Only schedules with at most so many preemptions were explored. */
  readonly preemptionsMax?: number;
}

export type Explorer = (machine: Machine, visit: Visitor, options?: ExploreOptions) => Exploration;

/** A search with more executions than this is hopeless; every kata needs far fewer. */
export const EXECUTIONS_MAX = 2_000_000;
