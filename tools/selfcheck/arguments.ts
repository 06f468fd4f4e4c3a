// SPDX-License-Identifier: GPL-2.0-only
/**
 * The arguments that the scenarios of a kata pass to its driver. A driver that leaves a lock out for one chosen argument must fail
 * somewhere, so the scenarios for the race and those for over-fixing must use the same arguments.
 */
import { type KataFolder, loadDriver } from '../../lib/kata/files';
import { loadSuite } from '../../lib/kata/jest';
import { judgeScenario } from '../../lib/kata/judge';
import type { Scenario, ScenarioKind } from '../../lib/scenario/scenario';

type Side = 'race' | 'overfix';
/** The arguments of one side, by function and parameter: `rbd_get_client(2)`. */
type Given = Map<string, Set<string>>;

/** How many executions of each scenario are inspected; the calls hardly depend on the order of tasks. */
const EXECUTIONS = 30;

/** Numbers from here on are user addresses, which depend on earlier allocations. */
const ADDRESSES = 0x1000;

/** The arguments that only one side uses, of functions that both call, one sentence each; `file` is a driver that holds. */
export function oneSided(kata: KataFolder, file: string): string[] {
  const given: Readonly<Record<Side, Given>> = { race: new Map(), overfix: new Map() };
  const loaded = loadDriver(file, kata.manifest);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const watch: Watch = { side: null };
  const driver = watched(loaded.driver, (where, value) => {
    if (watch.side === null) return;
    const values = given[watch.side].get(where) ?? new Set();
    given[watch.side].set(where, values.add(value));
  });
  // The linker has checked that the exports are there.
  for (const scenario of loadSuite(kata.path).scenarios(driver as never)) {
    const side = SIDES[scenario.kind];
    if (side === null) continue;
    judgeScenario(watchedTasks(scenario, watch, side), { brief: true, executionsMax: EXECUTIONS });
  }
  return [
    ...only(given.race, given.overfix, 'race'),
    ...only(given.overfix, given.race, 'overfix'),
  ];
}

const SIDES: Readonly<Record<ScenarioKind, Side | null>> = {
  race: 'race',
  function: null,
  overfix: 'overfix',
  reachable: 'overfix',
};

/** Which side the calls belong to; null while set-up or check() runs. */
interface Watch {
  side: Side | null;
}

function only(one: Given, other: Given, side: Side): string[] {
  return [...one].flatMap(([where, values]) => {
    const others = other.get(where);
    if (others === undefined) return [];
    const missing = [...values].filter((value) => !others.has(value));
    return missing.map((value) => `${where} is ${value} in ${side} scenarios only`);
  });
}

/** The exports of a driver, with functions that record their arguments. */
function watched(
  driver: Readonly<Record<string, unknown>>,
  note: (where: string, value: string) => void,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(driver).map(([name, exported]) => {
      if (typeof exported !== 'function') return [name, exported];
      const call = (...args: unknown[]): unknown => {
        args.forEach((value, i) => noteValue(`${name}(${i + 1})`, value, note));
        return (exported as (...args: unknown[]) => unknown)(...args); // typeof has checked it
      };
      return [name, call];
    }),
  );
}

/** Records literal values of a scenario, but not kernel objects and functions. */
function noteValue(
  where: string,
  value: unknown,
  note: (where: string, value: string) => void,
): void {
  if (typeof value === 'function') return;
  if (typeof value === 'number') note(where, value < ADDRESSES ? String(value) : 'an address');
  else if (typeof value === 'string') note(where, `'${value}'`);
  else if (value === null || typeof value !== 'object') note(where, String(value));
  else if (Object.getPrototypeOf(value) === Object.prototype)
    for (const [key, field] of Object.entries(value)) noteValue(`${where}.${key}`, field, note);
}

function watchedTasks(scenario: Scenario, watch: Watch, side: Side): Scenario {
  return {
    ...scenario,
    *setup() {
      watch.side = null;
      const world = yield* scenario.setup?.() ?? nothing();
      watch.side = side;
      return world;
    },
    *check(world) {
      watch.side = null;
      yield* scenario.check?.(world) ?? nothing();
    },
  };
}

function* nothing(): Generator<never, undefined> {}
