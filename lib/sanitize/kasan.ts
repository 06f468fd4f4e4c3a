// SPDX-License-Identifier: GPL-2.0-only
/**
 * KASAN: use of freed memory and of dead stack memory, double free, accesses outside of arrays. After mm/kasan/report.c.
 * The kernel finds an access after the free. This detector also finds an access before the free if nothing orders the
 * two (vector clocks): another interleaving has them the other way round.
 *
 * Misses: a use through a number or a copied value; all but the first use of one piece of memory in an execution; of the
 * accesses that are unordered with a free, all but the last of each task.
 * False positives: an access counts as unordered if only a control dependency on a relaxed load orders it before the
 * free.
 */
import {
  covers,
  type Allocation,
  type Finding,
  Gravity,
  type Machine,
  type MachineObject,
  type Monitor,
  type Task,
  type Telling,
} from '../machine';
import { empty } from './emptying';
import type { Access, Free } from './kasan-access';
import { outOfBounds } from './kasan-bounds';
import { useAfterReturn } from './kasan-stack';
import { bytesAt, bytesOf, callTrace, fieldWithin, locationName, nameOf, rule } from './layout';

/** Finds use-after-free, double-free, and accesses that no synchronisation orders before the free. */
export function kasan(): Monitor {
  const detector = new Kasan();
  return {
    name: 'kasan',
    boot: () => detector.boot(),
    access: (machine, task, object, index, write, _marked, site) => {
      const { memory } = object;
      if (memory === null) return;
      if (memory.freed) detector.used(machine, memory, { task, object, index, write, site });
      else if (task.id !== 0) detector.remember(machine, task, memory, object, index, write, site);
    },
    outside: (machine, task, access) => machine.report(outOfBounds(machine, task, access)),
    free: (machine, task, memory, site) => {
      if (memory.freed) detector.freedTwice(machine, task, memory, site);
      else if (task.id !== 0) detector.freed(machine, task, memory, site);
    },
    returned: (machine, task, memory, site) => {
      if (task.id !== 0) detector.freed(machine, task, memory, site);
    },
  };
}

/** The last access of each task to one allocation; later ones cover earlier ones. */
class LastAccesses {
  epoch = 0;
  readonly clocks: number[] = [];
  readonly accesses: (Access | undefined)[] = [];
}

class Kasan {
  /** By the allocation's first location. */
  readonly #last: (LastAccesses | undefined)[] = [];
  readonly #reported = new Set<Allocation>();
  readonly #reportedFrees = new Set<Allocation>();

  boot(): void {
    empty(this.#reported);
    empty(this.#reportedFrees);
  }

  remember(
    machine: Machine,
    task: Task,
    memory: Allocation,
    object: MachineObject,
    index: number,
    write: boolean,
    site: string,
  ): void {
    const last = (this.#last[memory.object.base] ??= new LastAccesses());
    if (last.epoch !== machine.epoch) {
      last.epoch = machine.epoch;
      last.clocks.length = last.accesses.length = 0;
    }
    const { id } = task;
    const now = task.clock[id] ?? 0;
    const covered = last.clocks[id] === now && site === '';
    while (last.clocks.length <= id) last.clocks.push(0);
    last.clocks[id] = now;
    if (!covered) last.accesses[id] = { task, object, index, write, site };
  }

  freed(machine: Machine, task: Task, memory: Allocation, site: string): void {
    const last = this.#last[memory.object.base];
    if (last?.epoch !== machine.epoch) return;
    for (let id = 1; id < last.clocks.length; id++) {
      if (id === task.id || isKnown(machine, task, id, last.clocks[id] ?? 0)) continue;
      const access = last.accesses[id];
      if (access === undefined) continue;
      machine.report(useAfter(machine, memory, access, { task, site }, true));
      return;
    }
  }

  used(machine: Machine, memory: Allocation, access: Access): void {
    if (this.#reported.has(memory)) return;
    this.#reported.add(memory);
    const free = { task: memory.freedBy, site: memory.freeSite };
    machine.report(useAfter(machine, memory, access, free, false));
  }

  freedTwice(machine: Machine, task: Task, memory: Allocation, site: string): void {
    if (this.#reportedFrees.has(memory)) return;
    this.#reportedFrees.add(memory);
    const free = { task: memory.freedBy, site: memory.freeSite };
    machine.report({
      kind: 'double-free',
      gravity: Gravity.Memory,
      task,
      step: machine.steps,
      headline: (telling) => `BUG: KASAN: double-free in ${telling.where(site)}`,
      body: (telling) => [
        `Free of addr ${memory.object.label} by task ${nameOf(task)}`,
        '',
        ...callTrace(telling, task, site),
        '',
        ...history(telling, memory, free),
        '',
        ...owner(memory),
        rule(66),
      ],
    });
  }
}

function useAfter(...what: Parameters<typeof useAfterFree>): Finding {
  const [, { region }] = what;
  return region === 'stack' ? useAfterReturn(...what) : useAfterFree(...what);
}

function useAfterFree(
  machine: Machine,
  memory: Allocation,
  access: Access,
  free: Free,
  predicted: boolean,
): Finding {
  const { task, object, index, write, site } = access;
  const verb = write ? 'Write' : 'Read';
  const what = locationName(object, index);
  const field = fieldWithin(memory, object, index);
  const place = field === '' ? 'at the start' : `in field ${field}`;
  return {
    kind: 'slab-use-after-free',
    gravity: Gravity.Memory,
    task,
    step: machine.steps,
    predicted,
    headline: (telling) => `BUG: KASAN: slab-use-after-free in ${telling.where(site)}`,
    body: (telling) => [
      `${verb} of size ${bytesAt(object, index)} at addr ${what} by task ${nameOf(task)}`,
      ...(predicted ? predictionOf(memory, free) : []),
      '',
      ...callTrace(telling, task, site),
      '',
      ...history(telling, memory, free),
      '',
      ...owner(memory),
      `The buggy address is located ${place} of ${predicted ? '' : 'freed '}object`,
      rule(66),
    ],
  };
}

function predictionOf(memory: Allocation, free: Free): string[] {
  const by = free.task === null ? '' : ` by task ${nameOf(free.task)}`;
  return [
    `Nothing orders this access before the free of ${memory.object.label}${by}: it came first here, but need not.`,
  ];
}

function history(telling: Telling, memory: Allocation, free: Free): string[] {
  return [
    `Allocated by task ${memory.task.pid}:`,
    ...telling.stack(memory.site),
    '',
    `Freed by task ${free.task?.pid ?? 0}:`,
    ...telling.stack(free.site),
  ];
}

function owner(memory: Allocation): string[] {
  const { object } = memory;
  return [
    `The buggy address belongs to the object ${object.label}`,
    ` which belongs to the cache ${object.typeName} of size ${bytesOf(object)}`,
  ];
}

/** Whether what a task did at a time is ordered before what another one does now; barriers count as if they ordered loads and stores. */
function isKnown(machine: Machine, { clock, readable }: Task, id: number, time: number): boolean {
  const component = machine.fencedStoresComponent(id);
  if (covers(clock, id, time, component)) return true;
  return readable !== null && covers(readable, id, time, component);
}
