// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the playing process is asked and what it answers. It runs single executions of one scenario, step by step as somebody
 * wants them; nothing is kept between two questions but the driver, so that a process that hung is replaced by a new one.
 */
import type { Turn } from '../../../lib/explore';
import type { Look, Shortest } from '../../../lib/kata/look';
import type { Execution, TraceFormat } from '../../../lib/report';
import type { JudgeRequest } from '../judge-protocol';

/** The first question, to every new process: which driver and which scenario. */
export interface Opening {
  readonly request: JudgeRequest;
  /** Where none is asked for, the first of these scenarios that there is; else the kata's first. */
  readonly preferred: readonly string[];
}

/** What is played. */
export interface Opened {
  readonly scenario: string;
  readonly title: string;
  /** The command that replays a schedule of it, with `SCHEDULE` in its place. */
  readonly command: string;
  /** The lines of the files that places name. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** Which execution was traced. */
export interface Chosen {
  readonly scenario: string;
  readonly schedule: string;
  /** Why this execution, where none was asked for. */
  readonly chosen: 'asked' | 'shortest failure' | 'holds' | 'nothing proven';
}

/** A trace, written. */
export interface TraceText extends Chosen {
  readonly text: string;
}

/** A trace as data, for a page. */
export interface TraceData extends Chosen {
  readonly execution: Execution;
}

/** What can be asked, with what answers it. */
export interface Questions {
  open: { asked: Opening; answer: Opened };
  look: { asked: readonly Turn[]; answer: Look };
  report: { asked: readonly Turn[]; answer: string | null };
  shortest: { asked: readonly Turn[]; answer: Shortest | null };
  trace: {
    asked: { readonly schedule: string | null; readonly format: TraceFormat };
    answer: TraceText;
  };
  execution: { asked: { readonly schedule: string | null }; answer: TraceData };
}

export type Topic = keyof Questions;

export type Question = {
  [T in Topic]: { readonly topic: T; readonly asked: Questions[T]['asked'] };
}[Topic];

/** One answer to each question, after any number of signs of life. */
export type Reply =
  | { readonly type: 'answer'; readonly answer: Questions[Topic]['answer'] }
  | { readonly type: 'refused'; readonly problems: readonly string[] }
  | { readonly type: 'usage'; readonly message: string }
  | { readonly type: 'fault'; readonly message: string; readonly trace: string }
  | { readonly type: 'alive'; readonly scenario: string; readonly executions: number };
