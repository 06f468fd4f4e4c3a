// SPDX-License-Identifier: GPL-2.0-only
/** Our own errors. A fault of the program under test is a finding, never one of these. */

/** The machine or an explorer broke its own rules; the message begins with the room where it happened. */
export class InternalError extends Error {
  override name = 'InternalError';
}

/** Thrown through the running task to end it: an oops kills the task, and the rest of the machine continues. */
export class TaskKilled extends Error {
  override name = 'TaskKilled';
}

/** A scenario or a schedule asked for something impossible. The message is one sentence for its author. */
export class UsageError extends Error {
  override name = 'UsageError';
}
