// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the judging process is asked, one JSON line per request on its standard input, and what it answers, one JSON line per
 * message on its file descriptor 3. A request says everything, so that any process can answer any of them.
 */
import type { Explored } from '../../lib/kata/judge';
import type { ScenarioKind } from '../../lib/scenario/scenario';
import type { TestVerdict } from '../../lib/kata/verdict';

/** One driver to be judged, or one schedule of it to be replayed. */
export interface JudgeRequest {
  readonly root: string;
  /** NN-slug. */
  readonly kata: string;
  /** The driver, absolute. */
  readonly driver: string;
  /** Its text: read once, so that all scenarios judge the same one whatever is saved meanwhile. */
  readonly source: string;
  /** How messages name it. */
  readonly shown: string;
  /** The patch that made the text, as it was typed; its lines are not those of the text. */
  readonly patch?: string;
  /** What follows the schedule in a replay command because it is not the kata's own driver. */
  readonly driverOption: string;
  /** Only this scenario. */
  readonly scenario: string | null;
  /** Leave nothing out of reports. */
  readonly full: boolean;
  /** Only whether it fails, and not how often: explain no failure. */
  readonly brief?: boolean;
  /** How many of the scenarios that fail are explained, in their order; all of them if it is left out. */
  readonly reports?: number;
  /** The result of the one scenario that is asked for: explain it. */
  readonly explored?: Explored;
  /** Where a bound is reached, look for a failure in so many interleavings more. */
  readonly sample?: number;
  /** Characters of a line of a report. */
  readonly width?: number;
  /** A schedule text to replay instead of exploring. */
  readonly schedule: string | null;
  /** Name the scenarios, and run none of them. */
  readonly namesOnly?: boolean;
  /**
   * Run a little of it and say nothing, so that the compiler of the process gets to know the code. Different numbers are different
   * loads of the driver, as different texts are.
   */
  readonly warmUp?: number;
}

/** A scenario as the suite declares it. */
export interface ScenarioName {
  readonly id: string;
  readonly name: string;
  readonly task: number;
  readonly kind: ScenarioKind;
}

export type JudgeMessage =
  /** Sentences that say why the driver was not run. */
  | { readonly type: 'refused'; readonly problems: readonly string[] }
  /** Every scenario of the kata, before the first is run. */
  | { readonly type: 'suite'; readonly scenarios: readonly ScenarioName[] }
  | { readonly type: 'begin'; readonly scenario: string; readonly explaining?: boolean }
  /** Some more executions were explored: the process is alive. */
  | { readonly type: 'alive'; readonly scenario: string; readonly executions: number }
  /** The first failure of a scenario; its verdict, with the shortest one, follows. */
  | { readonly type: 'failing'; readonly scenario: string; readonly kind: string }
  /** Said again of a scenario that fails, when it has been explained; `found` is what there is to explain. */
  | { readonly type: 'verdict'; readonly verdict: TestVerdict; readonly found?: Explored['found'] }
  /** A schedule was replayed; the report is empty if nothing was found. */
  | { readonly type: 'replayed'; readonly report: string }
  /** What was asked for does not exist or does not fit. */
  | { readonly type: 'usage'; readonly message: string }
  | {
      readonly type: 'fault';
      readonly scenario: string | null;
      readonly message: string;
      readonly trace: string;
    }
  /** The last message about a request. */
  | { readonly type: 'done' };

/** The file descriptor answers are written to. */
export const ANSWER_FD = 3;
