// SPDX-License-Identifier: GPL-2.0-only
/** Gradescope's results.json: the tasks carry the points, the scenarios say why. */
import type { TestVerdict, Visibility } from '../../../lib/kata/verdict';
import type { SoundReport } from '../faults';
import { fullText, typesEntry, visibleMessage } from './visible';

export interface GradescopeTest {
  readonly score?: number;
  readonly max_score?: number;
  readonly status: 'passed' | 'failed';
  readonly name: string;
  readonly number: string;
  readonly output?: string;
  readonly visibility: Visibility;
  readonly extra_data?: Readonly<Record<string, unknown>>;
}

export interface GradescopeResults {
  readonly score: number;
  /** Seconds. */
  readonly execution_time: number;
  readonly output: string;
  readonly output_format: 'text';
  readonly test_output_format: 'text';
  readonly test_name_format: 'text';
  readonly visibility: 'visible';
  readonly stdout_visibility: 'hidden';
  readonly tests: readonly GradescopeTest[];
}

/** The results of one submission, which may answer several katas. */
export function gradescope(reports: readonly SoundReport[]): GradescopeResults {
  const several = reports.length > 1;
  return {
    score: reports.reduce((sum, { score }) => sum + score, 0),
    execution_time: reports.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000,
    output: reports.map(summary).join('\n'),
    // Reports are plain text; anything richer would be read for markup that a submission put there.
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: reports.flatMap((report) =>
      testsOf(report, several ? `${report.kata.slice(0, 2)}.` : ''),
    ),
  };
}

function summary(report: SoundReport): string {
  const why = visibleMessage(report);
  return `${report.kata}: ${report.score} of ${report.maxScore}${why === null ? '' : `: ${why}`}`;
}

function testsOf(report: SoundReport, prefix: string): GradescopeTest[] {
  const places = new Map<number, number>();
  const scenarios = report.tests.map((test) => {
    const place = (places.get(test.task) ?? 0) + 1;
    places.set(test.task, place);
    return scenarioEntry(test, `${prefix}${test.task}.${place}`);
  });
  const tasks = report.tasks.map(({ id, title, points, earned }): GradescopeTest => ({
    name: title,
    number: `${prefix}${id}`,
    score: earned,
    max_score: points,
    status: earned === points ? 'passed' : 'failed',
    visibility: 'visible',
    ...(report.tests.length > 0 ? {} : { output: visibleMessage(report) ?? '' }),
  }));
  const types = typesEntry(report);
  if (types === null) return [...tasks, ...scenarios];
  const { passed, text } = types;
  const compiles: GradescopeTest = {
    name: `${report.driver} type-checks`,
    number: `${prefix}0`,
    status: passed === true ? 'passed' : 'failed',
    visibility: 'visible',
    ...(text === '' ? {} : { output: text }),
  };
  return [compiles, ...tasks, ...scenarios];
}

function scenarioEntry(test: TestVerdict, number: string): GradescopeTest {
  const { failure } = test;
  // Gradescope keeps a hidden entry until its time has come, and then tells everything.
  const output = fullText(test);
  return {
    name: test.name,
    number,
    status: test.status === 'pass' ? 'passed' : 'failed',
    visibility: test.hidden ? (test.visibility ?? 'after_due_date') : 'visible',
    ...(output === '' ? {} : { output }),
    extra_data: {
      scenario: test.id,
      status: test.status,
      ...(failure === undefined ? {} : { replay: failure.replay, schedule: failure.schedule }),
    },
  };
}
