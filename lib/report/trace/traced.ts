// SPDX-License-Identifier: GPL-2.0-only
/** A traced execution: its steps, and what could be seen before the first and after each. All formats are made of it. */
import type { Finding, Replay, Operation } from '../../machine';
import { rowsOf, type Row } from '../rows';
import type { Scene, SceneTask } from '../scene';
import { type NotedTelling, tellingOf } from '../telling';
import type { FrameRules } from '../frames';

export interface Traced {
  readonly recorded: Replay;
  /** One more than steps: the nth is what the nth step found. */
  readonly scenes: readonly Scene[];
  /** The gravest that was found. */
  readonly finding: Finding | null;
  readonly rules: FrameRules;
  /** What it is an execution of, for titles: `01-rbd-put-client, last-put: A4 B7`. */
  readonly title: string;
}

/** A trace with what has to be told of its failure. */
export interface Told {
  readonly telling: NotedTelling;
  /** First line of the report; null if nothing was found. */
  readonly headline: string | null;
  readonly rows: readonly Row[];
}

/** Tells an execution to its end, the failure marked. */
export function told({ recorded, finding, rules }: Traced): Told {
  const telling = tellingOf(rules);
  const headline = finding?.headline(telling) ?? null;
  finding?.body(telling); // notes which stacks the report speaks of
  return { telling, headline, rows: rowsOf(recorded, finding, telling.asked, rules) };
}

/** An operation in words: `kref_put(rbd_client#1.kref)`. */
export function wordsFor({ operation, object }: Operation): string {
  return `${operation}(${object})`;
}

/** A task in a scene. */
export function taskIn(scene: Scene | undefined, letter: string): SceneTask | null {
  return scene?.tasks.find((task) => task.letter === letter) ?? null;
}

/** All tasks there ever were, in the order of their numbers. */
export function tasksOf({ scenes }: Traced): readonly SceneTask[] {
  return scenes[scenes.length - 1]?.tasks ?? [];
}
