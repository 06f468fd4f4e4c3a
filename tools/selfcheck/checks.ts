// SPDX-License-Identifier: GPL-2.0-only
/**
 * What proves a kata: it fails as shipped as it says, its solution and other right answers hold, and its wrong answers fail where
 * they say. Each text is judged once. Jest (selfcheck.ts) and `kata dev check` (tools/kata/dev/check.ts) both run this list.
 */
import path from 'node:path';
import type { KataFolder } from '../../lib/kata/files';
import type { Manifest } from '../../lib/kata/manifest';
import type { TestVerdict } from '../../lib/kata/verdict';
import { UsageError } from '../../lib/machine';
import { type AnswerFile, answerFiles, applied } from '../answers/files';
import type { Source } from '../answers/source';
import { textOrNull } from '../answers/text';
import { answerProblems, countProblems, fileProblems, sameProblems } from './kata-files';
import { differences, type List, listOf, listProblems, needsProblems, usedExports } from './lists';

/** A question to a judge: a driver, in some scenarios or all, with full reports or only whether it fails. */
export interface Question extends Source {
  readonly only?: readonly string[];
  readonly brief?: boolean;
}

/** The answer: why the driver was not run, or a verdict for each scenario. */
export interface Judged {
  readonly problems: readonly string[];
  readonly verdicts: readonly TestVerdict[];
}

export type Judge = (question: Question) => Judged | Promise<Judged>;

/** One property, and its problems, one sentence each. */
export interface Check {
  readonly name: string;
  readonly problems: (judge: Judge) => Promise<string[]>;
}

/** Everything that a kata must prove, in the order that helps its author. `port` returns the text to judge as shipped. */
export function checksOf(root: string, kata: KataFolder, port: () => string): Check[] {
  const { id, driver } = kata.manifest;
  const solution = path.join(root, 'solutions', id);
  const check = (name: string, problems: Check['problems']): Check => {
    return { name, problems: (judge) => told(() => problems(judge)) };
  };
  const files = (find: () => string[]): Check['problems'] => {
    return () => Promise.resolve(find());
  };
  return [
    check(
      'has the files it needs and no others',
      files(() => fileProblems(root, kata)),
    ),
    check(
      'keeps enough right and wrong answers',
      files(() => countProblems(root, kata)),
    ),
    check(
      'has no answer twice',
      files(() => sameProblems(root, kata)),
    ),
    check(
      'lists the exports that its scenarios use',
      files(() => [...exportProblems(kata, port()), ...needsProblems(kata)]),
    ),
    check('fails as shipped exactly as kata.json says', (judge) => asShipped(kata, port(), judge)),
    check('holds with its solution', async (judge) => {
      const shown = `solutions/${id}/${driver}`;
      const text = textOrNull(path.join(solution, driver));
      return text === null ? [] : holds(await judge({ text, shown: driver }), shown);
    }),
    ...answerFiles(root, id).map((file) =>
      file.kind === 'right'
        ? check(`holds with right/${file.name}`, (judge) => right(root, kata, file, judge))
        : check(`fails where wrong/${file.name} says`, (judge) => wrong(root, kata, file, judge)),
    ),
  ];
}

/** Reports a file that cannot be used as a problem like any other. */
async function told(find: () => Promise<string[]>): Promise<string[]> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof UsageError) return [error.message];
    throw error;
  }
}

function exportProblems(kata: KataFolder, port: string): string[] {
  const used = usedExports(kata, port);
  if (used === null) return []; // judging says what is wrong with the port
  const { exports } = kata.manifest;
  return listProblems(kata, 'exports', differences(listOf(exports), listOf(used)));
}

async function asShipped(kata: KataFolder, text: string, judge: Judge): Promise<string[]> {
  const { id, driver, scenarios } = kata.manifest;
  if (text === '') return []; // a missing port has been reported already
  const { outcomes, problems: unjudged } = await outcomesAsShipped(kata.manifest, text, judge);
  if (outcomes.size === 0) return unjudged.map((problem) => `katas/${id}/${problem}`);
  const differing = differences(new Map(Object.entries(scenarios)), outcomes);
  const problems = listProblems(kata, 'scenarios', differing);
  if ([...outcomes.values()].some((outcome) => outcome !== 'passes')) return problems;
  const solved = `katas/${id}/${driver} holds as shipped, so there is nothing to solve`;
  return [...problems, `${solved}; is a scenario missing?`];
}

/** What a port gives in each scenario, in the form of kata.json; and why some were not judged to their end. */
export async function outcomesAsShipped(
  { driver }: Manifest,
  text: string,
  judge: Judge,
): Promise<{ readonly outcomes: List; readonly problems: readonly string[] }> {
  const { verdicts, problems } = await judge({ text, shown: driver });
  const open = verdicts.filter(({ status }) => status !== 'pass' && status !== 'fail');
  return {
    outcomes: new Map(verdicts.map((verdict) => [verdict.id, outcomeOf(verdict)])),
    problems: [...problems, ...open.map((verdict) => `${verdict.id} gives ${outcomeOf(verdict)}`)],
  };
}

/** The outcome of a scenario, in the form of kata.json. */
function outcomeOf({ status, failure, message }: TestVerdict): string {
  return status === 'pass' ? 'passes' : (failure?.headline ?? message ?? status);
}

async function right(
  root: string,
  { manifest }: KataFolder,
  file: AnswerFile,
  judge: Judge,
): Promise<string[]> {
  const answer = applied(root, manifest, file);
  const judged = await judge({ text: answer.text, shown: `${file.name}.ts` });
  return [...answerProblems(answer, manifest), ...holds(judged, file.shown)];
}

function holds({ problems, verdicts }: Judged, shown: string): string[] {
  if (verdicts.length === 0) return problems.map((problem) => `${shown}: ${problem}`);
  return verdicts
    .filter(({ status }) => status !== 'pass')
    .map(({ id, status, message }) => `${shown} should hold, but ${id} gives ${message ?? status}`);
}

async function wrong(
  root: string,
  { manifest }: KataFolder,
  file: AnswerFile,
  judge: Judge,
): Promise<string[]> {
  const { answer, ...rest } = applied(root, manifest, file);
  const problems = answerProblems({ answer, ...rest }, manifest);
  const only = answer.fails.filter((scenario) => scenario in manifest.scenarios);
  if (only.length === 0) return problems;
  const judged = await judge({ text: rest.text, shown: `${file.name}.ts`, only, brief: true });
  if (judged.verdicts.length === 0)
    return [...problems, ...judged.problems.map((problem) => `${file.shown}: ${problem}`)];
  const failing = judged.verdicts.filter(({ status }) => status === 'fail');
  const weak = only.filter((name) => !failing.some(({ id }) => id === name));
  const tasks = [...new Set(failing.map(({ task }) => task))].sort((a, b) => a - b);
  return [
    ...problems,
    ...weak.map(
      (name) => `${file.shown} says 'Fails: ${name}', and it holds; is the scenario too weak?`,
    ),
    ...(weak.length > 0 || tasks.join() === answer.tasks.join()
      ? []
      : [
          `${file.shown}: its scenarios are of ${tasks.map((task) => `'Task: ${task}'`).join(', ')}`,
        ]),
  ];
}
