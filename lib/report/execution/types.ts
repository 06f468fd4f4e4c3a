// SPDX-License-Identifier: GPL-2.0-only
/**
 * An execution as plain data: all that a player shows, without an object of the machine. It can be sent between processes and
 * written into a page. `executionOf` makes it from a trace.
 *
 * Positions count completed steps: 0 is after the set-up, n is after the nth step. A span lasts from one position to another.
 */

/** A line of a source file, and the function around it. */
export interface ExecutionPlace {
  /** Its name in reports: `rbd.ts`. */
  readonly file: string;
  readonly line: number;
  readonly within: string;
}

/** A task, which has a lane of its own. An interrupt on top of a task has that task's CPU. */
export interface ExecutionTask {
  readonly letter: string;
  readonly cpu: number;
  readonly comm: string;
  readonly context: 'process' | 'workqueue' | 'softirq' | 'hardirq';
  /** The step that started it, counted from 1; 0 for the tasks of the scenario. */
  readonly born: number;
  /** What started it: `B's queue_work()`; empty for the tasks of the scenario. */
  readonly from: string;
}

/** What a row of a lane tells. */
export type ExecutionRowKind = 'entry' | 'operation' | 'print';

/** One line in the lane of a task, as reports write it. */
export interface ExecutionRow {
  /** Empty for a row of the final check, which belongs to no task. */
  readonly letter: string;
  /** The first and the last step it tells of, counted from 1; the check comes after the last step. */
  readonly step: number;
  readonly last: number;
  readonly depth: number;
  readonly kind: ExecutionRowKind;
  readonly text: string;
  /** Label of the object it is about; empty if there is none. */
  readonly object: string;
  readonly at: { readonly file: string; readonly line: number } | null;
  /** Whether the finding mentions it. */
  readonly guilty: boolean;
  /** A note on a guilty row: `slab-use-after-free`; empty if there is none. */
  readonly note: string;
}

/** A plain access to memory. */
export interface ExecutionAccess {
  /** `rbd_client#1.id` */
  readonly what: string;
  readonly write: boolean;
  /** The value that was read or written; null if it has no short form. */
  readonly value: string | null;
  readonly at: ExecutionPlace | null;
}

/** One step. */
export interface ExecutionStep {
  readonly letter: string;
  /** The operation: `spin_lock(node_lock)`. */
  readonly text: string;
  readonly object: string;
  /** Where it was asked for, innermost first. */
  readonly stack: readonly ExecutionPlace[];
  /** Which of its outcomes it took; 0 is the usual one. */
  readonly outcome: number;
  /** The value it returned; null if it has none, or no short form. */
  readonly result: string | null;
  readonly accesses: readonly ExecutionAccess[];
  readonly prints: readonly string[];
  /** What a reordered access did: `reads 0, though 1 is newer`; null if it was not reordered. */
  readonly reordered: string | null;
  /** Whether the finding mentions it. */
  readonly guilty: boolean;
}

/** The state of a task between two steps. */
export interface ExecutionStanding {
  readonly letter: string;
  readonly state: 'ready' | 'waits' | 'ended' | 'killed';
  /** The operation it would run next: `spin_lock(node_lock)`; empty once it has ended. */
  readonly next: string;
  /** Where that is written, innermost first; empty before its first step. */
  readonly stack: readonly ExecutionPlace[];
  /** Labels of the locks and sections it holds. */
  readonly holds: readonly string[];
  /** Letters of the tasks that could end its wait. */
  readonly waitsFor: readonly string[];
}

/** What lasts: a held lock, a wait, a read section, a grace period, a work from queueing until it has ended. */
export interface ExecutionBand {
  readonly kind: 'lock' | 'wait' | 'section' | 'grace' | 'deferred';
  readonly name: string;
  /** The task it belongs to; empty for the set-up. */
  readonly letter: string;
  readonly from: number;
  /** Null if it lasts to the end. */
  readonly to: number | null;
  /** For a work, a timer or a callback: the position at which it began to run; null for all others. */
  readonly began: number | null;
}

/** The life of an allocated object. */
export interface ExecutionLife {
  readonly object: string;
  /** Who allocated it; empty for the set-up. */
  readonly letter: string;
  readonly from: number;
  readonly freed: number | null;
  /** Who freed it; null while it lives. */
  readonly freedBy: string | null;
  /** The steps that touched it, counted from 1. Those beyond `freed` used it after it was freed. */
  readonly uses: readonly number[];
}

/** A count and its values. */
export interface ExecutionCount {
  readonly object: string;
  /** The value from each position on; null where it is unknown or gone. */
  readonly changes: readonly {
    readonly at: number;
    readonly value: number | null;
    readonly text: string;
  }[];
}

/** A step that happens before another one, of another task. Steps count from 1. */
export interface ExecutionEdge {
  readonly from: number;
  readonly to: number;
  /** Whether the first told the second what it had done, or only let it continue. */
  readonly kind: 'synchronises' | 'wakes';
  readonly name: string;
}

/** What was found. */
export interface ExecutionFinding {
  readonly kind: string;
  readonly headline: string;
  /** The position from which it is known; 0 if the set-up found it. */
  readonly at: number;
  /** The steps that the finding mentions, counted from 1, oldest first. */
  readonly guilty: readonly number[];
  readonly report: string;
}

/** A whole execution. */
export interface Execution {
  readonly schema: 'kata-execution/v1';
  /** `01-rbd-put-client, put-vs-get: A2 B4 A3` */
  readonly title: string;
  readonly schedule: string;
  readonly tasks: readonly ExecutionTask[];
  readonly rows: readonly ExecutionRow[];
  readonly steps: readonly ExecutionStep[];
  /** The standing of every task at each position; one more than there are steps. */
  readonly standings: readonly (readonly ExecutionStanding[])[];
  readonly bands: readonly ExecutionBand[];
  readonly lives: readonly ExecutionLife[];
  readonly counts: readonly ExecutionCount[];
  readonly edges: readonly ExecutionEdge[];
  readonly finding: ExecutionFinding | null;
  /** The lines of the files that places name; the driver comes first. */
  readonly sources: readonly { readonly file: string; readonly lines: readonly string[] }[];
}
