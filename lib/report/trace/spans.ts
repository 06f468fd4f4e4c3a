// SPDX-License-Identifier: GPL-2.0-only
/**
 * Spans: states that last for several steps, such as a held lock, a waiting task, a turn on a CPU or live memory; and
 * how counts change.
 */
import type { Scene } from '../scene';
import { type Traced, wordsFor } from './traced';

/**
 * From the end of one step to the end of another; the end is null for a span without one. Steps count from 1, and 0 is
 * the set-up.
 */
export interface Span {
  /** The lock, the memory or the operation. */
  readonly name: string;
  /** The task it belongs to. */
  readonly letter: string;
  readonly from: number;
  readonly to: number | null;
}

/** Which task holds which lock, and for how long. */
export function heldSpans({ scenes }: Traced): Span[] {
  return spansOf(scenes, (scene) =>
    scene.tasks.flatMap(({ letter, held }) => held.map(({ object }) => ({ name: object, letter }))),
  );
}

/** Which task waits, named after the operation that has to wait. */
export function waitSpans({ scenes }: Traced): Span[] {
  return spansOf(scenes, (scene) =>
    scene.tasks.flatMap(({ letter, state, next }) =>
      state === 'waits' && next !== null ? [{ name: wordsFor(next), letter }] : [],
    ),
  );
}

/** Which memory is live. */
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
  /** Null if the value is unknown, or the counter no longer exists. */
  readonly value: number | null;
}

/** The first values of the counts and their changes. */
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

/** Turns what consecutive scenes show into spans, in the order in which they begin. */
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
