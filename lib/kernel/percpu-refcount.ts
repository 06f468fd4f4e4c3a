// SPDX-License-Identifier: GPL-2.0-only
/**
 * percpu_ref: a reference count that is cheap until it is killed. After include/linux/percpu-refcount.h and lib/percpu-refcount.c
 * of 4.16. In percpu mode a get or put only changes a counter of its CPU, and nobody can tell whether the sum is 0.
 * percpu_ref_kill() switches to one atomic counter, after a grace period of the sched flavour. A get on 0 is silent.
 */
import {
  composite,
  current,
  type Kind,
  type Op,
  request,
  requestAt,
  type SyncObject,
  type Task,
  storable,
  functionName,
} from '../machine';
import {
  BIAS,
  countOf,
  inUse,
  modeOf,
  type percpu_ref,
  type percpu_ref_func_t,
  type Ref,
  refOf,
} from './percpu-ref-object';
import {
  begin,
  beginning,
  type Begun,
  type Callback,
  end,
  ending,
  type Flavour,
  inside,
  newCallback,
  outside,
  RAN,
  sched,
  Waiting,
} from './rcu-state';

/** The mode that a get or put found. It stays the same until its sched section ends. */
interface Found {
  readonly atomic: boolean;
  readonly dead: boolean;
}

/** The sched section around a get or put, under the name of that operation. */
class Around {
  readonly #enter: Kind<Flavour, [ref: Ref], Found>;
  readonly #enterNested: Kind<Flavour, [ref: Ref], Found>;
  readonly #leave: Kind<SyncObject, [ref: Ref, add: number], void>;
  readonly #leaveNested: Kind<SyncObject, [ref: Ref, add: number], void>;

  constructor(readonly name: string) {
    const enter: Kind<Flavour, [ref: Ref], Found> = {
      name,
      access: 'read',
      extra: ({ a: ref }) => [modeOf(ref, false)],
      perform(machine, task, { a: ref, site }) {
        machine.marked(ref.fresh(), 0, false, site);
        inside(machine, task, sched, site);
        const { atomic, dead } = inUse(ref);
        return { atomic, dead };
      },
    };
    const leave: Kind<SyncObject, [ref: Ref, add: number], void> = {
      name,
      access: 'write',
      perform(machine, task, { a: ref, b: add, site }) {
        const counts = ref.counters?.counts;
        if (add !== 0) counts?.set(task, (counts.get(task) ?? 0) + add);
        outside(machine, task, sched, site);
      },
    };
    this.#enter = enter;
    this.#enterNested = { ...enter, access: 'none' };
    this.#leave = leave;
    this.#leaveNested = { ...leave, access: 'none' };
  }

