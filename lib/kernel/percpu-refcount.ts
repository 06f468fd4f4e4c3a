// SPDX-License-Identifier: GPL-2.0-only
/**
 * percpu_ref: a reference count that is cheap until it is killed. After include/linux/percpu-refcount.h and
 * lib/percpu-refcount.c of 4.16: in percpu mode a get or put only touches a counter of its CPU and nobody can tell when the sum
 * is 0. percpu_ref_kill() switches to one atomic counter, after a grace period of the sched flavour. A get on 0 is silent.
 */
import {
  type Branded,
  composite,
  current,
  type Embeddable,
  type Handle,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  SyncObject,
  type Task,
} from '../machine';
import { ENOMEM } from './err';
import { failed, outcomesOf } from './may-fail';
import {
  begin,
  beginning,
  type Begun,
  end,
  ending,
  inside,
  newCallback,
  outside,
  RAN,
  sched,
  Waiting,
} from './rcu-state';
import { gfpflags_allow_blocking } from './slab';

/** A reference count. Embed it as `users: percpu_ref`. */
export interface percpu_ref extends Branded<'percpu_ref'> {}

/** Called when the last reference is dropped, in atomic context; container_of() finds the object. */
export type percpu_ref_func_t = (ref: percpu_ref) => Op<unknown>;

/** percpu_ref_init() flag: begin in atomic mode. */
export const PERCPU_REF_INIT_ATOMIC = 1;
/** percpu_ref_init() flag: begin dead, with a count of 0, in atomic mode. */
export const PERCPU_REF_INIT_DEAD = 2;

/** Keeps the atomic count from 0 while the percpu counters are in use. */
const BIAS = 1 << 29;

/** The percpu counters: memory of its own, which percpu_ref_exit() frees. */
class Counters extends SyncObject {
  readonly typeName = 'percpu';
  readonly handle: Handle = makeHandle(this);
  readonly counts = new Map<Task, number>();
}

/** State: the atomic count, its second location; the first is the mode. */
class Ref extends SyncObject {
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
export const percpu_ref: Embeddable<percpu_ref> = {
  typeName: 'percpu_ref',
  make: () => new Ref(),
};

const modeOf = (ref: Ref, write: boolean): number => ref.base * 2 + (write ? 1 : 0);
const countOf = (ref: Ref): number => (ref.base + 1) * 2 + 1;

/** Using a reference that percpu_ref_exit() has ended, or that was never initialised, faults. */
function inUse(ref: Ref): Ref {
  if (ref.counters === null)
    throw new TypeError("Cannot read properties of null (reading 'count')");
  return ref;
}

const INIT: Kind = {
  name: 'percpu_ref_init',
  access: 'write',
  outcomes: outcomesOf('percpu_ref_init'),
  announce(machine, task, { b, site }) {
    const { gfp } = b as { gfp: number };
    if (gfpflags_allow_blocking(gfp)) machine.mightSleep(task, 'percpu_ref_init', site);
  },
  perform(machine, task, { object, a, b, site }) {
    if (failed('percpu_ref_init', machine, task)) return -ENOMEM;
    const { flags } = b as { flags: number };
    const ref = object as Ref;
    ref.counters = new Counters();
    machine.allocate(ref.counters, site);
    ref.release = a as percpu_ref_func_t;
    ref.dead = (flags & PERCPU_REF_INIT_DEAD) !== 0;
    ref.atomic = flags !== 0;
    ref.state = (ref.atomic ? 0 : BIAS) + (ref.dead ? 0 : 1);
    return 0;
  },
};

/** What a get or put found: the mode, which holds as long as its sched section lasts. */
interface Found {
  readonly atomic: boolean;
  readonly dead: boolean;
}

/** The sched section around a get or put, under its name. */
class Around {
  readonly #enter: Kind;
  readonly #enterNested: Kind;
  readonly #leave: Kind;
  readonly #leaveNested: Kind;

  constructor(readonly name: string) {
    const extra: Kind['extra'] = ({ a }) => [modeOf(a as Ref, false)];
    const enter: Kind['perform'] = (machine, task, { a, site }): Found => {
      const ref = a as Ref;
      machine.marked(ref.fresh(), 0, false, site);
      inside(machine, task, sched, site);
      const { atomic, dead } = inUse(ref);
      return { atomic, dead };
    };
    const leave: Kind['perform'] = (machine, task, { a, b, site }) => {
      const counts = (a as Ref).counters?.counts;
      if (b !== 0) counts?.set(task, (counts.get(task) ?? 0) + (b as number));
      outside(machine, task, sched, site);
    };
    this.#enter = { name, access: 'read', extra, perform: enter };
    this.#enterNested = { name, access: 'none', extra, perform: enter };
    this.#leave = { name, access: 'write', perform: leave };
    this.#leaveNested = { name, access: 'none', perform: leave };
  }

