// SPDX-License-Identifier: GPL-2.0-only
/**
 * The engine under rcupdate.ts: read sections, grace periods, callbacks, for each of two flavours.
 *
 * Every read section is an object of its own with one location, written when the section ends. A grace period writes its
 * flavour's object when it begins, which fixes the sections it waits for, and then waits for them one by one. Beginning a
 * section only reads that object, so readers commute, and every wait is for one object that changes once.
 */
import {
  fence,
  FULL,
  type Handle,
  type Kind,
  type Machine,
  makeHandle,
  type MachineObject,
  type Op,
  request,
  type Request,
  SyncObject,
  type Task,
  writing,
  reading,
} from '../machine';

/** One read section, from the outermost lock to its unlock; state 1 once it has ended. */
class Section extends SyncObject {
  readonly typeName = 'rcu_read_section';
  readonly handle: Handle = makeHandle(this);

  constructor(
    readonly reader: Task,
    readonly nth: number,
  ) {
    super();
  }

  override get named(): null {
    return null;
  }
}

/** A callback that was queued; state 1 once it has run. */
export class Callback extends SyncObject {
  readonly typeName = 'rcu_callback';
  readonly handle: Handle = makeHandle(this);

  constructor(readonly head: MachineObject) {
    super();
  }

  override get named(): MachineObject {
    return this.head;
  }
}

/** When a grace period began and ended, in steps of the execution. */
export interface GracePeriod {
  /** The step it began at. */
  readonly start: number;
  /** The step it ended at, or null while it lasts. */
  end: number | null;
}

/** A task's sections of one flavour. */
interface Reader {
  depth: number;
  open: Section | null;
  count: number;
  /** Sections that are over for this task: its own, and those it has waited for. */
  readonly over: Set<Section>;
}

/** When grace periods begin and end. A location of its own: readers do not care. */
export class Log extends SyncObject {
  readonly typeName = 'rcu_log';
  readonly handle: Handle = makeHandle(this);
  periods: GracePeriod[] = [];

  override get named(): null {
    return null;
  }

  protected override reset(): void {
    super.reset();
    this.periods = [];
  }
}

/** One flavour of RCU. Its location is written by every grace period that begins. */
export class Flavour extends SyncObject {
  readonly typeName = 'rcu_state';
  readonly handle: Handle = makeHandle(this);
  readonly log: Log;
  sections: Section[] = [];
  callbacks: Callback[] = [];
  #readers = new WeakMap<Task, Reader>();

  constructor(
    /** The function that begins a section: what reports of held locks show. */
    name: string,
    /** Whether being in a section forbids preemption. */
    readonly atomic: boolean,
  ) {
    super();
    this.makeStatic(name);
    this.log = new Log().makeStatic(`${name}_log`);
  }

  override get named(): null {
    return null;
  }

  protected override reset(): void {
    super.reset();
    this.sections = [];
    this.callbacks = [];
    this.#readers = new WeakMap();
  }

  readerOf(task: Task): Reader {
    let reader = this.#readers.get(task);
    if (reader === undefined) {
      reader = { depth: 0, open: null, count: 0, over: new Set() };
      this.#readers.set(task, reader);
    }
    return reader;
  }

  /** The sections a grace period that begins now waits for, in an order that does not depend on the execution. */
  toWaitFor(task: Task): readonly Section[] {
    const { over } = this.readerOf(task);
    return this.sections
      .filter((section) => !over.has(section))
      .sort((a, b) => a.reader.id - b.reader.id || a.nth - b.nth);
  }

  /** Grace periods that had to elapse: the fewest that serve all, where those that overlapped may have been one. */
  elapsed(): number {
    const ended = this.log.fresh().periods.filter(({ end }) => end !== null);
    ended.sort((a, b) => (a.end ?? 0) - (b.end ?? 0));
    let count = 0;
    let last = -1;
    for (const { start, end } of ended) {
      if (start <= last) continue;
      count++;
      last = end ?? last;
    }
    return count;
  }
}

/** The task enters a section; an outermost one reads the flavour's location. */
export function inside(machine: Machine, task: Task, flavour: Flavour, site: string): void {
  const reader = flavour.readerOf(task);
  if (reader.depth++ === 0) {
    const section = new Section(task, reader.count++);
    machine.settle(section, task);
    reader.open = section;
    flavour.sections.push(section);
    machine.acquire(task, flavour);
    machine.tookLock(task, flavour, { object: flavour, type: 'rcu', read: true, site });
  }
  if (flavour.atomic) task.atomicDepth++;
  else task.rcuDepth++;
}

/** The task leaves a section; an outermost one writes the section's location. */
export function outside(machine: Machine, task: Task, flavour: Flavour, site: string): void {
  const reader = flavour.readerOf(task);
  if (reader.depth === 0) {
    machine.droppedLock(task, flavour, site); // the detectors see that nothing was held
    return;
  }
  if (flavour.atomic) task.atomicDepth--;
  else task.rcuDepth--;
  if (--reader.depth > 0 || reader.open === null) return;
  machine.droppedLock(task, flavour, site);
  reader.open.state = 1;
  reader.over.add(reader.open);
  machine.release(task, reader.open);
  reader.open = null;
}

