// SPDX-License-Identifier: GPL-2.0-only
/** Errors of ours. A fault of the program under test is a finding, never one of these. */

/** The machine or an explorer broke its own rules; the message begins with the room it happened in. */
export class InternalError extends Error {
  override name = 'InternalError';
}

/** Thrown through the running task to end it there: an oops kills the task, the rest of the machine goes on. */
export class TaskKilled extends Error {
  override name = 'TaskKilled';
}

/** A scenario or a schedule asked for something that cannot be: a mistake of whoever wrote it, told in one sentence. */
export class UsageError extends Error {
  override name = 'UsageError';
}
