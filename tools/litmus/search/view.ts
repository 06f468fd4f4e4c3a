// SPDX-License-Identifier: GPL-2.0-only
/** Messages and views: the oldest store to each location that a thread may still see. */
import type { Value } from '../syntax';

/** For each location, the newest message that must be seen; without an entry, the initial value may be seen. */
export type View = Readonly<Record<string, string>>;

/** A store that was made. */
export interface Message {
  readonly id: string;
  readonly value: Value;
  /** The view of a thread that acquires from it. */
  readonly view: View;
  /** What earlier strong fences in happens-before have made visible. */
  readonly fenced: View;
  /** Written by a read-modify-write: nothing comes between it and the message before it. */
  readonly atomic: boolean;
  readonly ahead: Ahead;
}

/** Delayed updates that come before something in program order or in the chain of stores that were read: see delayed.ts. */
export type Ahead = readonly string[];

/** All messages of each location, in coherence order; the first is the initial value. */
export type Memory = Readonly<Record<string, readonly Message[]>>;

export const NOTHING: View = {};

/** All of several sets, in one order. */
export function union(...sets: readonly Ahead[]): Ahead {
  return [...new Set(sets.flat())].sort();
}

/** The position of a view's message in the coherence order of its location. */
export function position(memory: Memory, location: string, view: View): number {
  const id = view[location];
  if (id === undefined) return 0;
  return memory[location]?.findIndex((message) => message.id === id) ?? 0;
}

/** The newer message of each location. */
export function join(memory: Memory, ...views: readonly View[]): View {
  let joined = views[0] ?? NOTHING;
  for (const view of views.slice(1)) {
    for (const [location, id] of Object.entries(view)) {
      if (position(memory, location, view) <= position(memory, location, joined)) continue;
      joined = { ...joined, [location]: id };
    }
  }
  return joined;
}
