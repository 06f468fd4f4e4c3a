// SPDX-License-Identifier: GPL-2.0-only
/**
 * The object behind an XArray: pointers by index, and the lock for changes of them. After include/linux/xarray.h and lib/xarray.c. Lookups
 * take no lock; what they find may be removed meanwhile.
 */
import {
  type Arguments,
  type Branded,
  current,
  embeddable,
  here,
  type Kind,
  type Machine,
  makeHandle,
  objectOf,
  type Releasing,
  type Request,
  struct,
  type StructOf,
  SyncObject,
} from '../machine';
import { gfpflags_allow_blocking } from './slab';
import { howHeld } from './held';
import { spinlock_t } from './spinlock';
import { readyStatic } from './static-var';

/** What is at the indices. A reserved index has NULL. */
export class Entries extends SyncObject {
  readonly typeName = 'xarray';
  readonly handle: xa_head = makeHandle(this);
  readonly at = new Map<number, unknown>();
  readonly #points = new Map<number, Releasing>();
  /** The lowest index that xa_alloc() gives; null if it must not be used. */
  lowest: number | null = null;

  constructor(readonly first: number | null = null) {
    super();
  }

  /** Empties it. */
  init(lowest: number | null): void {
    this.at.clear();
    this.#points.clear();
    this.lowest = lowest;
    this.initialised = true;
  }

  /** The releases on an index. */
  point(index: number): Releasing {
    let point = this.#points.get(index);
    if (point === undefined) this.#points.set(index, (point = { released: null }));
    return point;
  }

  find(index: number): unknown {
    return this.at.get(index) ?? null;
  }

  /** The first index from one on, up to another one, that has a pointer. */
  next(from: number, last: number): number | null {
    const present = [...this.at].flatMap(([index, entry]) =>
      entry !== null && index >= from && index <= last ? [index] : [],
    );
    return present.length === 0 ? null : Math.min(...present);
  }

  protected override reset(): void {
    super.reset();
    this.init(this.first);
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.init(null);
    this.initialised = zeroed;
  }

  override *references(): Generator {
    yield* this.at.values();
  }
}

/** The entries of an XArray. */
export interface xa_head extends Branded<'xa_head', Entries> {}

const xa_head = embeddable<xa_head>('xarray', () => new Entries());

/** Pointers by index. Embed it as `devices: xarray`; unusable until xa_init() has run on it. */
export const xarray = struct('xarray', {
  /** Held for changes: xa_lock() takes it. */
  xa_lock: spinlock_t,
  /** What it contains. */
  xa_head,
});
export interface xarray<T = unknown> extends StructOf<typeof xarray> {
  /** Type of the objects that the pointers lead to, for the compiler only. */
  readonly entry?: T;
}

/** What a static XArray is made of. */
export function makeXarray(name: string, lowest: number | null): xarray {
  return readyStatic(name, xarray, (member) => {
    if (member instanceof Entries) member.init(lowest);
  });
}

export function entriesOf(xa: xarray): Entries {
  return objectOf(xa.xa_head);
}

/** A change, under the lock of the XArray. */
export function changing<A extends Arguments, R>(
  name: string,
  perform: (entries: Entries, request: Request<Entries, A>, machine: Machine) => R,
): Kind<Entries, A, R> {
  return {
    name,
    access: 'write',
    announce(machine, task, { object: entries, site }) {
      const lock = entries.container?.handle as xarray | undefined; // no other structure contains one
      if (lock === undefined || howHeld(lock.xa_lock, task) !== null) return;
      const message = 'suspicious rcu_dereference_check() usage!';
      machine.complain({ check: 'rcu', message, object: null, site });
    },
    perform: (machine, _task, request) => perform(request.object, request, machine),
  };
}

/** Stores at an index, for lookups to find. */
export function put(machine: Machine, entries: Entries, index: number, entry: unknown): void {
  entries.at.set(index, entry);
  machine.release(machine.task, entries.point(index));
}

/** What may allocate with these flags may sleep, and says so before it takes the lock. */
export function mayAllocate(name: string, gfp: number): void {
  const { machine } = current;
  if (gfpflags_allow_blocking(gfp)) machine.mightSleep(machine.task, name, here());
}
