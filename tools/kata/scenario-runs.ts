// SPDX-License-Identifier: GPL-2.0-only
/** Which scenarios are run, how they show that they are alive, and how what they throw is printed. Nothing here needs Node: pages judge drivers, too. */
import type { Scenario } from '../../lib/scenario/scenario';
import { stackOf, UsageError } from '../../lib/machine';
import type { JudgeRequest } from './judge-protocol';

/** The scenarios that are asked for. */
export function chosen(
  { scenario: wanted, schedule }: Pick<JudgeRequest, 'scenario' | 'schedule'>,
  scenarios: readonly Scenario[],
): readonly Scenario[] {
  if (wanted === null) return schedule === null ? scenarios : scenarios.slice(0, 1);
  const found = scenarios.filter(({ id }) => id === wanted);
  if (found.length > 0) return found;
  const all = scenarios.map(({ id }) => id).join(', ');
  throw new UsageError(`there is no scenario '${wanted}'; this kata has ${all}`);
}

/** What stacks call a driver: as the linker names the source, without blanks or quotes. */
export function frameName(shown: string): string {
  return shown.replace(/[\s'"]/g, '_');
}

/** Executions between two signs of life. */
export const BEAT = 100;

/** The same scenario, which gives a sign of life every so many executions: each execution starts its first task once. */
export function withHeartbeat(scenario: Scenario, beat: () => void): Scenario {
  let starts = 0;
  const tasks = Object.entries(scenario.tasks).map(([name, body]) => [
    name,
    (world: unknown) => {
      if (++starts % BEAT === 0) beat();
      return body(world);
    },
  ]);
  return { ...scenario, tasks: Object.fromEntries(tasks) as Scenario['tasks'] }; // the same, each with a beat
}

/** What was thrown, in one line, and where. */
export function told(error: unknown): { message: string; trace: string } {
  if (!(error instanceof Error)) return { message: String(error), trace: '' };
  const stack = stackOf(error);
  const trace = stack.startsWith('\n') ? `${error.name}: ${error.message}${stack}` : stack;
  return { message: error.message.split('\n')[0] ?? '', trace };
}
