// SPDX-License-Identifier: GPL-2.0-only
/** The programs that a machine runs, and its options. */
import type { Machine } from './machine';
import type { Monitor } from './monitor';

/** A program that the machine can boot: it sets up the world and spawns the tasks. */
export interface Program {
  /** Runs in the boot task, without interleaving, at the start of every execution. */
  boot(machine: Machine): void;
  /** Runs when no task can run and all have ended normally. */
  finish?(machine: Machine): void;
}

export interface MachineOptions {
  readonly monitors?: readonly Monitor[];
  /** The number of steps after which an execution is cut off. Reaching it is always reported. */
  readonly stepsMax?: number;
  /**
   * Let additions to one counter commute if their results are not used. There are fewer executions than traces then, but
   * the outcomes are the same.
   */
  readonly commuting?: boolean;
  /**
   * Let readers of a reader-writer lock wait behind a writer that waits, as in Linux. A reader that takes the lock again hangs then. It
   * costs executions, and changes nothing else.
   */
  readonly fair?: boolean;
  /**
   * Whether accesses may be seen in another order than they are made. 'always' keeps the execution graph from the
   * beginning; 'noticed', the default, from when the clocks show that it matters; 'never' explores interleavings only.
   */
  readonly reorders?: 'always' | 'noticed' | 'never';
}

const OUTCOMES: number[][] = [];

/** The first outcomes, from 0 on. */
export function firstOutcomes(count: number): readonly number[] {
  return (OUTCOMES[count] ??= Array.from({ length: count }, (_, outcome) => outcome));
}
