// SPDX-License-Identifier: GPL-2.0-only
/** What the parts of grading say to one another: a submission goes in, a kata-report/v1 comes out, whatever happens. */
import type { Grading, KataReportV1, TestVerdict, TypesVerdict } from '../../lib/kata/verdict';
import type { Execution } from '../../lib/report';

/** One driver to be graded. */
export interface Submission {
  /** Unique within the batch: what progress and results call it. Never shown to the code under test. */
  readonly id: string;
  /** NN-slug. */
  readonly kata: string;
  /** The driver file, absolute. Nothing but its bytes is used: not its name, not its neighbours. */
  readonly file: string;
}

/** The report of a graded submission: kata-report/v1 with all that is optional elsewhere. */
export interface GradedReport extends KataReportV1 {
  readonly tier: 'grading';
  readonly types: TypesVerdict;
  readonly grading: Grading;
}

/** What surrounds the judging process, beside the process itself and the locked realm within ('ses'). */
export type OsLayer = 'permission' | 'prlimit' | 'bubblewrap';

/** Backstops. Verdicts depend on counted bounds; these only end what does not end. */
export interface Limits {
  /** Processor time of a submission for reaching its verdicts: its own, however busy the machine is with others. */
  readonly cpuMs: number;
  /** As much again for explaining what fails: when it is used up, verdicts stay, and reports are shorter. */
  readonly explainMs: number;
  /** By the clock, many times as much: for a process that gets no processor time at all, which is not a fault of a submission. */
  readonly wallMs: number;
  /** Processor time for the type check. */
  readonly typesMs: number;
  /** Executions of one scenario: the bound that decides. */
  readonly executionsMax: number;
  readonly heapMb: number;
}

/** How to set up a grader. */
export interface GraderOptions {
  /** The repository: its katas, and dist/. */
  readonly root: string;
  /** Name and version of this tool. */
  readonly tool: string;
  /** Folder of the instructor's own scenarios: DIR/NN-slug/scenarios.ts and hidden.json. */
  readonly hidden?: string | null;
  /** False: no type check. */
  readonly types?: boolean;
  readonly limits?: Partial<Limits>;
  /** Use only these of the layers this machine has; by default all. */
  readonly layers?: readonly OsLayer[];
  /** Told how failures happened, step by step, before the report of the submission is given. Without it nobody is asked for that. */
  readonly told?: (told: ToldFailure) => void;
}

/** A failure and its execution. */
export interface ToldFailure {
  readonly report: GradedReport;
  /** Of the report. */
  readonly test: TestVerdict;
  readonly execution: Execution;
}

/** A grader: everything that is the same for all submissions of a batch. Made by openGrader(), ended by close(). */
export interface Grader {
  readonly root: string;
  /** 'ses' and the layers in use, as reports list them. */
  readonly layers: readonly string[];
  /** The katas that can be graded, in order. */
  readonly katas: readonly string[];
  /** Most points of a kata; hidden tasks included. Throws a Refusal for a kata there is not. */
  maxScore(kata: string): number;
  /** How many scenarios and cases the instructor adds to a kata. Throws like maxScore(). */
  hidden(kata: string): number;
  /** See Grading.version. With the submission's sha256 this is the key of a cached result. Throws like maxScore(). */
  version(kata: string): string;
  /** Reads a submission's bytes as grading does, and gives their digest; null if they will be refused unread. */
  digest(submission: Submission): string | null;
  /**
   * Grades one submission. Never throws, and never takes longer than the limits: whatever goes wrong is a report with status
   * 'rejected' (theirs) or 'error' (ours; worth another try, and not to be cached).
   */
  grade(submission: Submission, signal?: AbortSignal): Promise<GradedReport>;
  /** The report of a submission that has not been graded: written first, so that a crash leaves an error and never nothing. */
  pending(submission: Submission): GradedReport;
  /** Runs the known-good and the known-racy canary; null if neither gave a surprise. */
  canaries(): Promise<string | null>;
  /** Ends every process that is still there. */
  close(): Promise<void>;
}

/** How a pool runs. */
export interface PoolOptions {
  /** Submissions at a time; by default one per core. */
  readonly workers?: number;
  /** Stops: submissions in flight are given up without a report. */
  readonly signal?: AbortSignal;
  readonly started?: (submission: Submission) => void;
  /** Told what goes on between submissions: the canaries take a second or two, and more on a cold machine. */
  readonly phase?: (what: string) => void;
  /** Called once per submission, as it ends; what it returns is awaited before the worker takes the next one. */
  readonly graded?: (submission: Submission, report: GradedReport) => void | Promise<void>;
}

/** What a batch has come to. */
export interface BatchEnd {
  readonly graded: number;
  /** Why nobody should rely on it; null if the canaries before and after it gave no surprise. */
  readonly untrusted: string | null;
}
