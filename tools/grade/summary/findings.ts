// SPDX-License-Identifier: GPL-2.0-only
/** What a report finds fault with, each with a key: the same words about the same scenario are the same finding. */
import { createHash } from 'node:crypto';
import type { KataReportV1, TestVerdict } from '../../../lib/kata/verdict';
import { fullText } from '../emit/visible';
import { plain } from '../odd';

/** One way to fail. */
export interface Finding {
  /** The same for every student it happens to; an anchor in pages, and the name of a file. */
  readonly key: string;
  readonly kata: string;
  /** The scenario's name, or what else did not hold. */
  readonly where: string;
  readonly task: number;
  readonly headline: string;
  readonly text: string;
  /** The execution that showed it; null where there is none. */
  readonly run: Run | null;
}

/** One execution of a scenario. */
interface Run {
  readonly scenario: string;
  readonly schedule: string;
  /** The scenario is the instructor's own. */
  readonly hidden: boolean;
}

/** Everything a report finds fault with. */
export function findingsIn(report: KataReportV1): Finding[] {
  const { kata, types, tests, status, message } = report;
  const found = tests
    .filter((test) => test.status !== 'pass' && test.status !== 'skipped')
    .map((test) => findingOf(kata, test));
  if (types !== undefined && types.status !== 'pass' && types.status !== 'skipped') {
    found.unshift(finding(kata, 'type check', 0, plain(types.problems.join('\n'))));
  }
  if (found.length === 0 && status !== 'pass')
    found.push(finding(kata, status, 0, plain(message ?? '')));
  return found;
}

/** What a scenario found. */
export function findingOf(kata: string, test: TestVerdict): Finding {
  const hidden = test.hidden ? ' (hidden)' : '';
  const found = finding(kata, `${test.name}${hidden}`, test.task, fullText(test));
  if (test.failure === undefined) return found;
  const { schedule } = test.failure;
  return { ...found, run: { scenario: test.id, schedule: plain(schedule), hidden: test.hidden } };
}

function finding(kata: string, where: string, task: number, text: string): Finding {
  const digest = createHash('sha256')
    .update(JSON.stringify([kata, where, text]))
    .digest('hex');
  const headline = text.split('\n', 1)[0] ?? '';
  return { key: `f${digest.slice(0, 12)}`, kata, where, task, headline, text, run: null };
}