  enter(ref: Ref): Op<Found> {
    const { depth } = sched.readerOf(current.machine.task);
    return request(depth === 0 ? this.#enter : this.#enterNested, sched, 0, ref);
  }

  /** Ends the section, having added to the percpu counter. */
  leave(ref: Ref, add: number): Op<void> {
    const { depth, open } = sched.readerOf(current.machine.task);
    return depth === 1 && open !== null
      ? request(this.#leave, open, 0, ref, add)
      : request(this.#leaveNested, sched, 0, ref, add);
  }
}

const GET: Kind = {
  name: 'percpu_ref_get',
  access: 'write',
  perform(_machine, _task, { object }) {
    inUse(object as Ref).state++;
  },
};

const TRYGET: Kind = {
  name: 'percpu_ref_tryget',
  access: 'write',
  perform(machine, task, { object }) {
    const ref = inUse(object as Ref);
    if (ref.state === 0) return false;
    ref.state++;
    machine.acquire(task, ref);
    machine.release(task, ref, true);
    return true;
  },
};

const PUT: Kind = {
  name: 'percpu_ref_put',
  access: 'write',
  perform(machine, task, { object }) {
    const ref = inUse(object as Ref);
    machine.acquire(task, ref);
    machine.release(task, ref, true);
    return --ref.state === 0 ? ref.release : null;
  },
};

const [GETTING, TRYING, PUTTING] = [GET, TRYGET, PUT].map(({ name }) => new Around(name)) as [
  Around,
  Around,
  Around,
]; // map() forgets how many

function* getting(ref: Ref): Op<void> {
  const { atomic } = yield* GETTING.enter(ref);
  if (atomic) yield* request<undefined>(GET, ref, 1);
  yield* GETTING.leave(ref, atomic ? 0 : 1);
}

function* trying(ref: Ref, live: boolean): Op<boolean> {
  const { atomic, dead } = yield* TRYING.enter(ref);
  const got = !atomic || (!(live && dead) && (yield* request<boolean>(TRYGET, ref, 1)));
  yield* TRYING.leave(ref, atomic ? 0 : 1);
  return got;
}

function* putting(ref: Ref): Op<void> {
  const { atomic } = yield* PUTTING.enter(ref);
  if (atomic) {
    const release = yield* request<percpu_ref_func_t | null>(PUT, ref, 1);
    if (release !== null) yield* release(ref.handle);
  }
  yield* PUTTING.leave(ref, atomic ? 0 : -1);
}

/** Marks the reference dead and begins to switch it to atomic mode. */
const KILL: Kind = {
  name: 'percpu_ref_kill',
  access: 'write',
  extra: ({ a }) => [...beginning(sched), modeOf(a as Ref, true), countOf(a as Ref)],
  perform(machine, task, { a, b, site }) {
    const ref = inUse((a as Ref).fresh());
    machine.marked(ref, 0, true, site);
    if (ref.dead) {
      const message = `percpu_ref_kill_and_confirm called more than once on ${ref.release?.name ?? ''}!`;
      machine.complain({ check: 'percpu-refcount', message, object: ref, site });
    }
    ref.dead = true;
    if (ref.atomic) return b;
    ref.atomic = true;
    ref.state++;
    const begun = begin(machine, task, sched);
    const callback = newCallback(machine, task, sched);
    const confirm = b as percpu_ref_func_t | null;
    const steps = (): Op<void> => switching(ref, begun, callback, confirm);
    machine.spawn('ksoftirqd', steps, 'softirq');
    return null;
  },
};

/** The grace period is over: nobody uses the percpu counters any more, and their sum is final. */
const SWITCH: Kind = {
  name: 'percpu_ref_switch_to_atomic_rcu',
  access: 'write',
  extra: () => ending(sched),
  perform(machine, _task, { object, a, site }) {
    const ref = inUse(object as Ref);
    end(machine, a as Begun);
    const counts = ref.counters?.counts ?? new Map<Task, number>();
    for (const count of counts.values()) ref.state += count;
    ref.state -= BIAS;
    counts.clear();
    if (ref.state > 0) return;
    const message = `percpu ref (${ref.release?.name ?? ''}) <= 0 (${ref.state}) after switching to atomic`;
    machine.complain({ check: 'percpu-refcount', message, object: ref, site });
  },
};

const waiting = new Waiting('percpu_ref_switch_to_atomic_rcu');

function* switching(
  ref: Ref,
  begun: Begun,
  callback: ReturnType<typeof newCallback>,
  confirm: percpu_ref_func_t | null,
): Op<void> {
  yield* waiting.sections(sched, begun);
  yield* request<undefined>(SWITCH, ref, 1, begun);
  if (confirm !== null) yield* confirm(ref.handle);
  yield* putting(ref);
  yield* request<undefined>(RAN, callback);
}

function* killing(ref: Ref, confirm: percpu_ref_func_t | null): Op<void> {
  const now = yield* request<percpu_ref_func_t | null>(KILL, sched, 0, ref, confirm);
  if (now !== null) yield* now(ref.handle);
  yield* putting(ref);
}

const IS_DYING: Kind = {
  name: 'percpu_ref_is_dying',
  access: 'read',
  perform: (_machine, _task, { object }) => (object as Ref).dead,
};

const IS_ZERO: Kind = {
  name: 'percpu_ref_is_zero',
  access: 'read',
  extra: ({ object }) => [modeOf(object as Ref, false)],
  perform: (_machine, _task, { object }) => {
    const { atomic, state } = object as Ref;
    return atomic && state === 0;
  },
};

const REINIT: Kind = {
  name: 'percpu_ref_reinit',
  access: 'write',
  extra: ({ object }) => [countOf(object as Ref)],
  perform(machine, _task, { object, site }) {
    const ref = inUse(object as Ref);
    if (!ref.atomic || ref.state !== 0) {
      const message = 'WARN_ON_ONCE(!percpu_ref_is_zero(ref))';
      machine.complain({ check: 'percpu-refcount', message, object: ref, site });
    }
    ref.atomic = ref.dead = false;
    ref.state = BIAS + 1;
  },
};

const EXIT: Kind = {
  name: 'percpu_ref_exit',
  access: 'write',
  extra: ({ object }) => [countOf(object as Ref)],
  perform(machine, _task, { object, site }) {
    const ref = object as Ref;
    if (ref.counters?.memory) machine.free(ref.counters.memory, site);
    ref.counters = null;
    ref.atomic = ref.dead = true;
  },
};

function refOf(ref: percpu_ref): Ref {
  return objectOf(ref) as Ref; // only percpu_refs have this handle
}

/**
 * Makes a reference count usable: 1, in percpu mode unless the flags say otherwise. `release` is called when it reaches 0.
 *
 * @returns 0, or -ENOMEM where the scenario lets `percpu_ref_init` fail
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
  return request(INIT, objectOf(ref), 0, release, { flags, gfp });
}

/**
 * Takes a reference; the caller must know that there is one already. No check: a count of 0 silently becomes 1.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function percpu_ref_get(ref: percpu_ref): Op<void> {
  return composite('percpu_ref_get', getting(refOf(ref)));
}

/**
 * Takes a reference unless the count is 0: true if it did. In percpu mode it always does.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full in atomic mode when it returns true, none otherwise
 */
export function percpu_ref_tryget(ref: percpu_ref): Op<boolean> {
  return composite('percpu_ref_tryget', trying(refOf(ref), false));
}

/**
 * Takes a reference unless the count has been killed: true if it did. While the kill is under way it may still succeed.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full in atomic mode when it returns true, none otherwise
 */
export function percpu_ref_tryget_live(ref: percpu_ref): Op<boolean> {
  return composite('percpu_ref_tryget_live', trying(refOf(ref), true));
}

/**
 * Drops a reference. The last one, in atomic mode, calls the release function, inside a sched read section.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full in atomic mode; in percpu mode release, to the switch
 */
export function percpu_ref_put(ref: percpu_ref): Op<void> {
  return composite('percpu_ref_put', putting(refOf(ref)));
}

/**
 * Marks the count dead, begins the switch to atomic mode and drops the initial reference. Once only.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full
 */
export function percpu_ref_kill(ref: percpu_ref): Op<void> {
  return composite('percpu_ref_kill', killing(refOf(ref), null));
}

/**
 * percpu_ref_kill() that calls a function, in atomic context, from when on percpu_ref_tryget_live() fails everywhere.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full
 */
export function percpu_ref_kill_and_confirm(
  ref: percpu_ref,
  confirm_kill: percpu_ref_func_t | null,
): Op<void> {
  return composite('percpu_ref_kill_and_confirm', killing(refOf(ref), confirm_kill));
}

/**
 * Whether the count has been killed. What was read may be stale at once.
 *
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
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function percpu_ref_is_zero(ref: percpu_ref): Op<boolean> {
  return request(IS_ZERO, objectOf(ref), 1);
}

/**
 * Brings a count of 0 back to life, with one reference, in percpu mode.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any, with nobody using the count; does not sleep
 * @ordering none
 */
export function percpu_ref_reinit(ref: percpu_ref): Op<void> {
  return request(REINIT, objectOf(ref));
}

/**
 * Frees the percpu counters; nobody may use the count any more. Using it afterwards faults.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function percpu_ref_exit(ref: percpu_ref): Op<void> {
  return request(EXIT, objectOf(ref));
}
