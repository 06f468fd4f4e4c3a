// SPDX-License-Identifier: GPL-2.0-only
/** Every outcome of a client program with a driver: every set of results, findings and tasks that wait for ever. */
import vm from 'node:vm';
import * as lib from '../../../../lib';
import { stripTypes } from '../../../../lib/driver/strip';
import { dpor } from '../../../../lib/explore';
import { machineFor } from '../../../../lib/kata/judge';
import { errname } from '../../../../lib/kernel/err';
import type { Scenario } from '../../../../lib/scenario/scenario';
import type { Client } from './calls';
import type { Program } from './programs';
import { libNames, programText } from './text';

/** A program whose executions are more is not looked at: a smaller one will tell, or none does. */
const EXECUTIONS_MAX = 3000;

/** The outcomes of a program with a driver. */
export interface Outcomes {
  /** One line each. */
  readonly lines: ReadonlySet<string>;
  /** What a task learns from its first call, its second, and so on; the check is a task of that name. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>[]>;
}

/** The outcomes of a program; null if there is too much to explore. */
export function outcomesOf(
  client: Client,
  driver: Readonly<Record<string, unknown>>,
  program: Program,
): Outcomes | null {
  const notes = new Map<string, string[]>();
  const note = (task: string, value: unknown): void => {
    notes.set(task, [...(notes.get(task) ?? []), String(value)]);
  };
  const scenario = scenarioOf(client, program, driver, note);
  const machine = machineFor({
    ...scenario,
    setup: () => {
      notes.clear();
      return scenario.setup?.() ?? nothing();
    },
  });
  const lines = new Set<string>();
  const values = new Map<string, Set<string>[]>();
  const exploration = dpor(
    machine,
    () => {
      const findings = [...new Set(machine.findings.map(({ kind }) => kind))].sort();
      const waiting = machine.tasks.flatMap((task) =>
        task === undefined || task.done ? [] : [`${task.comm} waits for ever`],
      );
      const learnt = [...notes].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [task, told] of learnt) learn(values, task, told);
      const told = learnt.map(([task, all]) => `${task}: ${all.map(shown).join(' ')}`);
      lines.add([...told, ...findings, ...waiting].join('; '));
      return false;
    },
    {
      executionsMax: EXECUTIONS_MAX,
      restarted: () => {
        lines.clear();
        values.clear();
      },
    },
  );
  return exploration.complete ? { lines, values } : null;
}

function* nothing(): Generator<never, undefined> {}

function learn(values: Map<string, Set<string>[]>, task: string, told: readonly string[]): void {
  const sets = values.get(task) ?? [];
  values.set(task, sets);
  told.forEach((value, nth) => (sets[nth] ??= new Set()).add(value));
}

/** A value as a reader wants it: errors by their names. */
function shown(value: string): string {
  return /^-\d+$/.test(value) ? errname(Number(value)) : value;
}

function scenarioOf(
  client: Client,
  program: Program,
  driver: Readonly<Record<string, unknown>>,
  note: (task: string, value: unknown) => void,
): Scenario {
  const { declarations, scenario } = programText(
    client,
    program,
    (call, task) => `note('${task}', ${call})`,
  );
  const names = libNames(`${declarations}\n${scenario}`);
  const stripped = stripTypes(declarations, 'clients');
  if (!stripped.ok) throw new Error(JSON.stringify(stripped.diagnostics));
  const code = `${stripped.code}\nreturn ${scenario};`;
  const make = vm.compileFunction(code, ['driver', 'note', ...names]) as (
    ...values: unknown[]
  ) => Scenario; // scenario() gives one
  return make(driver, note, ...names.map((name) => (lib as Record<string, unknown>)[name])); // a namespace is a record
}
