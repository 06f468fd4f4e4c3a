// SPDX-License-Identifier: GPL-2.0-only
/** Exercism's results.json, version 3: scenarios in file order, each with its task. */
import type { TestStatus, TestVerdict } from '../../../lib/kata/verdict';
import type { SoundReport } from '../faults';
import { cut, shownTests, visibleMessage, visibleText } from './visible';

type Status = 'pass' | 'fail' | 'error';

export interface ExercismTest {
  readonly name: string;
  readonly status: Status;
  readonly message: string | null;
  readonly task_id?: number;
}

export interface ExercismResults {
  readonly version: 3;
  readonly status: Status;
  readonly message: string | null;
  readonly tests?: readonly ExercismTest[];
}

const MESSAGE_MAX = 65_535;
/** The whole file may hold 500 kB; escapes may take several bytes of it for a character. */
const MESSAGES_MAX = 160_000;

/** What the runner wants when nothing could be judged. */
export function exercismFault(why: string): ExercismResults {
  return { version: 3, status: 'error', message: cut(why, MESSAGE_MAX) };
}

/** The results of one kata. Hidden scenarios are left out, but not their outcome. */
export function exercism(report: SoundReport): ExercismResults {
  const shown = shownTests(report);
  // With nothing to show, the runner wants an error that says why.
  if (shown.length === 0) {
    const message = visibleMessage(report) ?? 'no scenario was run';
    return { version: 3, status: 'error', message: cut(message, MESSAGE_MAX) };
  }
  const share = Math.floor(MESSAGES_MAX / shown.length);
  const tests = shown.map((test) => entry(test, Math.min(share, MESSAGE_MAX)));
  const passed = report.status === 'pass';
  const allShownPass = tests.every(({ status }) => status === 'pass');
  return {
    version: 3,
    status: passed ? 'pass' : 'fail',
    message: !passed && allShownPass ? visibleMessage(report) : null,
    tests,
  };
}

const STATUS: Readonly<Record<TestStatus, Status>> = {
  pass: 'pass',
  fail: 'fail',
  bound: 'fail',
  timeout: 'fail',
  error: 'error',
  skipped: 'error',
};

function entry(test: TestVerdict, charactersMax: number): ExercismTest {
  const text = visibleText(test);
  return {
    name: test.name,
    status: STATUS[test.status],
    message: text === '' ? null : cut(text, charactersMax),
    ...(test.task > 0 ? { task_id: test.task } : {}),
  };
}
