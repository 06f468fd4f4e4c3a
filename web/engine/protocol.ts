// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a page asks its engine and what the engine answers. The engine is a Web Worker: it links one driver for one kata, judges it,
 * and runs single executions of it. A worker in the middle of an exploration hears nothing, so to cancel is to end it and to
 * begin another one: an `Engine` does that.
 */
import type { Turn } from '../../lib/explore';
import type { LookTask, Effort, Shortest } from '../../lib/kata/look';
import type { KataReportV1, TestVerdict } from '../../lib/kata/verdict';
import type { Execution } from '../player/execution';

/** A scenario that can be played. */
export interface PlayableScenario {
  readonly id: string;
  readonly title: string;
  /** The headline of its report for the driver as shipped, or `passes`. */
  readonly shipped: string;
}

/** A driver that has been linked for its kata. */
export interface Opened {
  readonly kata: string;
  /** The driver's file: `rbd.ts`. */
  readonly driver: string;
  /** Its text, as it was linked. */
  readonly source: string;
  readonly scenarios: readonly PlayableScenario[];
}

/** How much a judgement may take; what is missing is as in the terminal. */
export interface Limits {
  /** Interleavings of one scenario. */
  readonly executionsMax?: number;
  /** Steps of one interleaving. */
  readonly stepsMax?: number;
}

/** The execution so far, and what may happen next. */
export interface Standing extends Effort {
  readonly execution: Execution;
  readonly tasks: readonly LookTask[];
  /** The effort up to the step of the finding; null if nothing is found. */
  readonly failing: Effort | null;
  /** No task can take another step. */
  readonly over: boolean;
  /** The execution has reached the machine's step bound. */
  readonly cut: boolean;
}

/** The shortest failure of a scenario. */
export interface ShortestFailure extends Shortest {
  readonly execution: Execution;
}

/** What can be asked, with what answers it. All but `open` are about the driver that was opened last. */
export interface Questions {
  /** Links a driver: the text, or null for the kata's own. */
  open: {
    asked: { readonly kata: string; readonly driver: string | null };
    answer: Opened;
  };
  /** Explores the scenarios, all of them if none is named. Every verdict comes as progress too. */
  judge: {
    asked: { readonly scenario: string | null; readonly limits: Limits };
    answer: KataReportV1;
  };
  /** Runs turns from the beginning. To undo is to run all but the last. */
  stand: {
    asked: { readonly scenario: string; readonly turns: readonly Turn[] };
    answer: Standing;
  };
  /** Runs a schedule, and goes on to the end by default. */
  replay: {
    asked: { readonly scenario: string; readonly schedule: string };
    answer: Execution;
  };
  /** The shortest failure: of the kind that the turns lead to, or of the scenario if there are none. Null if there is none. */
  shortest: {
    asked: { readonly scenario: string; readonly turns: readonly Turn[] };
    answer: ShortestFailure | null;
  };
}

export type Topic = keyof Questions;

/** A question, as it is posted. The number comes back with each reply. */
export type Question = {
  [T in Topic]: { readonly id: number; readonly topic: T; readonly asked: Questions[T]['asked'] };
}[Topic];

/** How far a judgement is. */
export interface Progress {
  readonly scenario: string;
  readonly executions: number;
  /** The verdict, once there is one. */
  readonly verdict: TestVerdict | null;
}

/** One answer to each question, after any amount of progress. */
export type Reply =
  | { readonly id: number; readonly type: 'progress'; readonly progress: Progress }
  | { readonly id: number; readonly type: 'answer'; readonly answer: Questions[Topic]['answer'] }
  /** The driver cannot be linked; sentences with file, line and column say why. */
  | { readonly id: number; readonly type: 'refused'; readonly problems: readonly string[] }
  /** The question does not fit: a schedule of another program, a scenario that does not exist. */
  | { readonly id: number; readonly type: 'usage'; readonly message: string }
  | { readonly id: number; readonly type: 'fault'; readonly message: string };

/** The driver cannot be linked. */
export class RefusedDriver extends Error {
  override name = 'RefusedDriver';

  constructor(readonly problems: readonly string[]) {
    super(problems[0] ?? 'this is not a driver');
  }
}

/** The question does not fit. */
export class Misfit extends Error {
  override name = 'Misfit';
}

/** The engine, as pages see it. */
export interface Engine {
  /** Asks, after everything asked before. Rejects with RefusedDriver or Misfit; with an AbortError after `cancel`. */
  ask<T extends Topic>(
    topic: T,
    asked: Questions[T]['asked'],
    progress?: (progress: Progress) => void,
  ): Promise<Questions[T]['answer']>;
  /** Ends what is running, rejects all questions, and opens the same driver again for the next one. */
  cancel(): void;
}
