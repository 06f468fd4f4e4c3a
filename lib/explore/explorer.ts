// SPDX-License-Identifier: GPL-2.0-only
/** The seam every strategy fits: it runs executions on a machine and shows each to a visitor. */
import type { Footprint, Machine } from '../machine';

/** One step of an execution, as strategies record it. */
export interface Event {
  /** Task, how many steps it had taken before, and the outcome if the step was a choice. */
  readonly task: number;
  readonly nth: number;
  readonly outcome: number;
  /** How many outcomes the step had to choose from; 1 for all but choices. */
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
  /** Executions after which the exploration gives up; the result then says that it is not complete. */
  readonly executionsMax?: number;
  /** Called when the exploration begins anew: what it counted so far is void. */
  restarted?(): void;
}

/** What an exploration can say of itself. */
export interface Exploration {
  readonly strategy: 'dpor' | 'dfs' | 'pct' | 'random' | 'walk';
  /** Executions run to their end, each a different trace for dpor. */
  readonly executions: number;
  /** Every trace was explored: nothing was cut off by a bound and the visitor did not stop it. */
  readonly complete: boolean;
  /** Executions begun and given up because their trace turned out to be covered. */
  readonly surplus: number;
  /** Steps performed in all, replays included. */
  readonly steps: number;
  /** The longest execution, in steps. */
  readonly depth: number;
  /** Why it is not complete: executions were cut at the machine's step bound, there were too many, or others were not asked for. */
  readonly bound: 'steps' | 'executions' | 'preemptions' | null;
  /** The executions were drawn at random, from this seed. */
  readonly seed?: number;
  /** Only schedules with at most so many preemptions were explored. */
  readonly preemptionsMax?: number;
}

export type Explorer = (machine: Machine, visit: Visitor, options?: ExploreOptions) => Exploration;

/** More executions than this are a search for a needle: no kata comes near. */
export const EXECUTIONS_MAX = 2_000_000;
