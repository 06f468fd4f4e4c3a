// SPDX-License-Identifier: GPL-2.0-only
/** A replayed execution: every step, with what a report may say about it. Explorers make it, reports show it. */
import type { Finding } from './finding';
import type { Footprint } from './footprint';
import type { PassedOver } from './reordering';

/** A plain access to memory that a step made. */
export interface PlainAccess {
  /** Label of the object, and the field if it has several. */
  readonly object: string;
  readonly field: string;
  readonly location: number;
  readonly write: boolean;
  /** The value that was read or written; null if it has no short form. */
  readonly value: string | null;
  readonly site: string;
}

/** A line the code printed. */
export interface PrintedLine {
  readonly text: string;
  readonly site: string;
  /** How many of the step's accesses came before it. */
  readonly behind: number;
  /** How many later lines of the step were not kept. */
  readonly more: number;
}

/** The state of an object before and after an operation. */
export interface StateChange {
  readonly type: string;
  readonly before: number;
  readonly after: number;
}

/** The operation that a task runs or waits for. */
export interface Operation {
  /** Name of its kind. */
  readonly operation: string;
  /** Label of its object; empty if there is none. */
  readonly object: string;
  /** The stack that asked for it; empty unless the replay was traced. */
  readonly site: string;
}

/** The result of an operation. */
export interface Outcome {
  /** The value of the field afterwards; null for an operation on a whole object. */
  readonly value: string | null;
  /** State of the operation's object before and after, if it has one. */
  readonly state: StateChange | null;
  /** The returned value; null if it has no short form. */
  readonly result: string | null;
}

/** One step that ran. */
export interface ReplayStep extends Operation, Outcome {
  readonly task: number;
  /** The task's name in every execution. */
  readonly path: string;
  /** The task's name in this execution: A for the first task, then B, C; empty in the final check. */
  readonly letter: string;
  readonly comm: string;
  readonly outcome: number;
  readonly footprint: Footprint;
  readonly accesses: readonly PlainAccess[];
  readonly prints: readonly PrintedLine[];
  /** Labels of the locks and sections that the task holds after the operation. */
  readonly held: readonly string[];
  readonly findings: readonly Finding[];
  /** Tasks spawned. */
  readonly born: readonly number[];
  /** What its operation passed over, if the memory model let it. */
  readonly passed: PassedOver | null;
  /** What the task waits for after this step. */
  readonly waits: Operation | null;
}

/** A replayed execution. */
export interface Replay {
  readonly steps: readonly ReplayStep[];
  /** The steps of the final check, which belong to no task. */
  readonly check: readonly ReplayStep[];
  /** How many of the steps the schedule contains; the rest ran by default. */
  readonly scheduled: number;
  /** All findings, including those at boot and at the end. */
  readonly findings: readonly Finding[];
  /** The gravest finding. */
  readonly finding: Finding | null;
  /** Tasks that wait for ever. */
  readonly waiting: readonly (Operation & { readonly letter: string; readonly comm: string })[];
  /** The execution was cut off at the machine's step bound. */
  readonly cut: boolean;
  /** Every stack that was taken up to the end of the last step; empty unless the replay was traced. */
  readonly stacks: readonly string[];
}
