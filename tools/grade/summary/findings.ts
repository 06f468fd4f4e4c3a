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
}

/** How a key looks. */
export const FINDING_KEY = /^f[0-9a-f]{12}$/;

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
  return finding(kata, `${test.name}${hidden}`, test.task, fullText(test));
}

function finding(kata: string, where: string, task: number, text: string): Finding {
  const digest = createHash('sha256')
    .update(JSON.stringify([kata, where, text]))
    .digest('hex');
  const headline = text.split('\n', 1)[0] ?? '';
  return { key: `f${digest.slice(0, 12)}`, kata, where, task, headline, text };
}
