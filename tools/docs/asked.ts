// SPDX-License-Identifier: GPL-2.0-only
/**
 * Whether the result of a function depends only on its footprint. Two tasks run an example at the same time, beside a third task
 * that is independent of them. Their results decide what they do next. Depth-first search, dpor and random walks must then see the
 * same outcomes: if a function returns more than it touches, dpor misses outcomes.
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

/** The result of a comparison. */
export interface Asked {
  /** The functions that were called. */
  readonly called: ReadonlySet<string>;
  /** The outcomes that others see and dpor misses, and those that only dpor sees. */
  readonly missed: readonly string[];
  readonly invented: readonly string[];
  /** Dpor did not finish: nothing is proven. */
  readonly tooLarge: boolean;
}

type Seen = Exploration & { readonly seen: ReadonlySet<string> };

/** The executions of each strategy: a bound for dpor, and a sample of a large program for the others. */
const DPOR_MAX = 15_000;
const DFS_MAX = 1500;
const RANDOM_MAX = 200;

type Func = (...args: unknown[]) => unknown;
type Note = (name: string, value: unknown) => void;

const odd = lib.DEFINE_ATOMIC('odd', 0);
const beside = lib.DEFINE_ATOMIC('beside', 0);

/** Compares what the three strategies see of an example. The functions in `operations` return their results when they have run. */
export function ask(
  { code }: Example,
  functions: Readonly<Record<string, unknown>> = driverLib,
  operations: readonly string[] = OP_EXPORTS,
): Asked {
  const called = new Set<string>();
  const told: string[][] = [];
  /** One machine for all strategies: the places of objects are part of the results. */
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

/** The outcomes that a strategy sees: the results in each task, the findings, and the tasks that could not continue. */
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

/** The functions, each recording its result. */
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
        if (operations.has(name)) return telling(name, given as Op<unknown>, note); // `operations` says that it returns one
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

/** A value as a driver can distinguish it. An object counts as the same in every execution if the same task made it as its nth. */
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
