// SPDX-License-Identifier: GPL-2.0-only
/**
 * The engine under timer.ts: what arms a timer, the task that each arming gets, and what takes it off again. After
 * kernel/time/timer.c, without a clock: an armed timer may expire at any later moment.
 *
 * Each arming is an object of its own, which outlives a timer that its function frees. How often a timer expires is bounded, so
 * that one that arms itself for ever has an end: beyond the bound it is armed and stays so.
 */
import {
  type Branded,
  type Embeddable,
  embeddable,
  type Handle,
  type Kind,
  type Machine,
  type MachineObject,
  makeHandle,
  onCpu,
  type Op,
  request,
  SyncObject,
  type Task,
  writing,
} from '../machine';
import { notBefore } from './jiffies';
import { hold, reads } from './workqueue-core';

/** Calls a function later, in softirq context. Embed it as `watchdog_timer: timer_list`. @kernel include/linux/timer.h */
export interface timer_list extends Branded<'timer_list', Timer> {}

/** What a timer does when it expires. It may arm the timer again, or free it. @kernel include/linux/timer.h */
export type timer_func_t = (timer: timer_list) => Op<unknown>;

/** States of an arming. */
const ARMED = 0;
const RUNS = 1;
const OVER = 2;
const CANCELLED = 3;

/** One arming of a timer: its state says whether it is armed, running, over or cancelled. */
export class Arming extends SyncObject {
  readonly handle: Handle = makeHandle(this);

  constructor(readonly timer: Expiring) {
    super();
  }

  get typeName(): string {
    return this.timer.typeName;
  }

  override get named(): MachineObject {
    return this.timer;
  }

  override get label(): string {
    return this.timer.label;
  }

  get lockClass(): string {
    return this.timer.lockClass;
  }
}

/** What happens in the step in which a timer expires, in place of a call. */
export interface AtOnce {
  /** What that touches beside the timer. */
  readonly extra: () => readonly number[];
  readonly perform: (machine: Machine, task: Task, site: string) => void;
}

/** What expires later: a timer of either kind. State: 1 while it is armed. */
export abstract class Expiring extends SyncObject {
  /** The name of its function. */
  abstract readonly hintText: string;
  /** What carries out its function. */
  abstract readonly comm: string;
  abstract readonly context: 'softirq' | 'hardirq';
  /** Lockdep sees what waits for the function as wanting a lock that the function holds. */
  abstract readonly mapped: boolean;
  atOnce: AtOnce | null = null;
  /** The arming that may expire; null also where the timer is armed but has expired as often as it may. */
  arming: Arming | null = null;
  /** The last that has expired. */
  running: Arming | null = null;
  expired = 0;
  expires = 0;
  shut = false;

  /** Runs its function; true if it arms itself again. */
  abstract call(): Op<boolean>;

  /** The kernel's message where its function has left preemption off; null where it does not look. */
  abstract leak(count: string): string | null;

  /** What a scenario calls it: the member, or the static. That of a delayed work is called as the work is. */
  get name(): string {
    const { container } = this;
    return container?.typeName === 'delayed_work' ? container.member : this.member;
  }

  get lockClass(): string {
    const { container, member } = this;
    return `(&${container === null ? this.label : `${container.typeName}->${member}`})`;
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.begin();
  }

  /** Not armed, and as if it had never been. */
  protected begin(): void {
    this.state = 0;
    this.active = this.hint = '';
    this.arming = this.running = this.atOnce = null;
    this.expired = this.expires = 0;
    this.shut = false;
  }
}

/** A timer of timer_setup(). */
export class Timer extends Expiring {
  readonly typeName = 'timer_list';
  readonly handle: timer_list = makeHandle(this);
  readonly comm = 'ksoftirqd';
  readonly context = 'softirq';
  readonly mapped = true;
  func: timer_func_t | null = null;
  /** For a static: what its function is at first. */
  initial: timer_func_t | null = null;

  get hintText(): string {
    return this.func?.name ?? 'delayed_work_timer_fn';
  }

  *call(): Op<boolean> {
    if (this.func !== null) yield* this.func(this.handle);
    return false;
  }

  leak(count: string): string {
    return `timer: ${this.func?.name ?? ''} preempt leak: 00000100 -> ${count}`;
  }

  init(func: timer_func_t | null, atOnce: AtOnce | null = null): void {
    this.begin();
    this.initialised = true;
    this.func = func;
    this.atOnce = atOnce;
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.func = null;
  }

  protected override reset(): void {
    super.reset();
    this.init(this.initial);
    this.initialised = this.initial !== null;
  }
}

/** Type of a timer member of a structure. Unusable until timer_setup() has run on it. */
export const timer_list: Embeddable<timer_list> = embeddable('timer_list', () => new Timer());

const writes = ({ base }: MachineObject): number => writing(base);

/** debug_assert_init() */
export function assertInit(machine: Machine, timer: Expiring, site: string): boolean {
  if (timer.fresh().initialised) return true;
  const message = `ODEBUG: assert_init not available (active state 0) object: ${timer.label} object type: ${timer.typeName} hint: 0x0`;
  machine.complain({ check: 'warn', message, object: timer, site });
  return false;
}

