// SPDX-License-Identifier: GPL-2.0-only
/** What `check50 -o json` prints: a check for each scenario. */
import type { KataReportV1, TestStatus, TestVerdict } from '../../../lib/kata/verdict';
import type { SoundReport } from '../faults';
import {
  isShown,
  typesEntry,
  visibleMessage,
  visibleName,
  visibleSentence,
  visibleText,
} from './visible';

export interface Check50Cause {
  readonly rationale: string;
  readonly help: string | null;
}

export interface Check50Result {
  readonly name: string;
  readonly description: string;
  /** Null where the check gave no answer. */
  readonly passed: boolean | null;
  readonly log: readonly string[];
  readonly cause: Check50Cause | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dependency: string | null;
}

export interface Check50Error {
  readonly type: string;
  readonly value: string;
  readonly traceback: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

export type Check50Json = { readonly slug: string; readonly version: string } & (
  { readonly results: readonly Check50Result[] } | { readonly error: Check50Error }
);

/** check50 keeps no more of a check's log. */
const LOG_LINES_MAX = 100;

/** A refused driver fails this check, and every other depends on it. */
const ACCEPTED = 'accepted';

/** A fault of the grader takes the place of all results. */
export function check50Fault({ kata, tool }: KataReportV1, value: string): Check50Json {
  const error = { type: 'GraderFault', value, traceback: [], data: {} };
  return { slug: kata, version: tool, error };
}

/** The checks of one kata. */
export function check50(report: SoundReport): Check50Json {
  return {
    ...{ slug: report.kata, version: report.tool },
    results: [acceptance(report), ...typeCheck(report), ...report.tests.map(checkOf)],
  };
}

function acceptance(report: SoundReport): Check50Result {
  const passed = report.tests.length > 0;
  const rationale = visibleMessage(report) ?? 'nothing was run';
  return {
    name: ACCEPTED,
    description: `${report.driver} is accepted`,
    passed,
    log: [],
    cause: passed ? null : { rationale, help: null },
    data: {},
    dependency: null,
  };
}

function typeCheck(report: SoundReport): Check50Result[] {
  const types = typesEntry(report);
  if (types === null) return [];
  const rationale = types.text.split('\n', 1)[0] ?? '';
  return [
    {
      name: 'type-checks',
      description: `${report.driver} type-checks`,
      passed: types.passed,
      log: types.text === '' ? [] : types.text.split('\n').slice(0, LOG_LINES_MAX),
      cause: types.passed === true ? null : { rationale, help: null },
      data: {},
      dependency: ACCEPTED,
    },
  ];
}

const PASSED: Readonly<Record<TestStatus, boolean | null>> = {
  pass: true,
  fail: false,
  bound: false,
  timeout: false,
  error: null,
  skipped: null,
};

function checkOf(test: TestVerdict, place: number): Check50Result {
  const passed = PASSED[test.status];
  const rationale = visibleSentence(test);
  const help = test.failure === undefined ? null : `replay it: ${test.failure.replay}`;
  const told = isShown(test) ? { rationale, help } : { rationale, help: null };
  return {
    name: isShown(test) ? test.id : `hidden-${place + 1}`,
    description: visibleName(test, place),
    passed,
    log:
      passed === true || !isShown(test)
        ? []
        : visibleText(test).split('\n').slice(0, LOG_LINES_MAX),
    cause: passed === true ? null : told,
    data: test.failure === undefined || !isShown(test) ? {} : { replay: test.failure.replay },
    dependency: ACCEPTED,
  };
}
