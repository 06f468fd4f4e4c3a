// SPDX-License-Identifier: GPL-2.0-only
/** The self-check of one kata for its author: the same as tools/selfcheck/selfcheck.ts, told as a list of things to do. */
import fs from 'node:fs';
import path from 'node:path';
import { outcomes } from '../../selfcheck/judge-file';
import { fileProblems, scenariosNamed, sources } from '../../selfcheck/kata-files';
import { readDriver, sha256 } from '../driver-source';
import type { JudgePool } from '../judge-pool';
import { type Judgement, judgementOf } from '../judgement';
import { ownOf, requestOf } from '../judging';
import type { Kata } from '../katas';
import type { Shell } from '../shell';
import { DriverTypes } from '../type-problems';
import { formatTypeProblem } from '../type-problem';

const WRONG_MIN = 5;
const RIGHT_MIN = 2;

/** What is still to be done, as it is found. */
export async function* problemsOf(
  shell: Shell,
  pool: JudgePool,
  kata: Kata,
): AsyncGenerator<string, void, void> {
  const solution = path.join(shell.root, 'solutions', kata.id);
  yield* fileProblems({ path: kata.folder, manifest: kata.manifest }, solution);
  yield* countProblems(kata, solution);
  yield* typeErrors(shell.root, kata, solution);
  yield* shippedProblems(shell, pool, kata);
  const solved = path.join(solution, kata.manifest.driver);
  if (fs.existsSync(solved)) yield* rightProblems(shell, pool, kata, solved);
  for (const name of sources(path.join(solution, 'right'))) {
    yield* rightProblems(shell, pool, kata, path.join(solution, 'right', name));
  }
  for (const name of sources(path.join(solution, 'wrong'))) {
    yield* wrongProblems(shell, pool, kata, path.join(solution, 'wrong', name));
  }
}

function countProblems({ id }: Kata, solution: string): string[] {
  const few = (folder: string, min: number): string[] => {
    const found = sources(path.join(solution, folder)).length;
    if (found >= min) return [];
    return [`solutions/${id}/${folder} has ${found} answers, at least ${min} are wanted`];
  };
  return [...few('wrong', WRONG_MIN), ...few('right', RIGHT_MIN)];
}

function typeErrors(root: string, kata: Kata, solution: string): string[] {
  const folders = [solution, path.join(solution, 'right'), path.join(solution, 'wrong')];
  const files = [
    kata.driver,
    ...folders.flatMap((folder) => sources(folder).map((name) => path.join(folder, name))),
  ].filter((file) => fs.existsSync(file));
  const texts = new Map(files.map((file) => [file, fs.readFileSync(file, 'utf8')]));
  return [...new DriverTypes(root).problems(texts)].flatMap(([file, problems]) =>
    problems.map((problem) => formatTypeProblem(path.relative(root, file), problem)),
  );
}

async function* shippedProblems(
  shell: Shell,
  pool: JudgePool,
  kata: Kata,
): AsyncGenerator<string, void, void> {
  const { id, driver, manifest } = kata;
  if (!fs.existsSync(driver)) return; // told already
  const digest = sha256(readDriver(driver, driver));
  if (digest !== manifest.shipped) {
    yield `${id}/${manifest.driver} is not as shipped; if this is the port, "shipped" in kata.json is "${digest}"`;
  }
  const judgement = await judge(shell, pool, kata, driver);
  yield* refusal(kata, driver, judgement);
  const given = outcomes(judgement.report.tests);
  if (judgement.report.tests.length === 0) return;
  for (const [scenario, outcome] of Object.entries(manifest.scenarios)) {
    const is = given[scenario];
    if (is === outcome) continue;
    yield `${id}/kata.json: ${scenario} gives "${is ?? 'nothing'}" as shipped, not "${outcome}"`;
  }
  if (Object.values(given).every((outcome) => outcome === 'passes')) {
    yield `${id}/${manifest.driver} holds as shipped, so there is nothing to solve; is a scenario missing?`;
  }
}

async function* rightProblems(
  shell: Shell,
  pool: JudgePool,
  kata: Kata,
  file: string,
): AsyncGenerator<string, void, void> {
  const judgement = await judge(shell, pool, kata, file);
  yield* refusal(kata, file, judgement);
  for (const { id, status, message } of judgement.report.tests) {
    if (status !== 'pass') {
      yield `${nameOf(shell.root, file)} should hold, but ${id} gives ${message ?? status}`;
    }
  }
}

async function* wrongProblems(
  shell: Shell,
  pool: JudgePool,
  kata: Kata,
  file: string,
): AsyncGenerator<string, void, void> {
  const name = nameOf(shell.root, file);
  let named: readonly string[];
  try {
    named = scenariosNamed({ path: kata.folder, manifest: kata.manifest }, file);
  } catch {
    yield `${name} does not name, in its second line, a scenario that catches it`;
    return;
  }
  const judgement = await judge(shell, pool, kata, file);
  yield* refusal(kata, file, judgement);
  const failing = judgement.report.tests.filter(({ status }) => status === 'fail');
  for (const scenario of named) {
    if (judgement.report.tests.length === 0 || failing.some(({ id }) => id === scenario)) continue;
    yield `${name} does not fail in ${scenario}, as its second line says; is the scenario too weak?`;
  }
}

/** Why a file was not run at all. */
function refusal({ id }: Kata, file: string, { report, problems }: Judgement): string[] {
  if (report.tests.length > 0) return [];
  return (problems.length > 0 ? problems : [report.message ?? report.status]).map(
    (problem) => `${id}: ${path.basename(path.dirname(file))}/${problem}`,
  );
}

async function judge(shell: Shell, pool: JudgePool, kata: Kata, file: string): Promise<Judgement> {
  const shown = path.basename(file);
  const request = requestOf(shell, ownOf(kata), readDriver(file, shown), { file, shown });
  const answers = await pool.judge(request);
  const frame = { tool: shell.tool, manifest: kata.manifest, driver: shown, durationMs: 0 };
  return judgementOf(frame, { ...answers, typeErrors: [] });
}

function nameOf(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}
