// SPDX-License-Identifier: GPL-2.0-only
/** How failures happened, from what the sandbox answered. The report says the same of them, and the source is what was handed in. */
import type { Failure } from '../../lib/kata/verdict';
import type { Execution } from '../../lib/report';
import { plain } from './odd';
import type { Ending } from './sandbox/run';
import type { GradedReport, ToldFailure } from './types';

/** The failures of a report whose execution came with the answer. */
export function toldIn(report: GradedReport, { answer }: Ending, source: string): ToldFailure[] {
  if (answer?.type !== 'judged') return [];
  const { kata, driver, tests } = report;
  return tests.flatMap((test) => {
    const execution = answer.executions.get(test.id);
    if (execution === undefined || test.failure === undefined) return [];
    const told = inWordsOf(test.failure, `${kata}, ${test.id}`, execution);
    const sources = [{ file: driver, lines: linesOf(source) }];
    return [{ report, test, execution: { ...told, sources } }];
  });
}

function inWordsOf(failure: Failure, scenario: string, execution: Execution): Execution {
  const { kind, headline, schedule } = failure;
  const { finding } = execution;
  const told = finding === null ? null : { ...finding, kind, headline };
  return { ...execution, title: `${scenario}: ${schedule}`, schedule, finding: told };
}

const LINE_MAX = 1000;

/** The lines of a driver for the eye. */
function linesOf(source: string): string[] {
  const lines = source.split(/\r?\n/);
  return lines.map((line) => plain(line.slice(0, LINE_MAX).replace(/\t/g, '  '), '?'));
}
