// SPDX-License-Identifier: GPL-2.0-only
/** Every outcome of a client program with a driver: every set of results, findings and tasks that wait for ever. */
import vm from 'node:vm';
import * as lib from '../../../../lib';
import { dpor } from '../../../../lib/explore';
import { machineFor } from '../../../../lib/kata/judge';
import { errname } from '../../../../lib/kernel/err';
import type { Scenario } from '../../../../lib/scenario/scenario';
import type { Client } from './calls';
import type { Program } from './programs';

/** A program whose executions are more is not looked at: a smaller one will tell, or none does. */
const EXECUTIONS_MAX = 3000;

/** The program as the text of a scenario, with what it needs in front of it. */
export function scenarioText(client: Client, { tasks, failing }: Program): string {
  const bodies = tasks.map((calls, i) => {
    const name = TASKS[i] ?? '';
    const lines = calls.map((call) => `      note('${name}', ${callText(client, call, i)});`);
    return [`    *${name}(w) {`, ...lines, '    },'].join('\n');
  });
  return [
    client.preamble,
    'scenario({',
    "  id: 'differ',",
    "  title: 'what must hold',",
    '  task: 1,',
    "  kind: 'race',",
    '  setup: world,',
    ...(failing ? [`  failures: ${JSON.stringify(client.failures)},`] : []),
    '  tasks: {',
    ...bodies,
    '  },',
    `  *check(w) {\n    note('check', ${client.left});\n  },`,
    '})',
  ].join('\n');
}

const TASKS = ['a', 'b', 'c'];

function callText(client: Client, call: number, i: number): string {
  return (client.calls[call] ?? '').replace(/\bi\b/g, String(i));
}

/** The outcomes of a program, one line each; null if there is too much to explore. */
export function outcomesOf(
  client: Client,
  driver: Readonly<Record<string, unknown>>,
  program: Program,
): ReadonlySet<string> | null {
  const notes = new Map<string, string[]>();
  const note = (task: string, value: unknown): void => {
    notes.set(task, [...(notes.get(task) ?? []), valueText(value)]);
  };
  const scenario = scenarioOf(scenarioText(client, program), driver, note);
  const machine = machineFor({
    ...scenario,
    setup: () => {
      notes.clear();
      return scenario.setup?.() ?? nothing();
    },
  });
  const outcomes = new Set<string>();
  const exploration = dpor(
    machine,
    () => {
      const findings = [...new Set(machine.findings.map(({ kind }) => kind))].sort();
      const waiting = machine.tasks.flatMap((task) =>
        task === undefined || task.done ? [] : [`${task.comm} waits for ever`],
      );
      const learnt = [...notes].sort(([a], [b]) => (a < b ? -1 : 1));
      const told = learnt.map(([task, values]) => `${task}: ${values.join(' ')}`);
      outcomes.add([...told, ...findings, ...waiting].join('; '));
      return false;
    },
    {
      executionsMax: EXECUTIONS_MAX,
      restarted: () => {
        outcomes.clear();
      },
    },
  );
  return exploration.complete ? outcomes : null;
}

function* nothing(): Generator<never, undefined> {}

function valueText(value: unknown): string {
  if (typeof value === 'number') return errname(value);
  return String(value);
}

function scenarioOf(
  text: string,
  driver: Readonly<Record<string, unknown>>,
  note: (task: string, value: unknown) => void,
): Scenario {
  const at = text.indexOf('scenario({');
  const names = Object.keys(lib).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const code = `${text.slice(0, at)}return ${text.slice(at)};`;
  const make = vm.compileFunction(code, ['driver', 'note', ...names]) as (
    ...values: unknown[]
  ) => Scenario; // scenario() gives one
  return make(driver, note, ...names.map((name) => (lib as Record<string, unknown>)[name])); // a namespace is a record
}
