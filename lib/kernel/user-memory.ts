// SPDX-License-Identifier: GPL-2.0-only
/**
 * What user space has mapped, and what its threads do there. After include/linux/mm.h. A user address is a number. A mapping is
 * one structure: either of the kernel, which both sides then share (pages of a ring), or of user space itself. uaccess.ts has the
 * kernel's accesses.
 *
 * There is one address space for all tasks. Addresses are never reused.
 */
import {
  current,
  type Embeddable,
  type Handle,
  type Kind,
  type Machine,
  makeHandle,
  objectOf,
  type Op,
  reading,
  request,
  type Request,
  StructObject,
  SyncObject,
  type Task,
  UsageError,
  writing,
  makeObject,
} from '../machine';
import { EINVAL, ENOMEM } from './err';
import { failed, outcomesOf } from './may-fail';
import type { FieldOf } from './once';

/** A pointer into user space, `struct aio_ring __user *`: a number, which may be invalid. */
export type user<T> = number & {
  /** Type of what is mapped there, for the compiler only. */
  readonly to?: T;
};

const FIRST_ADDRESS = 0x7f0000000000;
const PAGE_SIZE = 0x1000;
/** How many mappings a task can make. */
const PAGES_PER_TASK = 256;
/** Locations that stand for the page table. Two addresses may share one, which only makes them dependent. */
const ENTRIES = 64;

/** The page table. */
class UserSpace extends SyncObject {
  readonly typeName = 'mm_struct';
  readonly handle: Handle = makeHandle(this);
  readonly #pages = new Map<number, StructObject>();
  #counts = new WeakMap<Task, number>();

  override get size(): number {
    return ENTRIES;
  }

  protected override reset(): void {
    super.reset();
    this.#pages.clear();
    this.#counts = new WeakMap();
  }

  /** Location of the entry of an address. */
  entry(address: number): number {
    return this.base + (Math.floor(address / PAGE_SIZE) % ENTRIES);
  }

  at(address: number): StructObject | null {
    return this.#pages.get(address) ?? null;
  }

  /** The address of the task's next mapping: the same in every execution. */
  next(task: Task): number {
    const nth = this.#counts.get(task) ?? 0;
    if (nth >= PAGES_PER_TASK) throw new UsageError('a task maps too much user memory');
    return FIRST_ADDRESS + (task.id * PAGES_PER_TASK + nth) * PAGE_SIZE;
  }

  map(machine: Machine, task: Task, page: StructObject): number {
    machine.tellApart(task); // each has addresses of its own
    const address = this.next(task);
    this.#counts.set(task, (this.#counts.get(task) ?? 0) + 1);
    this.#pages.set(address, page);
    return address;
  }

  /** How many mappings show the kernel's memory. */
  get shared(): number {
    return [...this.#pages.values()].filter(({ memory }) => memory !== null).length;
  }

  unmap(address: number): void {
    this.#pages.delete(address);
  }
}

const space = new UserSpace().makeStatic('mm');

/** The structure that is mapped at an address, for get_user() and similar functions. */
export function pageAt(address: number): StructObject | null {
  return space.fresh().at(address)?.fresh() ?? null;
}

/** What a lookup of an address touches. */
export function finding(address: number): number {
  return reading(space.entry(address));
}

/** Location of a field. */
export function placeOf(page: StructObject, field: string): number {
  return page.base + page.offset(page.slot(field));
}

/** The structure of a handle. */
export function structOf(handle: Handle, name: string): StructObject {
  const object = objectOf(handle);
  if (!(object instanceof StructObject)) throw new TypeError(`${name}: not a structure`);
  return object;
}

/** What a task's next mapping touches. */
const mapping = ({ b: task }: Request<null, [page: unknown, task: Task]>): readonly number[] => [
  writing(space.entry(space.fresh().next(task))),
];

const MMAP: Kind<null, [page: StructObject, task: Task], number> = {
  name: 'vm_mmap',
  access: 'none',
  outcomes: outcomesOf('vm_mmap'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'vm_mmap', site),
  extra: mapping,
  perform(machine, task, { a: page }) {
    if (failed('vm_mmap', machine, task)) return -ENOMEM;
    return space.fresh().map(machine, task, page);
  },
};

const MUNMAP: Kind<null, [address: number], number> = {
  name: 'vm_munmap',
  access: 'none',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'vm_munmap', site),
  extra: ({ a }) => [writing(space.entry(a))],
  perform(_machine, _task, { a: address }) {
    if (address % PAGE_SIZE !== 0) return -EINVAL;
    space.fresh().unmap(address);
    return 0;
  },
};

