// SPDX-License-Identifier: GPL-2.0-only
/** Classroom 50's result.json: one entry for each task, in whole points; unknown keys at the top are refused there. */
import type { TestVerdict } from '../../../lib/kata/verdict';
import type { SoundReport } from '../faults';
import { HIDDEN_TEXT, isShown, visibleMessage, visibleSentence } from './visible';

/** What the runner knows of the submission. */
export interface Classroom50Context {
  readonly classroom: string;
  readonly assignment: string;
  readonly assignment_type: 'individual' | 'group';
  readonly owner: string;
  readonly submission: string;
  readonly commit: string;
  readonly release: string;
  readonly review: string;
  readonly datetime: string;
  readonly graded_at: string;
}

export interface Classroom50Test {
  readonly 'test-name': string;
  readonly passed: boolean;
  readonly score: number;
  readonly 'max-score': number;
  readonly message?: string;
  readonly replay?: string;
  readonly scenarios: readonly {
    readonly id: string;
    readonly name: string;
    readonly passed: boolean;
  }[];
}

export interface Classroom50Result extends Classroom50Context {
  readonly schema: 'classroom50/result/v1';
  readonly score: number;
  readonly 'max-score': number;
  readonly tests: readonly Classroom50Test[];
}

/** The result of one submission, which may answer several katas. */
export function classroom50(
  reports: readonly SoundReport[],
  context: Classroom50Context,
): Classroom50Result {
  return {
    schema: 'classroom50/result/v1',
    ...context,
    score: reports.reduce((sum, { score }) => sum + score, 0),
    'max-score': reports.reduce((sum, { maxScore }) => sum + maxScore, 0),
    tests: reports.flatMap(taskEntries),
  };
}

function taskEntries(report: SoundReport): Classroom50Test[] {
  return report.tasks.map(({ id, title, points, earned }) => {
    const own = report.tests.filter(({ task }) => task === id);
    const failing = own.find((test) => test.status !== 'pass' && isShown(test));
    const replay = failing?.failure?.replay;
    return {
      'test-name': title,
      passed: earned === points,
      score: earned,
      'max-score': points,
      ...(earned === points ? {} : { message: messageOf(report, failing) }),
      ...(replay === undefined ? {} : { replay }),
      scenarios: own
        .filter(isShown)
        .map((test) => ({ id: test.id, name: test.name, passed: test.status === 'pass' })),
    };
  });
}

function messageOf(report: SoundReport, failing: TestVerdict | undefined): string {
  if (failing !== undefined) return visibleSentence(failing);
  return visibleMessage(report) ?? HIDDEN_TEXT;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The context from the variables its runner sets, or the names of those that are missing. */
export function classroom50Context(
  env: Environment,
  now: Date,
): Classroom50Context | { readonly missing: readonly string[] } {
  const missing: string[] = [];
  const given = (name: string, other = name): string => {
    const value = env[name] ?? env[other] ?? '';
    if (value === '') missing.push(name);
    return value;
  };
  const context = {
    classroom: given('CLASSROOM'),
    assignment: given('ASSIGNMENT'),
    assignment_type: env['ASSIGNMENT_TYPE'] === 'group' ? 'group' : 'individual',
    owner: given('OWNER', 'USERNAME'),
    submission: given('SUBMISSION_TAG'),
    commit: given('COMMIT_URL'),
    release: given('RELEASE_URL'),
    review: given('REVIEW_URL'),
  } as const;
  if (missing.length > 0) return { missing };
  const graded_at = seconds(now);
  return { ...context, datetime: timeInTag(context.submission) ?? graded_at, graded_at };
}

/** `submit/2026-06-01T14-32-05Z-a1b2c3d` was handed in at 14:32:05. */
function timeInTag(tag: string): string | null {
  const found = /^submit\/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z/.exec(tag);
  return found === null ? null : `${found[1] ?? ''}T${found.slice(2, 5).join(':')}Z`;
}

function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