  enter(ref: Ref): Op<Found> {
    const { depth } = sched.readerOf(current.machine.task);
    return request(depth === 0 ? this.#enter : this.#enterNested, sched, ref);
  }

  /** Ends the section after adding to the percpu counter. */
  leave(ref: Ref, add: number): Op<void> {
    const { depth, open } = sched.readerOf(current.machine.task);
    return depth === 1 && open !== null
      ? request(this.#leave, open, ref, add)
      : request(this.#leaveNested, sched, ref, add);
  }
}

const GET: Kind<Ref, [], void> = {
  name: 'percpu_ref_get',
  access: 'write',
  perform(_machine, _task, { object }) {
    inUse(object).state++;
  },
};

const TRYGET: Kind<Ref, [], boolean> = {
  name: 'percpu_ref_tryget',
  access: 'write',
  perform(machine, task, { object }) {
    const ref = inUse(object);
    if (ref.state === 0) return false;
    ref.state++;
    machine.acquire(task, ref);
    machine.release(task, ref, true);
    return true;
  },
};

const PUT: Kind<Ref, [], percpu_ref_func_t | null> = {
  name: 'percpu_ref_put',
  access: 'write',
  perform(machine, task, { object }) {
    const ref = inUse(object);
    machine.acquire(task, ref);
    machine.release(task, ref, true);
    return --ref.state === 0 ? ref.release : null;
  },
};

const GETTING = new Around(GET.name);
const TRYING = new Around(TRYGET.name);
const PUTTING = new Around(PUT.name);

function* getting(ref: Ref): Op<void> {
  const { atomic } = yield* GETTING.enter(ref);
  if (atomic) yield* requestAt(GET, ref, 1);
  yield* GETTING.leave(ref, atomic ? 0 : 1);
}

function* trying(ref: Ref, live: boolean): Op<boolean> {
  const { atomic, dead } = yield* TRYING.enter(ref);
  const got = !atomic || (!(live && dead) && (yield* requestAt(TRYGET, ref, 1)));
  yield* TRYING.leave(ref, atomic ? 0 : 1);
  return got;
}

function* putting(ref: Ref): Op<void> {
  const { atomic } = yield* PUTTING.enter(ref);
  if (atomic) {
    const release = yield* requestAt(PUT, ref, 1);
    if (release !== null) yield* release(ref.handle);
  }
  yield* PUTTING.leave(ref, atomic ? 0 : -1);
}

/** Marks the reference dead and begins to switch it to atomic mode. */
const KILL: Kind<Flavour, [ref: Ref, confirm: percpu_ref_func_t | null], percpu_ref_func_t | null> =
  {
    name: 'percpu_ref_kill',
    access: 'write',
    extra: ({ a: ref }) => [...beginning(sched.log), modeOf(ref, true), countOf(ref)],
    perform(machine, task, { a, b: confirm, site }) {
      const ref = inUse(a.fresh());
      machine.marked(ref, 0, true, site);
      if (ref.dead) {
        const message = `percpu_ref_kill_and_confirm called more than once on ${functionName(ref.release)}!`;
        machine.complain({ check: 'percpu-refcount', message, object: ref, site });
      }
      ref.dead = true;
      if (ref.atomic) return confirm;
      ref.atomic = true;
      ref.state++;
      const begun = begin(machine, task, sched, sched.log);
      const callback = newCallback(machine, task, sched, ref);
      const steps = (): Op<void> => switching(ref, begun, callback, confirm);
      machine.spawn('ksoftirqd', steps, 'rcu');
      return null;
    },
  };

/** The grace period is over: no task uses the percpu counters any more, and their sum is final. */
const SWITCH: Kind<Ref, [begun: Begun], void> = {
  name: 'percpu_ref_switch_to_atomic_rcu',
  access: 'write',
  extra: () => ending(sched.log),
  perform(machine, _task, { object, a: begun, site }) {
    const ref = inUse(object);
    end(machine, begun);
    const counts = ref.counters?.counts ?? new Map<Task, number>();
    for (const count of counts.values()) ref.state += count;
    ref.state -= BIAS;
    counts.clear();
    if (ref.state > 0) return;
    const message = `percpu ref (${functionName(ref.release)}) <= 0 (${ref.state}) after switching to atomic`;
    machine.complain({ check: 'percpu-refcount', message, object: ref, site });
  },
};

const waiting = new Waiting('percpu_ref_switch_to_atomic_rcu');

function* switching(
  ref: Ref,
  begun: Begun,
  callback: Callback,
  confirm: percpu_ref_func_t | null,
): Op<void> {
  yield* waiting.sections(sched, begun);
  yield* requestAt(SWITCH, ref, 1, begun);
  if (confirm !== null) yield* confirm(ref.handle);
  yield* putting(ref);
  yield* request(RAN, callback);
}

function* killing(ref: Ref, confirm: percpu_ref_func_t | null): Op<void> {
  storable(confirm);
  const now = yield* request(KILL, sched, ref, confirm);
  if (now !== null) yield* now(ref.handle);
  yield* putting(ref);
}

/**
 * Takes a reference; the caller must know of another one. There is no check: a count of 0 silently becomes 1.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering none
 */
export function percpu_ref_get(ref: percpu_ref): Op<void> {
  return composite('percpu_ref_get', getting(refOf(ref)));
}

/**
 * Takes a reference unless the count is 0.
 *
 * @returns true if it took one; always so in percpu mode
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full in atomic mode when it returns true, none otherwise
 */
export function percpu_ref_tryget(ref: percpu_ref): Op<boolean> {
  return composite('percpu_ref_tryget', trying(refOf(ref), false));
}

/**
 * Takes a reference unless the count has been killed.
 *
 * @returns true if it took one, which is still possible while the kill is in progress
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full in atomic mode when it returns true, none otherwise
 */
export function percpu_ref_tryget_live(ref: percpu_ref): Op<boolean> {
  return composite('percpu_ref_tryget_live', trying(refOf(ref), true));
}

/**
 * Drops a reference. In atomic mode the last one calls the release function, inside a sched read section.
 *
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full in atomic mode; in percpu mode release, to the switch
 */
export function percpu_ref_put(ref: percpu_ref): Op<void> {
  return composite('percpu_ref_put', putting(refOf(ref)));
}

/**
 * Marks the count dead, begins the switch to atomic mode and drops the initial reference. May be called only once.
 *
 * @example
 * const ctx = struct('ctx', { users: percpu_ref });
 * function* release(ref: percpu_ref) {
 *   const it = container_of(ref, ctx, 'users');
 *   yield* percpu_ref_exit(ref);
 *   yield* kfree(it);
 * }
 * const one = yield* kzalloc(ctx, GFP_KERNEL);
 * if (one === null) return;
 * yield* percpu_ref_init(one.users, release, 0, GFP_KERNEL); // => 0
 * yield* percpu_ref_get(one.users);
 * yield* percpu_ref_tryget(one.users); // => true
 * yield* percpu_ref_put(one.users);
 * yield* percpu_ref_tryget_live(one.users); // => true
 * yield* percpu_ref_put(one.users);
 * yield* percpu_ref_is_dying(one.users); // => false
 * yield* percpu_ref_kill(one.users);
 * yield* percpu_ref_tryget_live(one.users); // => false
 * yield* percpu_ref_put(one.users);
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full
 */
export function percpu_ref_kill(ref: percpu_ref): Op<void> {
  return composite('percpu_ref_kill', killing(refOf(ref), null));
}

/**
 * percpu_ref_kill() with a function that is called, in atomic context, once percpu_ref_tryget_live() fails on every CPU.
 *
 * @example
 * const ctx = struct('ctx', { users: percpu_ref });
 * const one = DEFINE_STATIC('one', ctx);
 * const seen = DECLARE_COMPLETION('seen');
 * const gone = DECLARE_COMPLETION('gone');
 * yield* percpu_ref_init(one.users, () => complete(gone), 0, GFP_KERNEL); // => 0
 * yield* percpu_ref_kill_and_confirm(one.users, () => complete(seen));
 * yield* wait_for_completion(seen);
 * yield* wait_for_completion(gone);
 * yield* percpu_ref_is_zero(one.users); // => true
 * yield* percpu_ref_reinit(one.users);
 * yield* percpu_ref_is_zero(one.users); // => false
 * yield* percpu_ref_exit(one.users);
 * @param confirm_kill called once percpu_ref_tryget_live() fails on every CPU; may be NULL
 * @kernel include/linux/percpu-refcount.h
 * @context any; does not sleep
 * @ordering full
 * @divergence in Linux it may sleep while the reference switches to atomic mode for another reason
 */
export function percpu_ref_kill_and_confirm(
  ref: percpu_ref,
  confirm_kill: percpu_ref_func_t | null,
): Op<void> {
  return composite('percpu_ref_kill_and_confirm', killing(refOf(ref), confirm_kill));
}