/** Arms a timer that is not armed. The step must write it. */
export function arm(machine: Machine, task: Task, timer: Expiring, expires: number): void {
  timer.expires = expires;
  timer.state = 1;
  timer.active = timer.typeName;
  timer.hint = timer.hintText;
  machine.release(task, timer, true);
  if (machine.hasExpired(timer.name, timer.expired)) return;
  const arming = new Arming(timer);
  machine.settle(arming, task);
  timer.arming = arming;
  const { running } = timer;
  machine.spawn(timer.comm, () => expiry(arming, running), timer.context);
}

/** Takes an armed timer off. The step must write it, and what disarming() names. */
export function disarm(timer: Expiring): void {
  if (timer.arming !== null) timer.arming.state = CANCELLED;
  timer.arming = null;
  timer.state = 0;
  timer.active = timer.hint = '';
}

/** What disarm() touches beside the timer. */
export function disarming({ arming }: Expiring): readonly number[] {
  return arming === null ? [] : [writes(arming)];
}

const EXPIRE: Kind<Arming, [], boolean> = {
  name: 'call_timer_fn',
  access: 'write',
  extra({ object }) {
    const { state, timer } = object;
    return state === ARMED ? [writes(timer), ...(timer.atOnce?.extra() ?? [])] : [];
  },
  perform(machine, task, { object: arming, site }) {
    if (arming.state === CANCELLED) return false;
    const { timer } = arming;
    machine.marked(timer, 0, true, site);
    machine.acquire(task, timer);
    notBefore(task, timer.expires);
    disarm(timer);
    arming.state = RUNS;
    timer.running = arming;
    timer.expired++;
    hold(machine, task, arming, site);
    timer.atOnce?.perform(machine, task, site);
    return true;
  },
};

/** preempt_count() of a task in softirq context, in which it counts 0x100, as messages print it. */
export function softirqCount({ atomicDepth }: Task): string {
  return (0xff + atomicDepth).toString(16).padStart(8, '0');
}

/** The function has returned; one that says so is armed again, unless it is armed already. */
const RETURN: Kind<Arming, [again: boolean], void> = {
  name: 'call_timer_fn',
  access: 'write',
  extra: ({ object, a: again }) => (again ? [writes(object.timer)] : []),
  perform(machine, task, { object: arming, a: again, site }) {
    const { timer } = arming;
    machine.droppedLock(task, arming, site);
    const message = task.atomicDepth === 1 ? null : timer.leak(softirqCount(task));
    if (message !== null) machine.complain({ check: 'warn', message, object: null, site });
    arming.state = OVER;
    machine.release(task, arming);
    if (again && timer.fresh().state === 0) arm(machine, task, timer, timer.expires);
  },
};

function waiting(name: string): Kind<Arming, [], void> {
  return {
    name,
    access: 'read',
    enabled: (state) => state >= OVER,
    perform: (machine, task, { object }) => machine.acquire(task, object),
  };
}

const WAIT_TURN = waiting('call_timer_fn');

/** The task of an arming. A timer's function never runs twice at a time. */
function* expiry(arming: Arming, before: Arming | null): Op<void> {
  if (before !== null) yield* request(WAIT_TURN, before);
  yield* onCpu(expires(arming));
}

function* expires(arming: Arming): Op<void> {
  if (!(yield* request(EXPIRE, arming))) return;
  const again = yield* arming.timer.call();
  yield* request(RETURN, arming, again);
}

/** What taking a timer off has found. */
export interface Deleted {
  /** Whether it was armed. */
  readonly pending: boolean;
  /** The function that runs, in whose way nothing was done. */
  readonly runs: Arming | null;
}

/** How a timer is taken off. */
export interface DeleteOptions {
  /** Not while its function runs. */
  readonly sync: boolean;
  /** For good: it cannot be armed again. */
  readonly shut: boolean;
}

/** A way to disarm a timer; lockdep sees one that waits for the timer's function. */
export function deleter(
  name: string,
  { sync, shut }: DeleteOptions,
  waits = sync,
): Kind<Expiring, [], Deleted> {
  return {
    name,
    access: 'write',
    extra: ({ object: timer }) => [
      ...disarming(timer),
      ...(sync && timer.running !== null ? [reads(timer.running)] : []),
    ],
    announce(machine, task, { object, site }) {
      if (!waits || !object.mapped) return;
      const how = { type: 'map', read: false, trylock: false, subclass: 0, site } as const;
      machine.wantLock(task, object, how);
    },
    perform(machine, task, { object: timer, site }) {
      if (!assertInit(machine, timer, site)) return { pending: false, runs: null };
      if (shut) timer.shut = true;
      const { running } = timer;
      if (sync && running?.state === RUNS) return { pending: false, runs: running };
      if (sync && running !== null) machine.acquire(task, running);
      const pending = timer.state === 1;
      if (pending) disarm(timer);
      return { pending, runs: null };
    },
  };
}

/** Takes a timer off: 1 if it was armed, 0 if not, -1 if its function runs and is in the way. */
export function* deleteOnce(kind: Kind<Expiring, [], Deleted>, timer: Expiring): Op<number> {
  const { pending, runs } = yield* request(kind, timer);
  if (runs !== null) return -1;
  return pending ? 1 : 0;
}

/** Takes a timer off, and waits for its function if it runs: that may arm it again, and then it is taken off after. */
export function* deleteSync(kind: Kind<Expiring, [], Deleted>, timer: Expiring): Op<number> {
  const wait: ReturnType<typeof waiting> = { ...waiting(kind.name), spins: true };
  for (;;) {
    const { pending, runs } = yield* request(kind, timer);
    if (runs === null) return pending ? 1 : 0;
    yield* request(wait, runs);
  }
}
