// SPDX-License-Identifier: GPL-2.0-only
/**
 * The one rule for faults of ours: a report that one of them may have changed is not a grade, and nothing reads points from it. Every
 * output takes reports that have passed here; the compiler sees to it.
 */
import type { KataReportV1, TestStatus } from '../../lib/kata/verdict';
import { plain } from './odd';

declare const sound: unique symbol;

/** A report that is a grade. */
export type SoundReport = KataReportV1 & { readonly [sound]: true };

/** A report, or the sentence that says why it is not a grade. */
export type Looked =
  { readonly report: SoundReport; readonly fault: null } | { readonly fault: string };

/** Is it a grade? */
export function looked(report: KataReportV1): Looked {
  const fault = faultOf(report);
  // This is where reports become sound.
  return fault === null ? { report: report as SoundReport, fault } : { fault: plain(fault) };
}

/** Why a report is not a grade; null if it is one. */
export function faultOf(report: KataReportV1): string | null {
  const untrusted = report.grading?.untrusted ?? null;
  if (untrusted !== null) return `do not rely on this batch: ${untrusted}`;
  if (report.status === 'error') return report.message ?? 'it could not be judged';
  const erred = erredIn(report);
  return erred !== null && report.tasks.some((task) => isOpen(task, report)) ? erred : null;
}

function erredIn({ tests, types }: KataReportV1): string | null {
  const test = tests.find(({ status }) => status === 'error');
  if (test !== undefined) {
    const why = test.hidden ? null : test.message;
    return `a scenario could not be judged${why === null ? '' : `: ${why}`}`;
  }
  return types?.status === 'error' ? (types.problems[0] ?? 'the types were not checked') : null;
}

/** What a driver has brought upon itself. */
const DECIDED: readonly TestStatus[] = ['fail', 'bound', 'timeout'];

/** A task without points that might have had some: none of its own scenarios failed. */
function isOpen(
  { id, points, earned }: KataReportV1['tasks'][0],
  { tests }: KataReportV1,
): boolean {
  const lost = tests.some(({ task, status }) => task === id && DECIDED.includes(status));
  return earned < points && !lost;
}
