// SPDX-License-Identifier: GPL-2.0-only
/**
 * SRCU for litmus tests: sections that any thread may end, by the index that began them, and grace periods that wait for them.
 * After include/linux/srcu.h. Every section is an object of its own, as those of RCU are; see lib/kernel/rcu-state.ts.
 */
import {
  fence,
  FULL,
  type Handle,
  type Kind,
  type Machine,
  makeHandle,
  type Op,
  request,
  SyncObject,
  type Task,
} from '../../lib/machine';

/** A section; state 1 once it has ended. */
class Section extends SyncObject {
  readonly typeName = 'srcu_section';
  readonly handle: Handle = makeHandle(this);

  constructor(readonly index: number) {
    super();
  }
}

/** An srcu_struct. Its location is written by every grace period that begins. */
export class Domain extends SyncObject {
  readonly typeName = 'srcu_struct';
  readonly handle: Handle = makeHandle(this);
  readonly #sections = new Map<number, Section>();
  readonly #counts = new Map<Task, number>();

  constructor(machine: Machine) {
    super();
    machine.settle(this, machine.task);
  }

  /** Begins a section; gives its index. */
  begin(machine: Machine, task: Task): number {
    const nth = this.#counts.get(task) ?? 0;
    this.#counts.set(task, nth + 1);
    const section = new Section(task.id * 1000 + nth);
    machine.settle(section, task);
    this.#sections.set(section.index, section);
    machine.acquire(task, this);
    return section.index;
  }

  /** The open section with an index; undefined if there is none. */
  open(index: number): Section | undefined {
    const section = this.#sections.get(index);
    return section?.state === 0 ? section : undefined;
  }

  /** All sections, in an order that does not depend on the execution. */
  get sections(): readonly Section[] {
    return [...this.#sections.values()].sort((a, b) => a.index - b.index);
  }
}

const BEGIN: Kind<Domain, [], number> = {
  name: 'srcu_read_lock',
  access: 'read',
  perform: (machine, task, { object }) => object.begin(machine, task),
};

const END: Kind<Section, [], void> = {
  name: 'srcu_read_unlock',
  access: 'write',
  perform(machine, task, { object: section }) {
    section.state = 1;
    machine.release(task, section);
    machine.log?.leftSrcu(task.id);
  },
};

const START_WAITING: Kind<Domain, [], readonly Section[]> = {
  name: 'synchronize_srcu',
  access: 'write',
  perform(machine, task, { object: domain }) {
    fence(machine, task, FULL);
    machine.release(task, domain, true);
    return domain.sections;
  },
};

const WAIT: Kind<Section, [], void> = {
  name: 'synchronize_srcu',
  access: 'read',
  enabled: (state) => state === 1,
  perform: (machine, task, { object }) => machine.acquire(task, object),
};

const STOP_WAITING: Kind<null, [], void> = {
  name: 'synchronize_srcu',
  access: 'none',
  perform: (machine, task) => fence(machine, task, FULL),
};

/** srcu_read_lock() and srcu_down_read(). */
export function srcuReadLock(domain: Domain): Op<number> {
  return request(BEGIN, domain);
}

/** srcu_read_unlock() and srcu_up_read(). */
export function srcuReadUnlock(section: Section): Op<void> {
  return request(END, section);
}

/** synchronize_srcu(): waits for the sections that have begun. */
export function* synchronizeSrcu(domain: Domain): Op<void> {
  const sections = yield* request(START_WAITING, domain);
  for (const section of sections) yield* request(WAIT, section);
  yield* request(STOP_WAITING, null);
}
