// SPDX-License-Identifier: GPL-2.0-only
/**
 * Autolab: the last line of standard output carries the scores, the line before it what is shown. Both are printed by the
 * grader when the submission's process is gone, so that nothing a submission prints can come last.
 */
import type { TestVerdict } from '../../../lib/kata/verdict';
import type { SoundReport } from '../faults';
import { jsonText, plainLine } from '../odd';
import {
  HIDDEN_TEXT,
  isShown,
  shownTests,
  typesEntry,
  visibleMessage,
  visibleSentence,
} from './visible';

export interface AutolabScores {
  readonly scores: Readonly<Record<string, number>>;
  readonly scoreboard: readonly number[];
}

/** A case of a stage, by the scenario's name. */
interface Case {
  readonly passed: boolean;
  readonly hint: string;
}

/** The name of a task's problem, as the assessment must declare it: `01 task 1`. */
function autolabProblem(kata: string, task: number): string {
  return `${kata.slice(0, 2)} task ${task}`;
}

/** The scores of all tasks. */
export function autolabScores(reports: readonly SoundReport[]): AutolabScores {
  const scores = Object.fromEntries(
    reports.flatMap(({ kata, tasks }) =>
      tasks.map(({ id, earned }) => [autolabProblem(kata, id), earned] as const),
    ),
  );
  return { scores, scoreboard: [reports.reduce((sum, { score }) => sum + score, 0)] };
}

/** What Autolab shows: a stage for each kata. Hidden scenarios are left out. */
function autolabFeedback(reports: readonly SoundReport[]): Readonly<Record<string, unknown>> {
  const stages = reports.map((report) => [report.kata, stageOf(report)] as const);
  return {
    _presentation: 'semantic',
    stages: stages.map(([name]) => name),
    ...Object.fromEntries(stages),
  };
}

function stageOf(report: SoundReport): Readonly<Record<string, Case>> {
  const types = typesEntry(report);
  const shown = shownTests(report);
  const secret = report.tests.some((test) => !isShown(test) && test.status !== 'pass');
  const judged = { passed: report.status === 'pass', hint: visibleMessage(report) ?? '' };
  return {
    ...(shown.length === 0 ? { judged } : {}),
    ...(types === null
      ? {}
      : { 'type-checks': { passed: types.passed === true, hint: types.text } }),
    ...Object.fromEntries(shown.map((test) => [test.name, caseOf(test)])),
    ...(secret ? { 'hidden scenarios': { passed: false, hint: HIDDEN_TEXT } } : {}),
  };
}

function caseOf(test: TestVerdict): Case {
  const replay = test.failure === undefined ? '' : `; replay it: ${test.failure.replay}`;
  const hint = visibleSentence(test);
  return { passed: test.status === 'pass', hint: hint === '' ? '' : `${hint}${replay}` };
}

/** What is printed after a fault of ours: a reason, and no scores. */
export function autolabFault(why: string): string {
  return `kata: not graded: ${plainLine(why)}\n`;
}

/** The two lines, the scores last. */
export function autolab(reports: readonly SoundReport[]): string {
  const documents = [autolabFeedback(reports), autolabScores(reports)];
  return documents.map((document) => `${jsonText(document, 0)}\n`).join('');
}
