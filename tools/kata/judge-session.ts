// SPDX-License-Identifier: GPL-2.0-only
/** One request, answered: loads the driver, makes its scenarios, and judges or replays them, telling as it goes. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { loadDriver, readKata } from '../../lib/kata/files';
import type { Manifest } from '../../lib/kata/manifest';
import type { Scenario, Suite } from '../../lib/kata/scenario';
import { UsageError } from '../../lib/machine';
import type { Judge, JudgeOptions } from './judge';
import type { JudgeMessage, JudgeRequest } from './judge-protocol';
import { replayCommand } from './print/replay-command';
import { mapStacks } from './source-lines';

export type Send = (message: JudgeMessage) => void;

/** Answers one request. Never throws: what goes wrong is part of the answer. */
export function answer(request: JudgeRequest, judge: Judge, send: Send): void {
  try {
    const scenarios = prepare(request, send);
    if (scenarios !== null) judgeAll(request, scenarios, judge, send);
  } catch (error) {
    if (error instanceof UsageError) send({ type: 'usage', message: error.message });
    else send({ type: 'fault', ...told(error) });
  }
  send({ type: 'done' });
}

function prepare(request: JudgeRequest, send: Send): readonly Scenario[] | null {
  const { root, kata, driver, shown } = request;
  const { manifest } = readKata(path.join(root, 'katas', kata));
  const loaded = loadDriver(driver, manifest, shown);
  if (!loaded.ok) {
    send({ type: 'refused', problems: loaded.problems });
    return null;
  }
  const suite = suiteOf(root, manifest);
  let scenarios: readonly Scenario[];
  try {
    scenarios = suite.scenarios(loaded.driver);
  } catch (error) {
    const sentence = `the scenarios cannot use what this file exports: ${told(error).message}`;
    send({ type: 'refused', problems: [`${shown}:1:1: ${sentence}`] });
    return null;
  }
  send({
    type: 'suite',
    scenarios: scenarios.map(({ id, title, task, kind }) => ({ id, name: title, task, kind })),
  });
  return scenarios;
}

/** The kata's scenarios as the build left them. */
function suiteOf(root: string, { id }: Manifest): Suite<unknown> {
  const file = path.join(root, 'dist', 'katas', id, 'scenarios.js');
  mapStacks(file);
  // A scenarios.ts exports its suite as default; the self-check runs every one of them.
  return (createRequire(__filename)(file) as { default: Suite<unknown> }).default;
}

function judgeAll(
  request: JudgeRequest,
  scenarios: readonly Scenario[],
  judge: Judge,
  send: Send,
): void {
  const { schedule } = request;
  for (const scenario of chosen(request, scenarios)) {
    send({ type: 'begin', scenario: scenario.id });
    const options = optionsFor(request, scenario, scenarios[0]);
    const watched = withHeartbeat(scenario, () => {
      send({ type: 'alive', executions: BEAT });
    });
    if (schedule === null) {
      send({ type: 'verdict', verdict: judge.judge(watched, options) });
      continue;
    }
    send({ type: 'replayed', report: judge.replay(watched, schedule, options) ?? '' });
    return;
  }
}

function chosen(
  { scenario: wanted, schedule }: JudgeRequest,
  scenarios: readonly Scenario[],
): readonly Scenario[] {
  if (wanted === null) return schedule === null ? scenarios : scenarios.slice(0, 1);
  const found = scenarios.filter(({ id }) => id === wanted);
  if (found.length > 0) return found;
  const all = scenarios.map(({ id }) => id).join(', ');
  throw new UsageError(`there is no scenario '${wanted}'; this kata has ${all}`);
}

function optionsFor(
  { kata, shown, driverOption, full }: JudgeRequest,
  { id }: Scenario,
  first: Scenario | undefined,
): JudgeOptions {
  const scenario = id === first?.id ? null : id;
  return {
    command: (schedule) =>
      replayCommand({ number: kata.slice(0, 2), schedule, scenario, driverOption }),
    // As the linker names the source: no blanks or quotes.
    drivers: [shown.replace(/[\s'"]/g, '_')],
    full,
  };
}

/** Executions between two signs of life. */
const BEAT = 500;

/** The same scenario, which gives a sign of life every so many executions: each execution starts its first task once. */
function withHeartbeat(scenario: Scenario, beat: () => void): Scenario {
  let starts = 0;
  const tasks = Object.entries(scenario.tasks).map(([name, body]) => [
    name,
    (world: unknown) => {
      if (++starts % BEAT === 0) beat();
      return body(world);
    },
  ]);
  return { ...scenario, tasks: Object.fromEntries(tasks) as Scenario['tasks'] };
}

function told(error: unknown): { message: string; trace: string } {
  if (!(error instanceof Error)) return { message: String(error), trace: '' };
  return { message: error.message.split('\n')[0] ?? '', trace: error.stack ?? '' };
}
