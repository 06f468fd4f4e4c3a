// SPDX-License-Identifier: GPL-2.0-only
/** A replayed execution: every step of it, with what a report may say of it. Explorers make it, reports tell it. */
import type { Finding } from './finding';
import type { Footprint } from './footprint';

/** A plain access to memory that a step made. */
export interface PlainAccess {
  /** Label of the object, and the field if it has several. */
  readonly object: string;
  readonly field: string;
  readonly location: number;
  readonly write: boolean;
  /** What was read or written; null where that has no short form. */
  readonly value: string | null;
  readonly site: string;
}

/** A line the code printed. */
export interface PrintedLine {
  readonly text: string;
  readonly site: string;
  /** How many of the step's accesses came before it. */
  readonly behind: number;
  /** How many lines the step printed after it that were not kept. */
  readonly more: number;
}

/** A number that an operation found or changed. */
export interface StateChange {
  readonly type: string;
  readonly before: number;
  readonly after: number;
}

/** An operation a task is at: what it does, or waits for. */
export interface Operation {
  /** Name of its kind. */
  readonly operation: string;
  /** Label of the object it is about; empty if there is none. */
  readonly object: string;
  /** The stack that asked for it; empty unless the replay was traced. */
  readonly site: string;
}

/** What came of an operation. */
export interface Outcome {
  /** What the field it is about holds afterwards; null for an operation on a whole object. */
  readonly value: string | null;
  /** State of the operation's object before and after, if it has one. */
  readonly state: StateChange | null;
  /** What it gave; null if nothing that has a short form. */
  readonly result: string | null;
}

/** One step as it ran. */
export interface ReplayStep extends Operation, Outcome {
  readonly task: number;
  /** What names the task in every execution. */
  readonly path: string;
  /** What names it in this one: A for the first task, then B, C; empty in the final check. */
  readonly letter: string;
  readonly comm: string;
  readonly outcome: number;
  readonly footprint: Footprint;
  readonly accesses: readonly PlainAccess[];
  readonly prints: readonly PrintedLine[];
  /** Labels of what the task holds behind the operation. */
  readonly held: readonly string[];
  readonly findings: readonly Finding[];
  /** Tasks spawned. */
  readonly born: readonly number[];
  /** What the task came to wait for in this step. */
  readonly waits: Operation | null;
}

/** An execution, replayed. */
export interface Replay {
  readonly steps: readonly ReplayStep[];
  /** What was checked when all tasks had ended, as steps of nobody. */
  readonly check: readonly ReplayStep[];
  /** How many of the steps the schedule asked for; the rest is the default. */
  readonly scheduled: number;
  /** Everything that was found, also at boot and at the end. */
  readonly findings: readonly Finding[];
  /** The gravest. */
  readonly finding: Finding | null;
  /** Tasks that wait for ever. */
  readonly waiting: readonly (Operation & { readonly letter: string; readonly comm: string })[];
  /** The execution was cut off at the machine's step bound. */
  readonly cut: boolean;
  /** Every stack that was taken until the last step had ended; empty unless the replay was traced. */
  readonly stacks: readonly string[];
}
