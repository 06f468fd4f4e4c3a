// SPDX-License-Identifier: GPL-2.0-only
/**
 * The engine of rcupdate.ts and srcu.ts: read sections, grace periods and callbacks of a domain, which is a flavour of RCU or an
 * srcu_struct.
 *
 * Every read section is an object with one location, which is written when the section ends. A grace period writes its domain's
 * object when it begins. This fixes the sections to wait for, and the grace period then waits for them one by one. Beginning a
 * section only reads the domain's object, so readers commute, and every wait is for an object that changes once.
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
  SyncObject,
  type Task,
  writing,
  reading,
} from '../machine';

/** One read section, from the outermost lock to its unlock; state 1 after its end. */
export class Section extends SyncObject {
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

/** A queued callback; state 1 after it has run. */
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

/** The steps at which a grace period began and ended. */
export interface GracePeriod {
  /** The step it began at. */
  readonly start: number;
  /** The step it ended at, or null while it lasts. */
  end: number | null;
}

/** A task's sections of one domain. */
interface Reader {
  depth: number;
  open: Section | null;
  /** How many it has begun. */
  count: number;
  /** The sections that are over for this task: its own, and those it has waited for. */
  readonly over: Set<Section>;
}

/** The begins and ends of grace periods. It has its own location, so that readers do not depend on it. */
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

/** Read sections that grace periods wait for. Every grace period writes its location when it begins. */
export abstract class Domain extends SyncObject {
  sections: Section[] = [];
  callbacks: Callback[] = [];
  #readers = new WeakMap<Task, Reader>();

  /** A read section of it that a task is in, as messages call it; null if the task is in none. */
  abstract sectionOf(task: Task): string | null;

  /** Faults if nobody may use it. */
  assertUsable(): void {
    // A flavour always is.
  }

  protected override reset(): void {
    super.reset();
    this.begin();
  }

  /** Nobody has read yet. */
  protected begin(): void {
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

  /** A section that a task begins. */
  opened(machine: Machine, task: Task): Section {
    const section = new Section(task, this.readerOf(task).count++);
    machine.settle(section, task);
    this.sections.push(section);
    machine.acquire(task, this);
    return section;
  }

  /** Ends a section of a task. The step must write the section. */
  close(machine: Machine, task: Task, section: Section): void {
    section.state = 1;
    this.readerOf(task).over.add(section);
    machine.release(task, section);
  }

  /** The sections that a grace period beginning now must wait for, in an order that does not depend on the execution. */
  toWaitFor(task: Task): readonly Section[] {
    const { over } = this.readerOf(task);
    return this.sections
      .filter((section) => !over.has(section))
      .sort((a, b) => a.reader.id - b.reader.id || a.nth - b.nth);
  }
}

/** One flavour of RCU. */
export class Flavour extends Domain {
  readonly typeName = 'rcu_state';
  readonly handle: Handle = makeHandle(this);
  readonly log: Log;

  constructor(
    /** The function that begins a section, for reports of held locks. */
    name: string,
    /** Whether a section forbids preemption. */
    readonly atomic: boolean,
  ) {
    super();
    this.makeStatic(name);
    this.log = new Log().makeStatic(`${name}_log`);
  }

  sectionOf(task: Task): string | null {
    if (this.readerOf(task).depth === 0) return null;
    return this.atomic ? 'RCU-sched' : 'RCU';
  }

  override get named(): null {
    return null;
  }

  /** How many grace periods had to elapse: the least number that serves all, if overlapping ones are merged. */
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

/** The task enters a section; entering the outermost one reads the flavour's location. */
export function inside(machine: Machine, task: Task, flavour: Flavour, site: string): void {
  const reader = flavour.readerOf(task);
  if (reader.depth++ === 0) {
    reader.open = flavour.opened(machine, task);
    machine.tookLock(task, flavour, { object: flavour, type: 'rcu', read: true, site });
  }
  if (flavour.atomic) task.atomicDepth++;
  else task.rcuDepth++;
}

/** The task leaves a section; leaving the outermost one writes the section's location. */
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
  flavour.close(machine, task, reader.open);
  reader.open = null;
}

/** Normal RCU: a reader may be preempted. */
export const rcu = new Flavour('rcu_read_lock', false);
/** The sched flavour: a reader runs with preemption off. */
export const sched = new Flavour('rcu_read_lock_sched', true);

/** The operations that begin and end a section: outermost ones, and nested ones, which touch nothing. */
export interface SectionKinds {
  readonly lock: (task: Task) => Op<void>;
  readonly unlock: (task: Task) => Op<void>;
}

/** Makes these operations. */
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

/** What a grace period knows from its beginning. */
export interface Begun {
  readonly sections: readonly Section[];
  readonly period: GracePeriod;
}

/**
 * Begins a grace period, which waits for all sections that began before and may not be over. One that counts is logged; its step must
 * write the log.
 */
export function begin(machine: Machine, task: Task, domain: Domain, log: Log | null): Begun {
  fence(machine, task, FULL); // waiting for a grace period implies a full barrier before and after it
  machine.release(task, domain, true);
  // Set-up code comes before everything else, and its steps are numbered separately.
  const start = task.id === 0 && !task.done ? 0 : machine.steps;
  const period: GracePeriod = { start, end: null };
  log?.fresh().periods.push(period);
  return { sections: domain.toWaitFor(task), period };
}

/** The locations that beginning a grace period touches besides its domain. */
export function beginning(log: Log | null): readonly number[] {
  return log === null ? [] : [at(log, true)];
}

/** Ends a grace period. If it is logged, the step must read the log. */
export function end(machine: Machine, { period }: Begun): void {
  fence(machine, machine.task, FULL);
  period.end = machine.steps;
}

/** The locations that ending a grace period touches. */
export function ending(log: Log | null): readonly number[] {
  return log === null ? [] : [at(log, false)];
}

/** Waits, under the name of the waiting operation. */
export class Waiting {
  readonly #section: Kind<Section, [domain: Domain], void>;
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
      perform(machine, task, { object: section, a: domain }) {
        machine.acquire(task, section);
        domain.readerOf(task).over.add(section);
      },
    };
  }

  /** Waits until all sections of a grace period have ended. */
  *sections(domain: Domain, { sections }: Begun): Op<void> {
    for (const section of sections) {
      yield* request(this.#section, section, domain);
    }
  }

  /** Waits until the callbacks have run. */
  *callbacks(callbacks: readonly Callback[]): Op<void> {
    for (const callback of callbacks) yield* request(this.#callback, callback);
  }
}

/** Makes the object that records whether a callback has run; `about` is its rcu_head. */
export function newCallback(
  machine: Machine,
  task: Task,
  domain: Domain,
  about: MachineObject,
): Callback {
  const callback = new Callback(about);
  machine.settle(callback, task);
  domain.callbacks.push(callback);
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
