// SPDX-License-Identifier: GPL-2.0-only
/** The self-check of one kata for its author: the same as Jest runs, judged in processes of their own, told as a list of things to do. */
import { driversOf } from '../../answers/files';
import { isShipped } from '../../answers/shipped';
import { textOrNull } from '../../answers/text';
import { checksOf, type Judge, type Judged, type Question } from '../../selfcheck/checks';
import type { JudgePool } from '../judge-pool';
import type { Answers } from '../judge-round';
import { judgementOf } from '../judgement';
import { ownOf, requestOf } from '../judging';
import type { Kata } from '../katas';
import type { Shell } from '../shell';
import { driverTypes } from '../type-problems';
import { formatTypeProblem } from '../type-problem';

/** What is still to be done, as it is found. */
export async function* problemsOf(
  shell: Shell,
  pool: JudgePool,
  kata: Kata,
): AsyncGenerator<string, void, void> {
  const judge = judgeIn(shell, pool, kata);
  const port = textOrNull(kata.driver);
  if (port !== null) yield* editedProblems(kata, port);
  yield* typeErrors(shell.root, kata);
  const folder = { path: kata.folder, manifest: kata.manifest };
  for (const { problems } of checksOf(shell.root, folder, () => port ?? '')) {
    yield* await problems(judge);
  }
}

function editedProblems({ id, number, manifest }: Kata, port: string): string[] {
  if (isShipped(manifest, port)) return [];
  const what = `katas/${id}/${manifest.driver} is not as shipped`;
  return [`${what}; if this is the port, npx kata dev rebase ${number} takes it as such`];
}

/** Type errors of the port, the solution and all answers, found by one compiler. */
function typeErrors(root: string, { manifest }: Kata): string[] {
  return [...driverTypes(root).problems(driversOf(root, manifest))].flatMap(([shown, problems]) =>
    problems.map((problem) => formatTypeProblem(shown, problem)),
  );
}

/** A judge that uses the processes of a pool. */
export function judgeIn(shell: Shell, pool: JudgePool, kata: Kata): Judge {
  return (question) => judged(shell, pool, kata, question);
}

/** Judges in the pool; one scenario after another where only some are wanted. */
async function judged(
  shell: Shell,
  pool: JudgePool,
  kata: Kata,
  { text, shown, only, brief = false }: Question,
): Promise<Judged> {
  const wanted: readonly (string | null)[] = only ?? [null];
  const all: Judged[] = [];
  for (const scenario of wanted) {
    const request = requestOf(shell, { ...ownOf(kata), scenario }, text, {
      file: kata.driver,
      shown,
    });
    const answers = await pool.judge({ ...request, brief });
    const manifest = { ...kata.manifest, scenarios: scenariosOf(answers) };
    const frame = { tool: shell.tool, manifest, driver: shown, durationMs: 0 };
    const { report, problems } = judgementOf(frame, { ...answers, typeErrors: [] });
    const verdicts = report.tests.filter(({ status }) => status !== 'skipped');
    const why = problems.length > 0 ? problems : [report.message ?? report.status];
    if (verdicts.length === 0) return { problems: why, verdicts };
    all.push({ problems: [], verdicts });
  }
  return { problems: [], verdicts: all.flatMap(({ verdicts }) => verdicts) };
}

/** The scenarios there are: kata.json may name others, and then the self-check says which. */
function scenariosOf({ messages }: Answers): Record<string, string> {
  const suite = messages.flatMap((message) => (message.type === 'suite' ? message.scenarios : []));
  return Object.fromEntries(suite.map(({ id }) => [id, '']));
}
