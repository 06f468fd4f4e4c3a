// SPDX-License-Identifier: GPL-2.0-only
/** Judging in the locked realm. Loaded once it is locked, and the library with it. */
import { createRequire } from 'node:module';
import vm from 'node:vm';
import type { LinkedDriver } from '../../../lib/driver';
import * as driverLib from '../../../lib/driver-lib';
import { caseScenario } from '../../../lib/kata/cases';
import { checkedLib } from '../../../lib/kata/checked-lib';
import { judgeScenario } from '../../../lib/kata/judge';
import type { Scenario, Suite } from '../../../lib/scenario/scenario';
import { startDriver } from '../../../lib/kata/starting';
import type { TestVerdict } from '../../../lib/kata/verdict';
import { isTaken, sites } from '../../../lib/machine';
import { replayCommand } from '../../kata/print/replay-command';
import { stackText } from '../../kata/source-lines';
import type { Declared, JudgeAnswer, JudgeJob } from './protocol';
import type { Realm } from './realm';

const load = createRequire(__filename);

/** Starts a linked driver in the realm and judges it in every scenario, as far as the time goes. */
export function judgeLinked(job: JudgeJob, linked: LinkedDriver, realm: Realm): JudgeAnswer {
  for (const lib of [driverLib, checkedLib]) Object.values(lib).forEach(realm.harden);
  hideStacks(job.suite, realm);
  const scenarios: Scenario[] = [];
  const verdicts: TestVerdict[] = [];
  const problems: string[] = [];
  const timedOut = !inTime(job.softMs, () => {
    const started = startDriver(linked, job.driver, realm.evaluate);
    const made = started.ok ? scenariosFor(job, started.driver) : started.problems;
    if (isRefusal(made)) {
      problems.push(...made);
      return;
    }
    scenarios.push(...made);
    for (const scenario of scenarios) {
      verdicts.push(judgeOne(job, scenario, scenario === scenarios[0]));
    }
  });
  if (problems.length > 0) return { type: 'refused', problems };
  return { type: 'judged', declared: scenarios.map(declared), verdicts, timedOut };
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

function judgeOne(job: JudgeJob, scenario: Scenario, first: boolean): TestVerdict {
  const { driver, kata, executionsMax } = job;
  try {
    return judgeScenario(scenario, {
      executionsMax,
      frames: { drivers: [driver] },
      command: ({ id }, schedule) =>
        replayCommand({
          number: kata.slice(0, 2),
          schedule,
          scenario: first ? null : id,
          driverOption: '',
        }),
    });
  } catch (error) {
    const exploration = { strategy: 'dpor', executions: 0, complete: false, failing: 0 } as const;
    const message = error instanceof Error ? error.message : 'an exception';
    return { ...declared(scenario), hidden: false, status: 'error', message, exploration };
  }
}

/**
 * Stacks are for the machine, while it replays a failure; whoever else looks at one finds nothing. A driver that could read
 * its stack would know which scenario it is in.
 */
function hideStacks(suite: string, { errors }: Realm): void {
  const told = stackText(suite);
  const nobody = { name: 'Error', message: '' };
  errors.prepareStackTrace = (error, frames) =>
    sites.capture !== null || isTaken(error) ? told(nobody, frames) : '';
}

/** Runs with a limit that nothing in the code can catch; false if it was reached. */
function inTime(timeout: number, run: () => void): boolean {
  const name = '__kata_run';
  Object.defineProperty(globalThis, name, { value: run, configurable: true });
  try {
    vm.runInThisContext(`${name}()`, { timeout });
    return true;
  } catch (error) {
    // Only the vm module throws here.
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}
