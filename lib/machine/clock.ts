// SPDX-License-Identifier: GPL-2.0-only
/** Vector clocks (Mattern 1989), with one entry for each task. A missing entry is zero. */

export interface Clock extends Array<number> {
  /**
   * What is known of a task beside its entry, which covers everything it did: what it stored before an smp_wmb(), or its marked
   * stores to one location. An entry for each such component; never changed in place.
   */
  extra?: readonly number[];
  /**
   * What a strong fence has made visible to everybody: every task that reads on from here knows it, however weak the way is.
   * Never changed in place.
   */
  strong?: Clock;
}

/** Raises `into` to the least upper bound of both. */
export function join(into: Clock, from: Clock): void {
  joinEntries(into, from);
  const { strong } = from;
  if (strong === undefined || strong === into.strong) return;
  into.strong = into.strong === undefined ? strong : joined(into.strong, strong);
}

/** Raises `into` to what is known when something is acquired: strong fences do not need one. */
export function learn(into: Clock, from: Clock): void {
  join(into, from);
  if (from.strong !== undefined) joinEntries(into, from.strong);
}

/** A clock of its own with the same entries. */
export function copy(clock: Clock): Clock {
  const copied: Clock = clock.slice();
  if (clock.extra !== undefined) copied.extra = clock.extra;
  if (clock.strong !== undefined) copied.strong = clock.strong;
  return copied;
}

function joined(a: Clock, b: Clock): Clock {
  const both = copy(a);
  joinEntries(both, b);
  return both;
}

function joinEntries(into: Clock, from: Clock): void {
  for (let i = 0; i < from.length; i++) {
    const theirs = from[i] ?? 0;
    if (theirs > (into[i] ?? 0)) set(into, i, theirs);
  }
  const { extra } = from;
  if (extra === undefined || extra === into.extra) return;
  const mine = [...(into.extra ?? [])];
  extra.forEach((theirs, i) => {
    if (theirs > (mine[i] ?? 0)) set(mine, i, theirs);
  });
  into.extra = mine;
}

/** Sets one entry. The array gets no holes, so that it stays fast. */
export function set(clock: number[], task: number, value: number): void {
  while (clock.length <= task) clock.push(0);
  clock[task] = value;
}

/** Sets the entry of a component. */
export function setExtra(clock: Clock, component: number, value: number): void {
  const extra = [...(clock.extra ?? [])];
  set(extra, component, value);
  clock.extra = extra;
}

/** The entry of a task. */
export function at(clock: Clock, task: number): number {
  return clock[task] ?? 0;
}

/** Whether a clock covers what a task did at a time: as everything it did then, or as part of a component (-1 for none). */
export function covers(clock: Clock, task: number, time: number, component: number): boolean {
  return (clock[task] ?? 0) >= time || (clock.extra?.[component] ?? 0) >= time;
}
