// SPDX-License-Identifier: GPL-2.0-only
/** percpu_ref: the object, its modes and its lifetime. Getting, putting and killing are in percpu-refcount.ts. */
import {
  type Branded,
  type Embeddable,
  embeddable,
  type Handle,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  reading,
  request,
  requestAt,
  SyncObject,
  type Task,
  writing,
  storable,
} from '../machine';
import { ENOMEM } from './err';
import { failed, outcomesOf } from './may-fail';
import { gfpflags_allow_blocking } from './slab';

/** A reference count that each CPU keeps separately until it is killed. Embed it as `users: percpu_ref`. */
export interface percpu_ref extends Branded<'percpu_ref', Ref> {}

/** Called in atomic context when the last reference is dropped; it finds the object with container_of(). */
export type percpu_ref_func_t = (ref: percpu_ref) => Op<unknown>;

/** percpu_ref_init() flag: start in atomic mode. */
export const PERCPU_REF_INIT_ATOMIC = 1;
/** percpu_ref_init() flag: start dead, with a count of 0, in atomic mode. */
export const PERCPU_REF_INIT_DEAD = 2;

/** Keeps the atomic count away from 0 while the percpu counters are in use. */
export const BIAS = 1 << 29;

/** The percpu counters: memory of their own, which percpu_ref_exit() frees. */
class Counters extends SyncObject {
  readonly typeName = 'percpu';
  readonly handle: Handle = makeHandle(this);
  readonly counts = new Map<Task, number>();
}

/** State: the atomic count, at the second location; the first location is the mode. */
export class Ref extends SyncObject {
  readonly typeName = 'percpu_ref';
  readonly handle: percpu_ref = makeHandle(this);
  counters: Counters | null = null;
  release: percpu_ref_func_t | null = null;
  atomic = false;
  dead = false;

  override get size(): number {
    return 2;
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.counters = this.release = null;
    this.atomic = this.dead = false;
  }

  protected override reset(): void {
    this.clear(true);
  }

  override fieldName(index: number): string {
    return index === 0 ? 'percpu_count_ptr' : 'count';
  }

  override *references(): Generator {
    yield this.counters?.handle;
  }
}

/** Type of a percpu_ref member of a structure. Unusable until percpu_ref_init() has run on it. */
export const percpu_ref: Embeddable<percpu_ref> = embeddable('percpu_ref', () => new Ref());

export const modeOf = (ref: Ref, write: boolean): number =>
  write ? writing(ref.base) : reading(ref.base);
export const countOf = (ref: Ref): number => writing(ref.base + 1);

/** Faults if the reference was never initialised, or percpu_ref_exit() has ended it. */
export function inUse(ref: Ref): Ref {
  if (ref.counters === null)
    throw new TypeError("Cannot read properties of null (reading 'count')");
  return ref;
}

const INIT: Kind<Ref, [release: percpu_ref_func_t, how: { flags: number; gfp: number }], number> = {
  name: 'percpu_ref_init',
  access: 'write',
  outcomes: outcomesOf('percpu_ref_init'),
  announce(machine, task, { b: { gfp }, site }) {
    if (gfpflags_allow_blocking(gfp)) machine.mightSleep(task, 'percpu_ref_init', site);
  },
  perform(machine, task, { object: ref, a: release, b: { flags }, site }) {
    if (failed('percpu_ref_init', machine, task)) return -ENOMEM;
    ref.counters = new Counters();
    machine.allocate(ref.counters, site);
    ref.release = release;
    ref.dead = (flags & PERCPU_REF_INIT_DEAD) !== 0;
    ref.atomic = flags !== 0;
    ref.state = (ref.atomic ? 0 : BIAS) + (ref.dead ? 0 : 1);
    ref.initialised = true;
    return 0;
  },
};

const IS_DYING: Kind<Ref, [], boolean> = {
  name: 'percpu_ref_is_dying',
  access: 'read',
  perform: (_machine, _task, { object }) => object.dead,
};

const IS_ZERO: Kind<Ref, [], boolean> = {
  name: 'percpu_ref_is_zero',
  access: 'read',
  extra: ({ object }) => [modeOf(object, false)],
  perform: (_machine, _task, { object }) => {
    const { atomic, state } = object;
    return atomic && state === 0;
  },
};

const REINIT: Kind<Ref, [], void> = {
  name: 'percpu_ref_reinit',
  access: 'write',
  extra: ({ object }) => [countOf(object)],
  perform(machine, _task, { object, site }) {
    const ref = inUse(object);
    if (!ref.atomic || ref.state !== 0) {
      const message = 'WARN_ON_ONCE(!percpu_ref_is_zero(ref))';
      machine.complain({ check: 'percpu-refcount', message, object: ref, site });
    }
    ref.atomic = ref.dead = false;
    ref.state = BIAS + 1;
  },
};

const EXIT: Kind<Ref, [], void> = {
  name: 'percpu_ref_exit',
  access: 'write',
  extra: ({ object }) => [countOf(object)],
  perform(machine, _task, { object: ref, site }) {
    if (ref.counters?.memory) machine.free(ref.counters.memory, site);
    ref.counters = null;
    ref.atomic = ref.dead = true;
    ref.initialised = false;
  },
};

/** The object of a percpu_ref. */
export function refOf(ref: percpu_ref): Ref {
  return objectOf(ref);
}

/**
 * Makes a reference count usable: 1, in percpu mode unless the flags say otherwise. `release` is called when it reaches 0.
 *
 * @param release called, in a sched read section, when the count becomes 0
 * @param flags 0, PERCPU_REF_INIT_ATOMIC, PERCPU_REF_INIT_DEAD
 * @param gfp GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns 0, or -ENOMEM if the scenario lets `percpu_ref_init` fail
 * @kernel include/linux/percpu-refcount.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 */
export function percpu_ref_init(
  ref: percpu_ref,
  release: percpu_ref_func_t,
  flags: number,
  gfp: number,
): Op<number> {
  storable(release);
  return request(INIT, objectOf(ref), release, { flags, gfp });
}

/**
 * Whether the count has been killed.
 *
 * @returns true from percpu_ref_kill() until percpu_ref_reinit(); false may already be stale
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function percpu_ref_is_dying(ref: percpu_ref): Op<boolean> {
  return request(IS_DYING, objectOf(ref));
}

/**
 * Whether the count is 0, which it never is in percpu mode.
 *
 * @returns true only in atomic mode with no reference left
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function percpu_ref_is_zero(ref: percpu_ref): Op<boolean> {
  return requestAt(IS_ZERO, objectOf(ref), 1);
}

/**
 * Revives a count of 0, with one reference, in percpu mode.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any, while no task uses the count; does not sleep
 * @ordering none
 */
export function percpu_ref_reinit(ref: percpu_ref): Op<void> {
  return request(REINIT, objectOf(ref));
}

/**
 * Frees the percpu counters. Using the count afterwards faults.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function percpu_ref_exit(ref: percpu_ref): Op<void> {
  return request(EXIT, objectOf(ref));
}
