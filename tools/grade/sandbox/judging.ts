// SPDX-License-Identifier: GPL-2.0-only
/** Judging in the locked realm. Loaded once it is locked, and the library with it. */
import { createRequire } from 'node:module';
import vm from 'node:vm';
import type { LinkedDriver } from '../../../lib/driver';
import { caseScenario } from '../../../lib/kata/cases';
import {
  type Explored,
  explainScenario,
  exploreScenario,
  type JudgeOptions,
} from '../../../lib/kata/judge';
import type { Scenario, Suite } from '../../../lib/scenario/scenario';
import { startDriver } from '../../../lib/kata/starting';
import type { TestVerdict } from '../../../lib/kata/verdict';
import type { FrameRules } from '../../../lib/report';
import { replayCommand } from '../../kata/print/replay-command';
import { type Failed, tellExecutions } from './executions';
import { explainingSteps } from './explaining-steps';
import { hardenLibrary } from './harden';
import { hideStacks } from './hidden-stacks';
import type { Declared, JudgeJob, JudgeLine } from './protocol';
import type { Realm } from './realm';
import { exploredOr } from './unsteady';

const load = createRequire(__filename);

/**
 * Starts a linked driver in the realm and judges it: first every scenario has its verdict, then those that fail are explained.
 * Whatever ends the process on the way, what has been said stays said.
 */
export function judgeLinked(
  job: JudgeJob,
  linked: LinkedDriver,
  realm: Realm,
  say: (line: JudgeLine) => void,
): void {
  hardenLibrary(realm);
  hideStacks(job.suite, realm);
  const started = startDriver(linked, job.driver, realm.evaluate);
  const scenarios = started.ok ? scenariosFor(job, started.driver) : started.problems;
  if (isRefusal(scenarios)) {
    say({ type: 'refused', problems: scenarios });
    return;
  }
  say({ type: 'declared', declared: scenarios.map(declared) });
  const explored = scenarios.map((scenario) => {
    const one = exploreOne(job, scenario, scenario === scenarios[0]);
    say({ type: 'verdict', verdict: one.verdict });
    return one;
  });
  const failed: Failed[] = [];
  explain(job, explored, (scenario, verdict) => {
    say({ type: 'verdict', verdict });
    if (verdict.failure !== undefined) failed.push({ scenario, failure: verdict.failure });
  });
  try {
    tellExecutions(failed, job.tellSteps, framesOf(job), (id, execution) => {
      say({ type: 'execution', id, execution });
    });
  } catch {
    // Verdicts and reports stand without them.
  }
  say({ type: 'end' });
}

function isRefusal(made: readonly Scenario[] | readonly string[]): made is readonly string[] {
  return typeof made[0] === 'string';
}

function declared({ id, title, task, kind }: Scenario): Declared {
  return { id, name: title, task, kind };
}

/** The kata's scenarios and the instructor's, or why they cannot be made of this driver. */
function scenariosFor(
  { suite, hiddenCode, cases, driver, kata }: JudgeJob,
  exported: Readonly<Record<string, unknown>>,
): readonly Scenario[] | readonly string[] {
  const suites = [(load(suite) as { default: Suite }).default]; // every scenarios.ts has one
  if (hiddenCode !== '')
    suites.push(compiled(hiddenCode, `/katas/${kata}/hidden-scenarios.js`, suite));
  try {
    const made = suites.flatMap(({ scenarios }) => scenarios(exported as never)); // the linker has looked for the exports
    return [...made, ...cases.map((one) => caseScenario(exported, one))];
  } catch {
    return [`${driver}:1:1: the scenarios cannot use what this file exports`];
  }
}

/** An instructor's scenarios; what they import is what the kata's own could. */
function compiled(code: string, filename: string, beside: string): Suite {
  const module = { exports: {} };
  // The parameters are named in the same line.
  const run = vm.compileFunction(code, ['exports', 'require'], { filename }) as (
    exports: object,
    require: (name: string) => unknown,
  ) => void;
  run(module.exports, createRequire(beside));
  return (module.exports as { default: Suite }).default; // openGrader() has seen that it has one
}

function framesOf({ driver }: JudgeJob): FrameRules {
  return { drivers: [driver] };
}

/** A scenario and what exploring it came to. */
interface Judged extends Explored {
  readonly scenario: Scenario;
  readonly options: JudgeOptions;
}

function exploreOne(job: JudgeJob, scenario: Scenario, first: boolean): Judged {
  const { kata, executionsMax } = job;
  const options: JudgeOptions = {
    executionsMax,
    frames: framesOf(job),
    command: ({ id }, schedule) =>
      replayCommand({
        number: kata.slice(0, 2),
        schedule,
        scenario: first ? null : id,
        driverOption: '',
      }),
  };
  const explored = exploredOr(declared(scenario), () => exploreScenario(scenario, options));
  return { scenario, options, ...explored };
}

/** Explains failures, as far as the processor time for it goes; the rest keep the verdict they have. */
function explain(
  { explainMs }: JudgeJob,
  explored: readonly Judged[],
  told: (scenario: Scenario, verdict: TestVerdict) => void,
): void {
  const failing = explored.filter(({ found }) => found !== null);
  const steps = explored.reduce((sum, one) => sum + (one.steps ?? 0), 0);
  const stepsMax = explainingSteps(steps, failing.length);
  const began = process.cpuUsage();
  for (const one of failing) {
    const { user, system } = process.cpuUsage(began);
    if ((user + system) / 1000 > explainMs) return;
    try {
      const { scenario, options } = one;
      told(scenario, explainScenario(scenario, one, { ...options, stepsMax }));
    } catch {
      // It keeps its verdict.
    }
  }
}
