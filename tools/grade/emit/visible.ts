// SPDX-License-Identifier: GPL-2.0-only
/** What a learner may see of a report, and as what text: hidden scenarios keep their words, control characters go. */
import type { KataReportV1, TestStatus, TestVerdict } from '../../../lib/kata/verdict';
import { plain } from '../odd';

/** Said in place of what a hidden scenario found. */
export const HIDDEN_TEXT = 'a hidden scenario does not hold';

/** May the learner see this scenario now? */
export function isShown({ hidden, visibility }: TestVerdict): boolean {
  return !hidden || visibility === 'visible';
}

/** What a learner may call a scenario, which is the n-th of the report: the title of a hidden one says too much. */
export function visibleName(test: TestVerdict, place: number): string {
  return isShown(test) ? plain(test.name) : `a hidden scenario (${place + 1})`;
}

/** The scenarios a learner may see, without those that were not run. */
export function shownTests({ tests }: KataReportV1): TestVerdict[] {
  return tests.filter((test) => isShown(test) && test.status !== 'skipped');
}

/** A report's sentence, which never comes from a scenario that is not shown; null when everything holds. */
export function visibleMessage({ message, status }: KataReportV1): string | null {
  if (message !== null) return plain(message);
  return status === 'pass' ? null : HIDDEN_TEXT;
}

/** One sentence about a scenario; empty when it holds. */
export function visibleSentence(test: TestVerdict): string {
  if (test.status === 'pass') return '';
  return isShown(test) ? sentenceOf(test) : HIDDEN_TEXT;
}

/** Everything there is to say about a scenario; empty when it holds. */
export function visibleText(test: TestVerdict): string {
  if (test.status === 'pass' || !isShown(test)) return visibleSentence(test);
  return fullText(test);
}

/** The same, for the instructor. */
export function fullText(test: TestVerdict): string {
  if (test.status === 'pass') return '';
  return test.failure === undefined ? sentenceOf(test) : plain(test.failure.report);
}

function sentenceOf({ status, message, failure }: TestVerdict): string {
  return plain(failure?.headline ?? message ?? NOTHING_SAID[status]);
}

const NOTHING_SAID: Readonly<Record<TestStatus, string>> = {
  pass: 'it holds',
  fail: 'it does not hold',
  error: 'it could not be judged',
  bound: 'a bound was reached, so nothing is proven',
  timeout: 'it did not finish in time',
  skipped: 'it was not run',
};

/** The type check as an entry of its own. */
export interface TypesEntry {
  /** Null where the check gave no answer. */
  readonly passed: boolean | null;
  readonly text: string;
}

/** What the type check said; null where there was none. */
export function typesEntry({ types }: KataReportV1): TypesEntry | null {
  if (types === undefined || types.status === 'skipped') return null;
  const passed = types.status === 'error' ? null : types.status === 'pass';
  return { passed, text: plain(types.problems.join('\n')) };
}

/** At most so many characters, with a sign that there were more. */
export function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 4)} ...`;
}
