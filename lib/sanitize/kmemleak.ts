// SPDX-License-Identifier: GPL-2.0-only
/**
 * Kmemleak: memory that is still allocated and unreachable when everything has ended. After mm/kmemleak.c, but it
 * follows real pointers, and it looks once, at the end, after deferred work has run. A pointer to an embedded member
 * keeps the whole object.
 *
 * The kernel treats everything that a static leads to as held. At the end of a scenario that is not enough: a driver
 * that never frees anything could keep it on a list of its own. So the rest must be reachable from the scenario's world,
 * or the scenario must allow it by type and number. Only without a world do statics hold what they lead to.
 *
 * Misses: memory that the world leads to and nobody will ever free; leaks in executions that were cut off or had a
 * graver finding; without a world, what set-up code allocated and forgot.
 */
import {
  type Allocation,
  Gravity,
  Handle,
  type Machine,
  MachineObject,
  type Monitor,
  objectOf,
  staticObjects,
  type Task,
} from '../machine';
import { bytesOf, findWithin } from './layout';

/** Where the leak search begins. */
export interface LeakOptions {
  /**
   * The scenario's world, in any shape. Without it, statics hold what they lead to, and set-up code holds all that it
   * allocated.
   */
  readonly roots?: () => Iterable<unknown>;
  /** How many allocations of each type may stay without being reachable from the world. */
  readonly mayKeep?: Readonly<Record<string, number>>;
}

/** Finds memory that is neither freed nor held by the scenario after all tasks have ended normally. */
export function kmemleak({ roots, mayKeep = {} }: LeakOptions = {}): Monitor {
  return {
    name: 'kmemleak',
    end(machine) {
      const left = machine.allocations.filter(({ freed }) => !freed);
      if (left.length === 0 || !endedWell(machine)) return;
      const kept = new Reachable();
      if (roots === undefined) followAsTheKernel(kept, machine, left);
      else for (const root of roots()) kept.follow(root);
      const keeps = new Map(Object.entries(mayKeep));
      const leaked = left.filter(({ object }) => !kept.has(object) && !isLet(keeps, object));
      report(machine, leaked);
    },
  };
}

function followAsTheKernel(kept: Reachable, machine: Machine, left: readonly Allocation[]): void {
  for (const object of usedStatics(machine)) kept.follow(object);
  for (const memory of left) if (memory.task.id === 0) kept.follow(memory.object);
}

/** A timer that is still armed: it may not expire more often than the scenario says. That does not keep the structure it is in. */
function armedIn(object: MachineObject): string[] {
  const timer = findWithin(object, ({ active }) => active === 'timer_list');
  if (timer === null) return [];
  return [
    `  (${timer.label} in it is still armed: the scenario's 'expiries' says how often it expires)`,
  ];
}

/** The statics that this execution has touched. */
function usedStatics(machine: Machine): MachineObject[] {
  return staticObjects().filter(({ epoch }) => epoch === machine.epoch);
}

/** Uses up one of the allowed leftovers of the object's type. */
function isLet(keeps: Map<string, number>, { typeName }: MachineObject): boolean {
  const more = keeps.get(typeName) ?? 0;
  if (more > 0) keeps.set(typeName, more - 1);
  return more > 0;
}

function endedWell(machine: Machine): boolean {
  return (
    !machine.cut &&
    machine.tasks.every((task) => task === undefined || isOver(task)) &&
    machine.findings.every((finding) => finding.gravity >= Gravity.Leak)
  );
}

/** A task that a check has woken and that has not run a step holds nothing. */
function isOver({ done, killed, steps }: Task): boolean {
  return done ? !killed : steps === 0;
}

/** The objects that can be reached. Freed memory does not lead to anything. */
class Reachable {
  readonly #seen = new Set<unknown>();
  readonly #left: unknown[] = [];

  has(object: MachineObject): boolean {
    return this.#seen.has(object);
  }

  follow(root: unknown): void {
    if (root instanceof MachineObject) this.#visitObject(root, true);
    else this.#left.push(root);
    for (let value = this.#left.pop(); value !== undefined; value = this.#left.pop()) {
      if (typeof value === 'object' && value !== null) this.#visit(value);
    }
  }

  #visit(value: object): void {
    if (Handle.is(value)) {
      this.#visitObject(objectOf(value));
    } else if (value instanceof MachineObject) {
      this.#visitObject(value);
    } else if (!this.#seen.has(value)) {
      this.#seen.add(value);
      const isSet = value instanceof Map || value instanceof Set || Array.isArray(value);
      // The world may contain anything: a value that is not a collection is a record.
      const inside: Iterable<unknown> = isSet ? value : Object.values(value);
      for (const each of inside) this.#push(each);
    }
  }

  /** A static is followed only if the search begins with it. The world may name one, but it still belongs to the driver. */
  #visitObject(object: MachineObject, isRoot = false): void {
    if (this.#seen.has(object) || object.memory?.freed === true) return;
    if (object.isStatic && !isRoot && !this.#seen.has(object.outermost)) return;
    this.#seen.add(object);
    if (object.container !== null) this.#push(object.container);
    for (const each of object.references()) this.#push(each);
  }

  #push(value: unknown): void {
    if (typeof value === 'object' && value !== null) this.#left.push(value);
  }
}

/** How many objects the report describes in full. */
const TOLD_MAX = 5;

function report(machine: Machine, leaked: readonly Allocation[]): void {
  const [first] = leaked;
  if (first === undefined) return;
  const leaks = leaked.length === 1 ? 'leak' : 'leaks';
  const holders = holdersIn(machine);
  machine.report({
    kind: 'memory-leak',
    gravity: Gravity.Leak,
    task: first.task,
    step: machine.steps,
    headline: () =>
      `kmemleak: ${leaked.length} new suspected memory ${leaks} (${leaked.map(({ object }) => object.label).join(', ')})`,
    body: (telling) => [
      ...leaked
        .slice(0, TOLD_MAX)
        .flatMap(({ object, task, site }) => [
          `unreferenced object ${object.label} (size ${bytesOf(object)}):`,
          ...heldBy(holders, object),
          ...armedIn(object),
          `  comm "${task.comm}", pid ${task.pid}`,
          '  backtrace:',
          ...telling.stack(site).map((line) => `   ${line}`),
        ]),
      ...(leaked.length > TOLD_MAX ? [`(${leaked.length - TOLD_MAX} more)`] : []),
    ],
  });
}

/** What each used static leads to. */
function holdersIn(machine: Machine): [MachineObject, Reachable][] {
  return usedStatics(machine).map((object) => {
    const reachable = new Reachable();
    reachable.follow(object);
    return [object, reachable];
  });
}

/** Which statics still lead to a leaked object. The kernel's kmemleak would not report such an object. */
function heldBy(holders: readonly [MachineObject, Reachable][], object: MachineObject): string[] {
  const names = holders
    .filter(([, reachable]) => reachable.has(object))
    .map(([{ label }]) => label);
  return names.length === 0 ? [] : [`  (only ${names.join(', ')} still leads to it)`];
}
