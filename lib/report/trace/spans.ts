// SPDX-License-Identifier: GPL-2.0-only
/** Spans: what lasts for several steps. Locks held, tasks that wait, turns on a CPU, memory that lives; and counts as they change. */
import type { Scene } from '../scene';
import { type Traced, wordsFor } from './traced';

/** From behind one step to behind another; the end is null for what never ends. Steps count from 1, and 0 is the set-up. */
export interface Span {
  /** What lasts: a lock, a piece of memory. */
  readonly name: string;
  /** Whose it is. */
  readonly letter: string;
  readonly from: number;
  readonly to: number | null;
}

/** Who holds what, and from which step to which. */
export function heldSpans({ scenes }: Traced): Span[] {
  return spansOf(scenes, (scene) =>
    scene.tasks.flatMap(({ letter, held }) => held.map(({ object }) => ({ name: object, letter }))),
  );
}

/** Who waits, under the name of the operation that has to wait. */
export function waitSpans({ scenes }: Traced): Span[] {
  return spansOf(scenes, (scene) =>
    scene.tasks.flatMap(({ letter, state, next }) =>
      state === 'waits' && next !== null ? [{ name: wordsFor(next), letter }] : [],
    ),
  );
}

/** Which memory lives. */
export function memorySpans({ scenes }: Traced): Span[] {
  return spansOf(scenes, (scene) =>
    scene.memory.flatMap(({ object, letter, freedBy }) =>
      freedBy === null ? [{ name: object, letter }] : [],
    ),
  );
}

/** Steps of one task in a row: a turn on its CPU. */
export function turnSpans({ recorded: { steps } }: Traced): Span[] {
  const spans: Span[] = [];
  steps.forEach(({ letter }, i) => {
    const last = spans[spans.length - 1];
    const from = last?.letter === letter ? last.from : i;
    if (last?.letter === letter) spans.pop();
    spans.push({ name: '', letter, from, to: i + 1 });
  });
  return spans;
}

/** A count that has changed, and after which step. */
export interface Change {
  readonly step: number;
  readonly object: string;
  /** Null where it is no number, or gone. */
  readonly value: number | null;
}

/** What the counts were at first and how they changed. */
export function countChanges({ scenes }: Traced): Change[] {
  const last = new Map<string, number | null>();
  return scenes.flatMap((scene, step) => {
    const now = new Map<string, number | null>([...last.keys()].map((object) => [object, null]));
    for (const { object, value, spread } of scene.counts) now.set(object, spread ? null : value);
    const changed = [...now].filter(([object, value]) => last.get(object) !== value);
    for (const [object, value] of changed) last.set(object, value);
    return changed.map(([object, value]) => ({ step, object, value }));
  });
}

interface Lasting {
  readonly name: string;
  readonly letter: string;
}

/** What is seen in scene after scene, as spans in the order they begin in. */
function spansOf(scenes: readonly Scene[], seen: (scene: Scene) => readonly Lasting[]): Span[] {
  const spans: { name: string; letter: string; from: number; to: number | null }[] = [];
  let open = new Map<string, (typeof spans)[number]>();
  scenes.forEach((scene, step) => {
    const now: typeof open = new Map();
    for (const { name, letter } of seen(scene)) {
      const key = `${letter} ${name}`;
      let span = open.get(key) ?? now.get(key);
      if (span === undefined) spans.push((span = { name, letter, from: step, to: null }));
      now.set(key, span);
    }
    for (const [key, span] of open) if (!now.has(key)) span.to = step;
    open = now;
  });
  return spans;
}
