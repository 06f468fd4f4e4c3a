// SPDX-License-Identifier: GPL-2.0-only
/** Judges a driver in a kata: scenarios in one process, types in one thread, and one report of both. */
import fs from 'node:fs';
import type { Manifest } from '../../lib/kata/manifest';
import {
  judged,
  type KataReportV1,
  notJudged,
  type ReportFrame,
  type TestVerdict,
} from '../../lib/kata/verdict';
import { Fault, Refusal } from './errors';
import { type Ending, runJudge } from './judge-process';
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
  const frame = (): ReportFrame => ({
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
    const tests = answers.verdicts(kata.manifest, ending === 'done' ? null : ending);
    const report = tests === null ? hung(frame()) : reported(frame(), tests);
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

  /** One verdict per scenario of the kata, those not run included; null if it did not come so far. `cut`: it ended early. */
  verdicts(manifest: Manifest, cut: Cut | null): TestVerdict[] | null {
    if (this.#suite.length === 0 && cut !== null) return null;
    const declared = Object.keys(manifest.scenarios).sort().join(', ');
    const found = this.#suite.map(({ id }) => id);
    if (found.sort().join(', ') !== declared) {
      throw new Fault(`katas/${manifest.id}: kata.json and scenarios.ts name different scenarios`);
    }
    return this.#suite.map((name) => {
      const stuck = cut !== null && name.id === this.#begun;
      return this.#verdicts.get(name.id) ?? notRun(name, stuck ? cut : null);
    });
  }
}

type Cut = Exclude<Ending, 'done'>;

function notRun(name: ScenarioName, cut: Cut | null): TestVerdict {
  const exploration = { strategy: 'dpor', executions: 0, complete: false, failing: 0 } as const;
  const verdict = { ...name, hidden: false, exploration };
  if (cut === null) return { ...verdict, status: 'skipped', message: null };
  return cut === 'silent'
    ? { ...verdict, status: 'timeout', message: `${name.id}: did not answer, so nothing is proven` }
    : {
        ...verdict,
        status: 'bound',
        message: `${name.id}: ran out of memory, so nothing is proven`,
      };
}

/** `judged`, with a message that passes over scenarios nobody asked for. */
function reported(frame: ReportFrame, tests: readonly TestVerdict[]): KataReportV1 {
  const first = tests.find(({ status }) => status !== 'pass' && status !== 'skipped');
  const message = first === undefined ? null : (first.failure?.headline ?? first.message);
  return { ...judged(frame, tests), message };
}

/** The file scope itself did not come to an end. */
function hung(frame: ReportFrame): KataReportV1 {
  const message = `${frame.driver}: loading this file did not come to an end`;
  return { ...notJudged(frame, 'error', message), status: 'timeout' };
}
