// SPDX-License-Identifier: GPL-2.0-only
/**
 * Kmemleak: memory that nobody can reach any more when everything has ended. After mm/kmemleak.c, but it follows real pointers
 * and looks once, at the end: roots are the statics and what the scenario holds; a pointer to an embedded member keeps the
 * whole object.
 *
 * Misses: memory still reachable that nobody will ever free; leaks in executions that were cut off or went wrong in a graver
 * way; with no roots given, what set-up code allocated and forgot.
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
} from '../machine';
import { bytesOf } from './layout';

/** What the leak search begins with, besides the statics. */
export interface LeakOptions {
  /** What the scenario holds: its world, in any shape. Without it, all that set-up code allocated is held. */
  readonly roots?: () => Iterable<unknown>;
}

/** Finds memory that is neither freed nor reachable when all tasks have ended in order. */
export function kmemleak({ roots }: LeakOptions = {}): Monitor {
  return {
    name: 'kmemleak',
    end(machine) {
      if (machine.allocations.every(({ freed }) => freed) || !endedWell(machine)) return;
      const kept = new Reachable(machine);
      for (const object of staticObjects()) {
        if (object.epoch === machine.epoch) kept.follow(object); // an older epoch: untouched in this execution
      }
      for (const root of roots?.() ?? []) kept.follow(root);
      const leaked = machine.allocations.filter((memory) => {
        if (memory.freed) return false;
        if (roots === undefined && memory.task.id === 0) kept.follow(memory.object);
        return true;
      });
      report(
        machine,
        leaked.filter((memory) => !kept.has(memory.object)),
      );
    },
  };
}

function endedWell(machine: Machine): boolean {
  return (
    !machine.cut &&
    machine.tasks.every((task) => task === undefined || (task.done && !task.killed)) &&
    machine.findings.every((finding) => finding.gravity >= Gravity.Leak)
  );
}

/** The objects that can be reached; freed memory holds nothing. */
class Reachable {
  readonly #seen = new Set<unknown>();
  readonly #left: unknown[] = [];

  constructor(readonly machine: Machine) {}

  has(object: MachineObject): boolean {
    return this.#seen.has(object);
  }

  follow(root: unknown): void {
    this.#left.push(root);
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
      // The world may hold anything: what is not a collection is a record.
      const inside: Iterable<unknown> = isSet ? value : Object.values(value);
      for (const each of inside) this.#push(each);
    }
  }

  #visitObject(object: MachineObject): void {
    if (this.#seen.has(object) || object.memory?.freed === true) return;
    this.#seen.add(object);
    if (object.container !== null) this.#push(object.container);
    for (const each of object.references()) this.#push(each);
  }

  #push(value: unknown): void {
    if (typeof value === 'object' && value !== null) this.#left.push(value);
  }
}

/** Objects told in full. */
const TOLD_MAX = 5;

function report(machine: Machine, leaked: readonly Allocation[]): void {
  const [first] = leaked;
  if (first === undefined) return;
  const leaks = leaked.length === 1 ? 'leak' : 'leaks';
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
          `  comm "${task.comm}", pid ${task.pid}`,
          '  backtrace:',
          ...telling.stack(site).map((line) => `   ${line}`),
        ]),
      ...(leaked.length > TOLD_MAX ? [`(${leaked.length - TOLD_MAX} more)`] : []),
    ],
  });
}
