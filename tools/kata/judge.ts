// SPDX-License-Identifier: GPL-2.0-only
/** What the judging process needs of a judge: the seam between this tool and lib/kata. */
import type { Scenario } from '../../lib/scenario/scenario';
import type { Explored } from '../../lib/kata/judge';
import type { TestVerdict } from '../../lib/kata/verdict';

export interface JudgeOptions {
  /** The command that shows a failure again, for a schedule text. */
  readonly command: (schedule: string) => string;
  /** Files to be judged although they are in no kata's folder. */
  readonly drivers: readonly string[];
  /** Leave nothing out of reports. */
  readonly full: boolean;
  /** Characters of a line of a report. */
  readonly width?: number;
  /** Only whether it fails: explain no failure. */
  readonly brief?: boolean;
  /** Give up after so many executions. */
  readonly executionsMax?: number;
  /** Where that is reached, or another bound: look in so many more, with few preemptions and at random. */
  readonly sample?: number;
  /** Told the kind of the first failure as soon as it is found. */
  readonly failing?: (kind: string) => void;
}

export interface Judge {
  /** Whether a scenario fails, but not how: that takes as long again, and not every failure is shown. */
  explore(scenario: Scenario, options: JudgeOptions): Explored;
  /** The verdict with the report of the shortest failure. */
  explain(scenario: Scenario, explored: Explored, options: JudgeOptions): TestVerdict;
  /** The report of one schedule, or null if nothing is found. Throws a UsageError if it does not fit. */
  replay(scenario: Scenario, schedule: string, options: JudgeOptions): string | null;
}