/** An access of a user thread to its own memory; if nothing is mapped, it gets a segmentation fault. */
function userAccess<R>(
  name: string,
  write: boolean,
  act: (page: StructObject, slot: number, value: unknown) => R,
): Kind<null, [access: UserAccess], R | undefined> {
  return {
    name,
    access: 'none',
    extra({ a: { address, field } }) {
      const page = pageAt(address);
      if (page === null) return [finding(address)];
      const place = placeOf(page, field);
      return [finding(address), write ? writing(place) : reading(place)];
    },
    perform(machine, task, { a: { address, field, value }, site }) {
      const page = pageAt(address);
      if (page === null) {
        const message = `${task.comm}[${task.pid}]: segfault at a user address that is not mapped`;
        machine.complain({ check: 'expect', message, object: null, site });
        return undefined;
      }
      const slot = page.slot(field);
      if (!write) machine.acquire(task, page.point(slot));
      const result = act(page, slot, value);
      if (write) machine.release(task, page.point(slot));
      return result;
    },
  };
}

interface UserAccess {
  readonly address: number;
  readonly field: string;
  readonly value?: unknown;
}

const READ = userAccess('user_read', false, (page, slot) => page.values[slot]);
const WRITE = userAccess('user_write', true, (page, slot, value) => {
  page.values[slot] = value;
});

const ALLOC: Kind<null, [type: Embeddable<Handle>, task: Task], number> = {
  name: 'user_alloc',
  access: 'none',
  extra: mapping,
  perform(machine, task, { a: type }) {
    const page = makeObject(type);
    page.clear(true);
    machine.settle(page, task);
    return space.fresh().map(machine, task, page as StructObject); // structures and arrays are made of these
  },
};

/**
 * Maps a structure of the kernel into user space, where both sides see it. The mapping keeps the page alive: freeing the
 * structure does not affect user space.
 *
 * @example
 * const ring = struct('ring', { id: int });
 * const page = DEFINE_STATIC('page', ring);
 * const address = (yield* vm_mmap(page)) as user<StructOf<typeof ring>>;
 * yield* user_write(address, 'id', 7);
 * yield* user_read(address, 'id'); // => 7
 * yield* vm_munmap(address); // => 0
 * @returns the address, or -ENOMEM if the scenario lets `vm_mmap` fail
 * @kernel include/linux/mm.h
 * @context process context only; may sleep
 * @ordering none
 * @divergence takes the structure to map, not a file; one structure is one mapping
 */
export function vm_mmap(page: Handle): Op<number> {
  return request(MMAP, null, structOf(page, 'vm_mmap'), current.machine.task);
}

/**
 * Removes a mapping from user space: later uses of the address fault. The address may already be unmapped.
 *
 * @param address the result of vm_mmap()
 * @returns 0, or -EINVAL for an address where no mapping can begin
 * @kernel include/linux/mm.h
 * @context process context only; may sleep
 * @ordering none
 */
export function vm_munmap(address: number): Op<number> {
  return request(MUNMAP, null, address);
}

/**
 * Allocates a zeroed structure for a user thread. For scenarios.
 *
 * @returns its address
 * @context any; does not sleep
 * @ordering none
 */
export function user_alloc<H extends Handle>(type: Embeddable<H>): Op<user<H>> {
  return request(ALLOC, null, type, current.machine.task);
}

/**
 * A user thread reads a field. For scenarios; threads synchronise through these accesses.
 *
 * @returns its value
 * @context process context; does not sleep
 * @ordering acquire, from user_write()
 */
export function user_read<H extends Handle, K extends FieldOf<H>>(
  from: user<H>,
  field: K,
): Op<H[K]> {
  // The structure at a user<H> is an H.
  return request(READ, null, { address: from, field: String(field) }) as Op<H[K]>;
}

/**
 * A user thread writes a field. For scenarios; threads synchronise through these accesses.
 *
 * @context process context; does not sleep
 * @ordering release, to user_read()
 */
export function user_write<H extends Handle, K extends FieldOf<H>>(
  to: user<H>,
  field: K,
  value: H[K],
): Op<void> {
  return request(WRITE, null, { address: to, field: String(field), value });
}

/**
 * How many structures of the kernel are mapped in user space. For checks, after all tasks have ended.
 *
 * @returns how many; 0 after everything is unmapped
 */
export function userMapped(): number {
  return space.fresh().shared;
}
