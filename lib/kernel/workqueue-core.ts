// SPDX-License-Identifier: GPL-2.0-only
/**
 * The engine of workqueue.ts: works, queues, and the kworker task of each queued instance. After kernel/workqueue.c.
 *
 * A work counts its runs in a separate object, which outlives a work that its function frees. The count is 2n after n runs, and 2n
 * + 1 during the next. A task that waits for an instance, or for its turn, waits for the count to grow.
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
  objectOf,
  type Op,
  reading,
  request,
  SyncObject,
  type Task,
  writing,
  functionName,
} from '../machine';

/** Something that a kworker does later. Embed it as `remove_work: work_struct`. @kernel include/linux/workqueue.h */
export interface work_struct extends Branded<'work_struct', Work> {}

/** A queue of works, which kworkers carry out in process context. @kernel include/linux/workqueue.h */
export interface workqueue_struct extends Branded<'workqueue_struct', Workqueue> {}

/** The function of a work. It may free the work, or queue it again. @kernel include/linux/workqueue.h */
export type work_func_t = (work: work_struct) => Op<unknown>;

export const PENDING = 1;
/** cancel_work_sync() is waiting, so the work cannot be queued. */
export const CANCELING = 2;
/** disable_work() keeps it from being queued. */
export const DISABLED = 4;

/** The rounds after which Linux begins to complain that a queue does not become empty. */
export const DRAIN_ROUNDS = 10;

/** The count of a work's runs. */
export class Runs extends SyncObject {
  readonly typeName = 'worker';
  readonly handle: Handle = makeHandle(this);
  work: Work | null = null;

  override get named(): MachineObject | null {
    return this.work;
  }
}

/** One queueing of a work. */
export interface Instance {
  readonly wq: Workqueue;
  readonly work: Work;
  readonly runs: Runs;
  /** Which run of the work it is. */
  readonly nth: number;
  /** Its place in a queue that limits how many run. */
  readonly ticket: number;
  /** The number of the task that runs it, the same in every execution. */
  kworker: number;
  cancelled: boolean;
}

/** State: PENDING, CANCELING and DISABLED. */
export class Work extends SyncObject {
  readonly typeName = 'work_struct';
  readonly handle: work_struct = makeHandle(this);
  func: work_func_t | null = null;
  runs: Runs | null = null;
  /** How often it was queued, and the last instance. */
  queued = 0;
  last: Instance | null = null;
  /** How often it is disabled. */
  disabled = 0;
  /** The initial function of a static work. */
  initial: { readonly func: work_func_t; readonly runs: Runs } | null = null;

  get lockClass(): string {
    const { container, member } = this;
    const name = container === null ? this.label : `${container.typeName}->${member}`;
    return `(work_completion)(&${name})`;
  }

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.func = this.runs = this.last = null;
    this.queued = this.disabled = 0;
  }

  /** Ready to be queued. */
  init(func: work_func_t, runs: Runs): void {
    this.state = 0;
    this.initialised = true;
    this.func = func;
    this.runs = runs;
    runs.work = this;
    this.queued = this.disabled = 0;
    this.last = null;
    this.active = this.hint = '';
  }

  protected override reset(): void {
    super.reset();
    if (this.initial !== null) this.init(this.initial.func, this.initial.runs);
  }
}

/** Type of a work member of a structure. Unusable until INIT_WORK() has run on it. */
export const work_struct: Embeddable<work_struct> = embeddable('work_struct', () => new Work());

/** A limit from which a queue is treated as unlimited. */
const UNLIMITED = 32;

/** State: the number of finished instances, if the queue has a limit. Its second location is the list of instances. */
export class Workqueue extends SyncObject {
  readonly typeName = 'workqueue_struct';
  readonly handle: workqueue_struct = makeHandle(this);
  instances: Instance[] = [];
  tickets = 0;
  /** Only the queue's own kworkers may queue works. */
  draining = false;
  /** A scenario wants works to run one at a time, whatever the queue allows. */
  oneAtATime = false;

  constructor(
    readonly name: string,
    readonly maxActive: number,
  ) {
    super();
  }

  override get size(): number {
    return 2;
  }

  override get label(): string {
    return this.name;
  }

  get lockClass(): string {
    return `(wq_completion)${this.name}`;
  }

  /** How many instances may run at a time; 0 for no limit. */
  get slots(): number {
    if (this.fresh().oneAtATime) return 1;
    return this.maxActive < UNLIMITED ? this.maxActive : 0;
  }

  get limited(): boolean {
    return this.slots > 0;
  }

  protected override reset(): void {
    super.reset();
    this.instances = [];
    this.tickets = 0;
    this.draining = false;
    this.oneAtATime = false;
  }

  /** What adding an instance touches. The order matters only to tasks that wait for their turn, or for all instances. */
  get adding(): number {
    return this.limited ? writing(this.base + 1) : reading(this.base + 1);
  }
}

/** The instance each kworker runs. */
const running = new WeakMap<Task, Instance>();

