// SPDX-License-Identifier: GPL-2.0-only
/** A traced execution: its steps, and the scene before the first and after each step. All formats are made from it. */
import type { Finding, Replay, Operation } from '../../machine';
import { rowsOf, type Row } from '../rows';
import type { Scene, SceneTask } from '../scene';
import { type NotedTelling, tellingOf } from '../telling';
import type { FrameRules } from '../frames';

export interface Traced {
  readonly recorded: Replay;
  /** One more than the steps: the nth scene is the state before the nth step, from 0. */
  readonly scenes: readonly Scene[];
  /** The gravest finding. */
  readonly finding: Finding | null;
  readonly rules: FrameRules;
  /** A title for the execution: `01-rbd-put-client, last-put: A4 B7`. */
  readonly title: string;
}

/** A trace with the headline and rows of its failure. */
export interface Told {
  readonly telling: NotedTelling;
  /** First line of the report; null if nothing was found. */
  readonly headline: string | null;
  readonly rows: readonly Row[];
}

/** Describes a whole execution and marks the failure. */
export function told({ recorded, finding, rules }: Traced): Told {
  const telling = tellingOf(rules);
  const headline = finding?.headline(telling) ?? null;
  finding?.body(telling); // notes which stacks the report mentions
  return { telling, headline, rows: rowsOf(recorded, finding, telling.asked, rules) };
}

/** Describes an operation: `kref_put(rbd_client#1.kref)`. */
export function wordsFor({ operation, object }: Operation): string {
  return `${operation}(${object})`;
}

/** A task in a scene. */
export function taskIn(scene: Scene | undefined, letter: string): SceneTask | null {
  return scene?.tasks.find((task) => task.letter === letter) ?? null;
}

/** All tasks that ever existed, in the order of their numbers. */
export function tasksOf({ scenes }: Traced): readonly SceneTask[] {
  return scenes[scenes.length - 1]?.tasks ?? [];
}
