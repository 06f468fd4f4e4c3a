// SPDX-License-Identifier: GPL-2.0-only
/** What a machine runs, and how it is told to. */
import type { Machine } from './machine';
import type { Monitor } from './monitor';

/** A program the machine can boot: it sets up the world and spawns the tasks. */
export interface Program {
  /** Runs in the boot task, without interleaving, at the start of every execution. */
  boot(machine: Machine): void;
  /** Runs when no task can go on and all have ended in order. */
  finish?(machine: Machine): void;
}

export interface MachineOptions {
  readonly monitors?: readonly Monitor[];
  /** Steps of one execution after which it is cut off; reaching it is reported, never passed over. */
  readonly stepsMax?: number;
  /** Let additions to one counter commute where their results are not used: fewer traces than the optimum, same outcomes. */
  readonly commuting?: boolean;
  /**
   * Whether accesses may be seen in another order than they are made: 'always' keeps the execution graph from the beginning,
   * 'noticed', the default, once detectors' clocks tell that it matters, 'never' explores interleavings alone.
   */
  readonly reorders?: 'always' | 'noticed' | 'never';
}

const OUTCOMES: number[][] = [];

/** The outcomes from 0 on, so many of them. */
export function firstOutcomes(count: number): readonly number[] {
  return (OUTCOMES[count] ??= Array.from({ length: count }, (_, outcome) => outcome));
}