const writes = ({ base }: MachineObject): number => writing(base);
export const reads = ({ base }: MachineObject): number => reading(base);

/** Waits for its turn in a queue with a limit: instances begin in the order of queueing. */
const BEGIN: Kind<Workqueue, [instance: Instance], void> = {
  name: 'worker_thread',
  access: 'read',
  enabled: (over, _task, { a }) => {
    const { ticket, wq } = a;
    return over >= ticket + 1 - wq.slots;
  },
  perform: (machine, task, { object }) => machine.acquire(task, object),
};

const LEAVE: Kind<Workqueue, [], void> = {
  name: 'worker_thread',
  access: 'write',
  perform(machine, task, { object: wq }) {
    wq.state++;
    machine.release(task, wq, true);
  },
};

/** Tells lockdep that the task may have to wait for code that runs with this map held. */
export function wantMap(machine: Machine, task: Task, map: SyncObject, site: string): void {
  const how = { type: 'map', read: false, trylock: false, subclass: 0, site } as const;
  machine.wantLock(task, map, how);
}

/** Tells lockdep that what runs holds this map. */
export function hold(machine: Machine, task: Task, map: SyncObject, site: string): void {
  wantMap(machine, task, map, site);
  machine.tookLock(task, map, { object: map, type: 'map', read: false, site });
}

/** Begins to run after the work's earlier runs are over. PENDING is cleared before the function is called. */
const RUN: Kind<Runs, [instance: Instance], work_func_t | null> = {
  name: 'process_one_work',
  access: 'write',
  enabled: (runs, _task, { a }) => runs === 2 * a.nth,
  extra: ({ a }) => [writes(a.work)],
  perform(machine, task, { object: runs, a: instance, site }) {
    const { work, wq } = instance;
    machine.acquire(task, runs);
    if (instance.cancelled) {
      runs.state += 2;
      machine.release(task, runs);
      return null;
    }
    runs.state++;
    machine.marked(work, 0, true, site);
    machine.acquire(task, work);
    work.state &= ~PENDING;
    const { func } = work;
    work.active = work.hint = '';
    running.set(task, instance);
    hold(machine, task, wq, site);
    hold(machine, task, work, site);
    return func;
  },
};

const DONE: Kind<Runs, [instance: Instance, workfn: string], void> = {
  name: 'process_one_work',
  access: 'write',
  perform(machine, task, { object, a, b, site }) {
    const { work, wq } = a;
    machine.droppedLock(task, work, site);
    machine.droppedLock(task, wq, site);
    if (task.held.length > 0 || task.atomicDepth > 0 || task.rcuDepth > 0) {
      const message = `BUG: workqueue leaked atomic, lock or RCU: ${task.comm}[${task.pid}] preempt=${task.atomicDepth} lock=0->${task.held.length} RCU=0->${task.rcuDepth} workfn=${b}`;
      machine.complain({ check: 'workqueue', message, object: null, site });
    }
    running.delete(task);
    object.state++;
    machine.release(task, object);
  },
};

function* kworker(instance: Instance): Op<void> {
  const { wq, work, runs } = instance;
  if (wq.limited) yield* request(BEGIN, wq, instance);
  const func = yield* request(RUN, runs, instance);
  if (!instance.cancelled) {
    if (func === null) throw new TypeError("Cannot read properties of null (reading 'func')");
    yield* func(work.handle);
    yield* request(DONE, runs, instance, functionName(func));
  }
  if (wq.limited) yield* request(LEAVE, wq);
}

/** Puts a work that is marked PENDING on a queue. The step must touch wq.adding and write the work. */
export function insert(
  machine: Machine,
  task: Task,
  wq: Workqueue,
  work: Work,
  site: string,
): void {
  wq.fresh();
  const { runs } = work;
  if (runs === null) {
    complainOf(machine, 'queue_work', work, site);
    return;
  }
  if (wq.draining && running.get(task)?.wq !== wq) {
    const message = `workqueue: cannot queue ${functionName(work.func)} on wq ${wq.name}`;
    machine.complain({ check: 'workqueue', message, object: wq, site });
    return;
  }
  work.active = 'work_struct';
  work.hint = functionName(work.func);
  const nth = work.queued++;
  const ticket = wq.tickets++;
  const instance = { wq, work, runs, nth, ticket, kworker: 0, cancelled: false };
  work.last = instance;
  wq.instances.push(instance);
  instance.kworker = machine.spawn(`kworker/${wq.name}`, () => kworker(instance), 'workqueue').id;
}

/** Complains of a work without a function: nobody can run it, or wait for it. */
export function complainOf(machine: Machine, name: string, work: Work, site: string): void {
  const message = `${name}() of ${work.label}, which was never initialised`;
  machine.complain({ check: 'workqueue', message, object: work, site });
}

/** The object of a queue's handle. */
export function workqueueOf(wq: workqueue_struct): Workqueue {
  return objectOf(wq);
}
