// SPDX-License-Identifier: GPL-2.0-only
/** What the clients of a driver are made of. */

/**
 * A part of the clients of a driver. A driver that does not export all that a part asks of it has no such part, so katas that
 * have a driver of the same name share what they have in common.
 */
export interface Part {
  /** TypeScript: functions, among them perhaps the set-up `world()`; `driver` is what is tried. */
  readonly text: string;
  /** Expressions of the world `w` and the number `i` of the task; the value is what the client learns. */
  readonly calls: readonly string[];
  /** Operations that may fail, in programs with failures. */
  readonly failures?: Readonly<Record<string, number>>;
  /** What the driver's own statics may keep, and how long an execution may be, as scenarios of its katas say. */
  readonly mayKeep?: Readonly<Record<string, number>>;
  readonly stepsMax?: number;
  /** What is left in the end, once the client has let go of everything: an expression of `w`. Parts are asked from last to first. */
  readonly left?: string;
}
