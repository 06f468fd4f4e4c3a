// SPDX-License-Identifier: GPL-2.0-only
/**
 * Whether what a function tells depends on what its footprint says. Two tasks run an example at the same time, beside a third
 * that has nothing to do with them, and what they have been told decides what they do next. Depth-first search, dpor and random
 * walks must then see the same outcomes: a function that tells more than it touches has outcomes that dpor does not look for.
 */
import * as lib from '../../lib';
import * as driverLib from '../../lib/driver-lib';
import { dfs, dpor, type Exploration, type Explorer, random } from '../../lib/explore/index';
import { OP_EXPORTS } from '../../lib/kata/lib-names';
import {
  current,
  Handle,
  Machine,
  type MachineObject,
  objectOf,
  type Op,
  pointerLike,
} from '../../lib/machine/index';
import { evaluate, type Example } from './examples';

/** What came of a comparison. */
export interface Asked {
  /** The functions that were called. */
  readonly called: ReadonlySet<string>;
  /** Outcomes that others see and dpor misses, and those that dpor alone has. */
  readonly missed: readonly string[];
  readonly invented: readonly string[];
  /** Dpor did not come to its end: nothing is proven. */
  readonly tooLarge: boolean;
}

type Seen = Exploration & { readonly seen: ReadonlySet<string> };

/** Executions of each strategy: dpor's is a bound, and what the others see of a large program is a sample. */
const DPOR_MAX = 15_000;
const DFS_MAX = 1500;
const RANDOM_MAX = 200;

type Func = (...args: unknown[]) => unknown;
type Note = (name: string, value: unknown) => void;

const odd = lib.DEFINE_ATOMIC('odd', 0);
const beside = lib.DEFINE_ATOMIC('beside', 0);

/** Compares what the three strategies see of an example. What `operations` lists gives its result when it has been run. */
export function ask(
  { code }: Example,
  functions: Readonly<Record<string, unknown>> = driverLib,
  operations: readonly string[] = OP_EXPORTS,
): Asked {
  const called = new Set<string>();
  const told: string[][] = [];
  /** One for all strategies: where it puts objects is part of what tasks are told. */
  let machine: Machine | null = null;
  const note: Note = (name, value) => {
    if (machine !== null) (told[machine.task.id] ??= []).push(`${name}: ${spell(value)}`);
  };
  const names = { ...lib, ...asking(functions, new Set(operations), called, note) };
  const example = evaluate(code, names, () => undefined);
  const spawnAll = (booted: Machine, among: readonly string[]): void => {
    told.length = 0;
    for (const name of among) {
      booted.spawn(name, function* () {
        yield* example();
        const all = (told[booted.task.id] ?? []).join();
        if (all.length % 2 === 1) yield* lib.atomic_inc(odd);
      });
    }
    booted.spawn('beside', function* () {
      for (let i = 0; i < 2; i++) yield* lib.atomic_inc(beside);
    });
  };
  const see = (explorer: Explorer, executionsMax: number, among: readonly string[]): Seen => {
    machine ??= new Machine({ boot: (booted) => spawnAll(booted, among) }, { reorders: 'never' });
    return seenBy(explorer, machine, told, executionsMax);
  };
  let among = ['a', 'b'];
  let few = see(dpor, DPOR_MAX, among);
  if (!few.complete) {
    machine = null;
    among = ['a'];
    few = see(dpor, DPOR_MAX, among);
  }
  if (!few.complete) return { called, missed: [], invented: [], tooLarge: true };
  const every = see(dfs, DFS_MAX, among);
  const some = see(random, RANDOM_MAX, among);
  return {
    called,
    missed: [...every.seen, ...some.seen].filter((outcome) => !few.seen.has(outcome)),
    invented: every.complete ? [...few.seen].filter((outcome) => !every.seen.has(outcome)) : [],
    tooLarge: false,
  };
}

/** The outcomes that a strategy comes across: what each task was told, what was found, and who could not go on. */
function seenBy(
  explorer: Explorer,
  machine: Machine,
  told: readonly (readonly string[])[],
  executionsMax: number,
): Seen {
  const seen = new Set<string>();
  const result = explorer(
    machine,
    () => {
      const kinds = machine.findings.map(({ kind }) => kind).sort();
      const stuck = machine.tasks.flatMap((task) => (task?.done === false ? [task.comm] : []));
      seen.add(JSON.stringify([told, kinds, stuck]));
      return false;
    },
    {
      executionsMax,
      restarted: () => {
        seen.clear();
      },
    },
  );
  return { ...result, seen };
}

/** The functions, each writing down what it gives. */
function asking(
  functions: Readonly<Record<string, unknown>>,
  operations: ReadonlySet<string>,
  called: Set<string>,
  note: Note,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, value]) => {
      if (typeof value !== 'function') return [name, value];
      const func = value as Func; // called as the example calls it
      const asked = (...args: unknown[]): unknown => {
        called.add(name);
        const given = func(...args);
        if (operations.has(name)) return telling(name, given as Op<unknown>, note); // as the list says
        note(name, given);
        return given;
      };
      return [name, Object.assign(asked, func)];
    }),
  );
}

function* telling(name: string, op: Op<unknown>, note: Note): Op<unknown> {
  const given = yield* op;
  note(name, given);
  return given;
}

/** A value as a driver can tell it from others: an object is the same one in every execution if the same task made it in its turn. */
function spell(value: unknown): string {
  if (Handle.is(value)) return nameOf(objectOf(value));
  if (typeof value !== 'object' || value === null)
    return typeof value === 'function' ? value.name : String(value);
  return pointerLike.get(value) ?? `[${Object.values(value).map(spell).join()}]`;
}

function nameOf({ outermost, typeName, member }: MachineObject): string {
  const { memory } = outermost;
  if (memory === null) return `${outermost.label} ${member}`;
  const { path } = memory.task;
  const own = current.machine.allocations.filter(({ task }) => task.path === path);
  return `${typeName} ${member} of ${path} ${memory.region} ${own.indexOf(memory)}`;
}