/** Normal RCU: a reader may be preempted. */
export const rcu = new Flavour('rcu_read_lock', false);
/** The sched flavour: a reader is a region with preemption off. */
export const sched = new Flavour('rcu_read_lock_sched', true);

/** The operations that begin and end a section, under their names: outermost ones, and inner ones that touch nothing. */
export interface SectionKinds {
  readonly lock: (task: Task) => Op<void>;
  readonly unlock: (task: Task) => Op<void>;
}

/** Makes them. */
export function sectionKinds(flavour: Flavour, lock: string, unlock: string): SectionKinds {
  type Section = Kind<SyncObject, [], void>;
  const enter: Section['perform'] = (machine, task, { site }) => {
    inside(machine, task, flavour, site);
  };
  const leave: Section['perform'] = (machine, task, { site }) => {
    outside(machine, task, flavour, site);
  };
  const first: Section = { name: lock, access: 'read', perform: enter };
  const nested: Section = { name: lock, access: 'none', perform: enter };
  const last: Section = { name: unlock, access: 'write', perform: leave };
  const inner: Section = { name: unlock, access: 'none', perform: leave };
  return {
    lock: (task) => request(flavour.readerOf(task).depth === 0 ? first : nested, flavour),
    unlock(task) {
      const { depth, open } = flavour.readerOf(task);
      return depth === 1 && open !== null ? request(last, open) : request(inner, flavour);
    },
  };
}

const at = ({ base }: MachineObject, write: boolean): number =>
  write ? writing(base) : reading(base);

/** What a grace period knows from its beginning on. */
export interface Begun {
  readonly sections: readonly Section[];
  readonly period: GracePeriod;
}

/**
 * A grace period begins: all sections that have begun before and may not be over are waited for. One that does not count is in no
 * log; the step of one that does must write it.
 */
export function begin(machine: Machine, task: Task, flavour: Flavour, counts = true): Begun {
  fence(machine, task, FULL); // who waits for a grace period passes a full barrier before it and one behind it
  machine.release(task, flavour, true);
  // Set-up code, whose steps are numbered apart, comes before everything else.
  const start = task.id === 0 && !task.done ? 0 : machine.steps;
  const period: GracePeriod = { start, end: null };
  if (counts) flavour.log.fresh().periods.push(period);
  return { sections: flavour.toWaitFor(task), period };
}

/** What beginning a grace period touches beside its flavour. */
export function beginning(flavour: Flavour): readonly number[] {
  return [at(flavour.log, true)];
}

/** Ends a grace period; if it counts, the step must read the flavour's log. */
export function end(machine: Machine, { period }: Begun): void {
  fence(machine, machine.task, FULL);
  period.end = machine.steps;
}

/** What ending a grace period touches. */
export function ending(flavour: Flavour): readonly number[] {
  return [at(flavour.log, false)];
}

/** Waiting, under the name of the operation that waits. */
export class Waiting {
  readonly #section: Kind<Section, [flavour: Flavour], void>;
  readonly #callback: Kind<Callback, [], void>;

  constructor(readonly name: string) {
    const ended = (state: number): boolean => state === 1;
    this.#callback = {
      name,
      access: 'read',
      enabled: ended,
      perform: (machine, task, { object }) => machine.acquire(task, object),
    };
    this.#section = {
      name,
      access: 'read',
      enabled: ended,
      perform(machine, task, { object: section, a: flavour }) {
        machine.acquire(task, section);
        flavour.readerOf(task).over.add(section);
      },
    };
  }

  /** Waits until all sections of a grace period have ended. */
  *sections(flavour: Flavour, { sections }: Begun): Op<void> {
    for (const section of sections) {
      yield* request(this.#section, section, flavour);
    }
  }

  /** Waits until the callbacks have run. */
  *callbacks(callbacks: readonly Callback[]): Op<void> {
    for (const callback of callbacks) yield* request(this.#callback, callback);
  }
}

/** Makes the object that remembers whether a callback has run; `about` is what it was queued with. */
export function newCallback(
  machine: Machine,
  task: Task,
  flavour: Flavour,
  about: MachineObject,
): Callback {
  const callback = new Callback(about);
  machine.settle(callback, task);
  flavour.callbacks.push(callback);
  return callback;
}

/** Marks the callback as run. */
export const RAN: Kind<Callback, [], void> = {
  name: 'rcu_do_batch',
  access: 'write',
  perform(machine, task, { object }) {
    object.state = 1;
    machine.release(task, object);
  },
};

/** Complains when the task is in a read section of the flavour. */
export function notInside(
  flavour: Flavour,
  machine: Machine,
  task: Task,
  { name, site }: Request,
): void {
  if (flavour.readerOf(task).depth === 0) return;
  const kind = flavour.atomic ? 'RCU-sched' : 'RCU';
  const message = `Illegal ${name}() in ${kind} read-side critical section`;
  machine.complain({ check: 'rcu', message, object: null, site });
}
