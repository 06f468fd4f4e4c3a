// SPDX-License-Identifier: GPL-2.0-only
/**
 * Per-CPU integers: each CPU adds to its own. A task that wants the sum reads them one after another while they change. After
 * include/linux/percpu.h.
 */
import {
  type Branded,
  current,
  type Kind,
  makeHandle,
  objectOf,
  observe,
  type Op,
  publish,
  type Releasing,
  type Request,
  request,
  requestAt,
  SyncObject,
  type Task,
  writing,
} from '../machine';
import { make, type Place, wrote } from './marked';
import { failed, outcomesOf } from './may-fail';

/** The number of CPUs that can be read. Every task has one; a few tasks share. @kernel include/linux/threads.h */
export const NR_CPUS = 4;

/** One integer per CPU: the target of an `int __percpu *`. */
export interface percpu_int extends Branded<'percpu', Percpu> {}

/** State: the number of additions, for tasks that wait for a change. */
class Percpu extends SyncObject {
  readonly typeName = 'percpu';
  readonly handle: percpu_int = makeHandle(this);
  readonly counts: number[] = Array.from({ length: NR_CPUS }, () => 0);
  /** What each CPU releases. */
  readonly points = Array.from({ length: NR_CPUS }, (): Releasing => ({ released: null }));

  at(cpu: number): Releasing {
    return (this.points[cpu] ??= { released: null });
  }

  override get size(): number {
    return NR_CPUS;
  }

  override fieldName(index: number): string {
    return `cpu${index}`;
  }
}

/** Depends only on the task's path, so it is the same in every execution and every replay. */
function cpuOf({ path }: Task): number {
  let sum = 0;
  for (let i = 0; i < path.length; i++) sum += path.charCodeAt(i);
  return path === '' ? 0 : sum % NR_CPUS;
}

const ALLOC: Kind<null, [], percpu_int | null> = {
  name: 'alloc_percpu',
  access: 'none',
  outcomes: outcomesOf('alloc_percpu'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'alloc_percpu', site),
  perform(machine, task, { site }) {
    if (failed('alloc_percpu', machine, task)) return null;
    const counters = new Percpu();
    counters.initialised = true;
    machine.allocate(counters, site);
    return counters.handle;
  },
};

const FREE: Kind<null, [counters: Percpu | null], void> = {
  name: 'free_percpu',
  access: 'none',
  extra({ a: counters }) {
    if (counters === null) return [];
    const { base } = counters;
    return Array.from({ length: NR_CPUS }, (_, cpu) => writing(base + cpu));
  },
  perform(machine, _task, { a: counters, site }) {
    const memory = counters?.memory ?? null;
    if (memory !== null) machine.free(memory, site);
  },
};

/** Additions and reads take effect as they are made, but they tell what may be seen of other accesses. */
const COUNT = {
  point: ({ object, index }: Request<Percpu>) => object.at(index),
  now: ({ object, index }: Request<Percpu>) => object.counts[index] ?? 0,
  load: true,
};
const ADDING: Place<Percpu, [val: number]> = {
  ...COUNT,
  store: true,
  silent: true,
  effect: () => ({ store: true, strength: 'relaxed' }),
};
const READING: Place<Percpu, []> = {
  ...COUNT,
  store: false,
  effect: () => ({ store: false, strength: 'relaxed' }),
};

const ADD: Kind<Percpu, [val: number], void> = {
  name: 'this_cpu_add',
  access: 'add',
  perform(machine, task, request) {
    const { object: counters, index, a: val } = request;
    const made = machine.log === null ? null : make(ADDING, machine, task, request);
    publish(task, counters.at(index), counters.base + index, true);
    const count = (counters.counts[index] ?? 0) + val;
    counters.counts[index] = count;
    counters.state++;
    if (made !== null) wrote(made, count);
  },
};

const READ: Kind<Percpu, [], number> = {
  name: 'per_cpu',
  access: 'read',
  perform(machine, task, request) {
    const { object: counters, index } = request;
    machine.tellApart(task); // whose count is not 0 tells on which CPU one is
    if (machine.log !== null) make(READING, machine, task, request);
    observe(task, counters.at(index));
    return counters.counts[index] ?? 0;
  },
};

/**
 * Allocates an integer for each CPU, all 0.
 *
 * @returns the integers, or NULL if the scenario lets `alloc_percpu` fail
 * @kernel include/linux/percpu.h
 * @context process context; may sleep
 * @ordering none
 * @divergence always integers; Linux has any type
 */
export function alloc_percpu(): Op<percpu_int | null> {
  return request(ALLOC, null);
}

/**
 * Frees the integers. NULL is fine.
 *
 * @param pdata the result of alloc_percpu(), or NULL
 * @kernel include/linux/percpu.h
 * @context any; does not sleep
 * @ordering none
 */
export function free_percpu(pdata: percpu_int | null): Op<void> {
  return request(FREE, null, pdata === null ? null : objectOf(pdata));
}

/**
 * Adds to the integer of the task's CPU. No other task adds to it at the same time.
 *
 * @param val the number to add; may be negative
 * @kernel include/linux/percpu-defs.h
 * @context any; does not sleep
 * @ordering none
 */
export function this_cpu_add(pcp: percpu_int, val: number): Op<void> {
  const object = objectOf(pcp);
  return requestAt(ADD, object, cpuOf(current.machine.task), val);
}

/**
 * Reads the integer of one CPU. A sum over all CPUs is read one by one, so concurrent additions may or may not be included.
 *
 * @param cpu its number, from for_each_possible_cpu()
 * @returns its integer; it may already be stale
 * @kernel include/linux/percpu-defs.h
 * @context any; does not sleep
 * @ordering none
 * @divergence a marked access; `*per_cpu_ptr(pcp, cpu)` is a plain one
 */
export function per_cpu(pcp: percpu_int, cpu: number): Op<number> {
  return requestAt(READ, objectOf(pcp), cpu);
}

/**
 * The numbers of all CPUs, for a `for` loop.
 *
 * @example
 * const users = yield* alloc_percpu();
 * if (users === null) return;
 * yield* this_cpu_add(users, 2);
 * yield* this_cpu_add(users, -1);
 * let count = 0;
 * for (const cpu of for_each_possible_cpu()) count += yield* per_cpu(users, cpu);
 * count; // => 1
 * yield* free_percpu(users);
 * @returns their numbers, from 0 on; no `yield*` before it
 * @kernel include/linux/cpumask.h
 * @context any; does not sleep
 * @ordering none
 */
export function for_each_possible_cpu(): readonly number[] {
  return CPUS;
}

const CPUS: readonly number[] = Object.freeze(Array.from({ length: NR_CPUS }, (_, cpu) => cpu));
