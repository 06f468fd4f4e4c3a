// SPDX-License-Identifier: GPL-2.0-only
/** Verdicts: what judging a driver gives, per scenario and per kata, in the form of kata-report/v1. */
import type { Exploration } from '../explore';
import type { Manifest } from './manifest';
import type { ScenarioKind } from '../scenario/scenario';

/** The result of a scenario; 'bound' means that a bound was reached first, so nothing is proven. */
export type TestStatus = 'pass' | 'fail' | 'error' | 'bound' | 'timeout' | 'skipped';

/** A failure, ready to be shown. */
export interface Failure {
  readonly kind: string;
  /** First line of the report. */
  readonly headline: string;
  readonly report: string;
  readonly schedule: string;
  /** The command that shows it again. */
  readonly replay: string;
  readonly contextSwitches: number;
}

/** Verdict of one scenario. */
export interface TestVerdict {
  readonly id: string;
  readonly name: string;
  readonly task: number;
  readonly kind: ScenarioKind;
  readonly status: TestStatus;
  /** An instructor's own scenario, which the learner does not have. */
  readonly hidden: boolean;
  /** When the learner may see a hidden one. */
  readonly visibility?: Visibility;
  readonly message: string | null;
  readonly exploration: {
    readonly strategy: 'dpor' | 'dfs' | 'pct' | 'random';
    readonly executions: number;
    readonly complete: boolean;
    readonly failing: number;
    /** How many of those that fail show no more than a data race, or what might go wrong. */
    readonly races?: number;
    readonly seed?: string;
  };
  readonly failure?: Failure;
}

/** When a learner may see an entry; the words are Gradescope's. */
export type Visibility = 'visible' | 'hidden' | 'after_due_date' | 'after_published';

/** Whether the driver type-checks: an entry of its own. A driver that does not scores nothing, as one that does not compile. */
export interface TypesVerdict {
  /** 'skipped' where the driver was refused before, or nobody asked. */
  readonly status: 'pass' | 'fail' | 'timeout' | 'error' | 'skipped';
  /** `file:line:column: sentence`, or why there is no answer. */
  readonly problems: readonly string[];
}

/** What only a report of a graded submission says. */
export interface Grading {
  /** The bytes that were judged; null where none could be read. */
  readonly submission: { readonly sha256: string; readonly bytes: number } | null;
  /** Digest of all that a verdict depends on beside the submission: engine, kata, hidden scenarios, bounds, and what types were checked against. */
  readonly version: string;
  /** What stood between the submission and the machine, inner to outer: 'ses', 'permission', 'prlimit', 'bubblewrap'. */
  readonly layers: readonly string[];
  /** Why nobody should rely on this batch: a canary gave a surprise. Null in a batch to be trusted. */
  readonly untrusted: string | null;
}

/** Verdict of a driver in one kata. */
export interface KataReportV1 {
  readonly schema: 'kata-report/v1';
  readonly tool: string;
  readonly kata: string;
  readonly driver: string;
  readonly tier: 'local' | 'grading';
  readonly status: 'pass' | 'fail' | 'error' | 'bound' | 'timeout' | 'rejected';
  readonly message: string | null;
  readonly score: number;
  readonly maxScore: number;
  readonly tasks: readonly {
    readonly id: number;
    readonly title: string;
    readonly points: number;
    readonly earned: number;
  }[];
  readonly tests: readonly TestVerdict[];
  readonly types?: TypesVerdict;
  readonly grading?: Grading;
  /** The only field that may differ between two runs. */
  readonly durationMs: number;
}

/** What is common to all reports of a run. */
export interface ReportFrame {
  readonly tool: string;
  readonly manifest: Manifest;
  readonly driver: string;
  readonly durationMs: number;
}

/** The numbers of an exploration that a verdict carries. */
export function explorationOf(
  exploration: Exploration,
  failing: number,
  races = 0,
): TestVerdict['exploration'] {
  const { strategy, executions, complete } = exploration;
  return {
    strategy: strategy === 'walk' ? 'random' : strategy,
    executions,
    complete,
    failing,
    ...(races === 0 ? {} : { races }),
  };
}

/** A report of a driver whose scenarios were run. A task scores if its scenarios and those it needs hold. */
export function judged(frame: ReportFrame, tests: readonly TestVerdict[]): KataReportV1 {
  const holds = new Set(tests.filter(({ status }) => status === 'pass').map(({ id }) => id));
  const tasks = frame.manifest.tasks.map(({ id, title, points, needs }) => {
    const own = tests.filter((test) => test.task === id).map((test) => test.id);
    const earned = [...own, ...needs].every((test) => holds.has(test)) ? points : 0;
    return { id, title, points, earned };
  });
  return {
    ...common(frame),
    status: statusOf(tests),
    message: messageOf(tests),
    score: tasks.reduce((sum, { earned }) => sum + earned, 0),
    tasks,
    tests,
  };
}

/** A report of a driver that was refused before anything ran, or that could not be judged. */
export function notJudged(
  frame: ReportFrame,
  status: 'rejected' | 'error',
  message: string,
): KataReportV1 {
  const tasks = frame.manifest.tasks.map(({ id, title, points }) => ({
    id,
    title,
    points,
    earned: 0,
  }));
  return { ...common(frame), status, message, score: 0, tasks, tests: [] };
}

function common(
  frame: ReportFrame,
): Pick<KataReportV1, 'schema' | 'tool' | 'kata' | 'driver' | 'tier' | 'maxScore' | 'durationMs'> {
  return {
    schema: 'kata-report/v1',
    tool: frame.tool,
    kata: frame.manifest.id,
    driver: frame.driver,
    tier: 'local',
    maxScore: frame.manifest.tasks.reduce((sum, { points }) => sum + points, 0),
    durationMs: frame.durationMs,
  };
}

function statusOf(tests: readonly TestVerdict[]): KataReportV1['status'] {
  const has = (status: TestStatus): boolean => tests.some((test) => test.status === status);
  // A failing scenario counts, no matter how the others ended.
  if (has('fail')) return 'fail';
  if (has('error')) return 'error';
  if (has('timeout')) return 'timeout';
  return has('bound') || tests.length === 0 ? 'bound' : 'pass';
}

function messageOf(tests: readonly TestVerdict[]): string | null {
  const first =
    tests.find(({ status }) => status === 'fail') ?? tests.find(({ status }) => status !== 'pass');
  return first === undefined ? null : (first.failure?.headline ?? first.message);
}
