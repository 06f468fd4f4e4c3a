// SPDX-License-Identifier: GPL-2.0-only
/** Judges a driver in a kata: scenarios in one process, types in one thread, and one report of both. */
import fs from 'node:fs';
import { judged, type KataReportV1, notJudged, type TestVerdict } from '../../lib/kata/verdict';
import { Fault, Refusal } from './errors';
import { runJudge } from './judge-process';
import type { JudgeMessage, JudgeRequest, ScenarioName } from './judge-protocol';
import type { Kata } from './katas';
import type { TypeCheck } from './type-check';
import type { TypeProblem } from './type-problems';

/** What is to be judged. */
export interface Task {
  readonly kata: Kata;
  readonly request: JudgeRequest;
  readonly types: TypeCheck;
  readonly tool: string;
}

/** The verdict, and what a report in JSON has no place for. */
export interface Judgement {
  readonly report: KataReportV1;
  /** Sentences with file and line: type errors, or why the driver was refused. */
  readonly problems: readonly string[];
  /** A fault of ours, where one ended the run. */
  readonly fault: Fault | null;
}

/** Judges; throws a Refusal for what cannot be judged at all. */
export async function judgeKata(task: Task): Promise<Judgement> {
  const started = performance.now();
  const { request, types, kata, tool } = task;
  const frame = (): Parameters<typeof judged>[0] => ({
    tool,
    manifest: kata.manifest,
    driver: request.shown,
    durationMs: Math.round(performance.now() - started),
  });
  const rejected = (problems: readonly string[]): Judgement => ({
    report: notJudged(frame(), 'rejected', problems[0] ?? 'this is no driver'),
    problems,
    fault: null,
  });
  try {
    if (isBlank(request.driver)) return rejected([`${request.shown}:1:1: this file is empty`]);
    const answers = new Answers();
    const ending = await runJudge(request, (message) => {
      answers.take(message);
    });
    if (answers.usage !== null) throw new Refusal(answers.usage);
    if (answers.refused !== null) return rejected(answers.refused);
    if (answers.fault !== null) throw answers.fault;
    const problems = await typesOf(task);
    const report = judged(frame(), answers.verdicts(ending === 'done' ? null : ending));
    return { report: withTypes(report, problems), problems, fault: null };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const fault = error instanceof Fault ? error : new Fault(String(error));
    return { report: notJudged(frame(), 'error', fault.message), problems: [], fault };
  } finally {
    types.stop();
  }
}

function isBlank(file: string): boolean {
  try {
    return fs.statSync(file).isFile() && fs.readFileSync(file, 'utf8').trim() === '';
  } catch {
    return false; // whoever reads it next says why it cannot be read
  }
}

async function typesOf({ request, types }: Task): Promise<string[]> {
  const found = (await types.problems).get(request.driver) ?? [];
  return found.map((problem) => formatTypeProblem(request.shown, problem));
}

/** `rbd.ts:12:5: Type 'void' is not assignable to type 'number' (TS2322)`. */
export function formatTypeProblem(file: string, problem: TypeProblem): string {
  const { line, column, message, code } = problem;
  return `${file}:${line}:${column}: ${message} (TS${code})`;
}

/** A driver with type errors fails and scores nothing, whatever its scenarios gave: it would not compile. */
function withTypes(report: KataReportV1, problems: readonly string[]): KataReportV1 {
  const first = problems[0];
  if (first === undefined) return report;
  return {
    ...report,
    status: 'fail',
    message: first,
    score: 0,
    tasks: report.tasks.map((task) => ({ ...task, earned: 0 })),
  };
}

/** The messages of the judging process, put together. */
class Answers {
  usage: string | null = null;
  refused: readonly string[] | null = null;
  fault: Fault | null = null;
  #suite: readonly ScenarioName[] = [];
  #begun = '';
  readonly #verdicts = new Map<string, TestVerdict>();

  take(message: JudgeMessage): void {
    switch (message.type) {
      case 'usage':
        this.usage = message.message;
        break;
      case 'refused':
        this.refused = message.problems;
        break;
      case 'fault': {
        const where = this.#begun === '' ? '' : ` in scenario ${this.#begun}`;
        this.fault = new Fault(`internal error${where}: ${message.message}`, message.trace);
        break;
      }
      case 'suite':
        this.#suite = message.scenarios;
        break;
      case 'begin':
        this.#begun = message.scenario;
        break;
      case 'verdict':
        this.#verdicts.set(message.verdict.id, message.verdict);
        break;
    }
  }

  /** One verdict per scenario of the kata, those that were not run included. `cut` is why the process ended early. */
  verdicts(cut: string | null): TestVerdict[] {
    if (this.#suite.length === 0 && cut !== null)
      throw new Refusal(`the driver's file scope did not come to an end (${cut})`);
    return this.#suite.map((name) => {
      const stuck = cut !== null && name.id === this.#begun;
      return this.#verdicts.get(name.id) ?? notRun(name, stuck ? cut : null);
    });
  }
}

function notRun(name: ScenarioName, cut: string | null): TestVerdict {
  const why = cut === 'silent' ? 'did not answer' : `ended: ${cut ?? ''}`;
  return {
    ...name,
    status: cut === null ? 'skipped' : 'timeout',
    hidden: false,
    message: cut === null ? null : `scenario ${name.id} ${why}; nothing is proven`,
    exploration: { strategy: 'dpor', executions: 0, complete: false, failing: 0 },
  };
}
