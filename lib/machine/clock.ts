// SPDX-License-Identifier: GPL-2.0-only
/** Vector clocks (Mattern 1989), one entry per task. A missing entry is zero. */

export type Clock = number[];

/** Raises `into` to the least upper bound of both. */
export function join(into: Clock, from: Clock): void {
  for (let i = 0; i < from.length; i++) {
    const theirs = from[i] ?? 0;
    if (theirs > (into[i] ?? 0)) set(into, i, theirs);
  }
}

/** Sets one entry, keeping the array free of holes so that it stays fast. */
export function set(clock: Clock, task: number, value: number): void {
  while (clock.length <= task) clock.push(0);
  clock[task] = value;
}

/** The entry of a task. */
export function at(clock: Clock, task: number): number {
  return clock[task] ?? 0;
}
