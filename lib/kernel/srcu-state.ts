// SPDX-License-Identifier: GPL-2.0-only
/** The engine of srcu.ts: an srcu_struct and its read sections. After kernel/rcu/srcutree.c. */
import {
  type Branded,
  type Embeddable,
  embeddable,
  type Machine,
  makeHandle,
  type Task,
} from '../machine';
import { Domain, type Section } from './rcu-state';

/** Read sections that may sleep, and the grace periods that wait for them. Embed it as `srcu: srcu_struct`. @kernel include/linux/srcu.h */
export interface srcu_struct extends Branded<'srcu_struct', Srcu> {}

/** An open section, and what srcu_read_lock() returned for it. */
interface Open {
  readonly idx: number;
  readonly section: Section;
}

/** An srcu_struct. */
export class Srcu extends Domain {
  readonly typeName = 'srcu_struct';
  readonly handle: srcu_struct = makeHandle(this);
  /** The open sections of each task, in the order in which it began them. */
  #open = new WeakMap<Task, Open[]>();
  /** It is a static. */
  initial = false;

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.init(false);
  }

  protected override reset(): void {
    super.reset();
    this.init(this.initial);
  }

  /** Nobody has read yet. */
  init(initialised: boolean): void {
    this.begin();
    this.#open = new WeakMap();
    this.initialised = initialised;
  }

  sectionOf(task: Task): string | null {
    return this.openedBy(task).length === 0 ? null : 'same-type SRCU (or in RCU)';
  }

  /** One that was never initialised, or that cleanup_srcu_struct() has ended, has no memory for its counts. */
  override assertUsable(): void {
    if (!this.initialised) throw new TypeError("Cannot read properties of null (reading 'sda')");
  }

  openedBy(task: Task): Open[] {
    let open = this.#open.get(task);
    if (open === undefined) this.#open.set(task, (open = []));
    return open;
  }

  /** Begins a section of a task, and gives its index: 0, or 1 inside of such a section. */
  enter(machine: Machine, task: Task): number {
    const open = this.openedBy(task);
    const idx = open.length & 1;
    open.push({ idx, section: this.opened(machine, task) });
    return idx;
  }

  /** The section of a task that ends with an index; null if there is none. */
  ends(task: Task, idx: number): Section | null {
    return this.openedBy(task).findLast((each) => each.idx === idx)?.section ?? null;
  }

  leave(machine: Machine, task: Task, section: Section): void {
    const open = this.openedBy(task);
    const at = open.findIndex((each) => each.section === section);
    open.splice(at, 1);
    this.close(machine, task, section);
  }

  /** Whether anybody reads. */
  get hasReaders(): boolean {
    return this.sections.some(({ state }) => state === 0);
  }
}

/** Type of an srcu_struct member of a structure. Unusable until init_srcu_struct() has run on it. */
export const srcu_struct: Embeddable<srcu_struct> = embeddable('srcu_struct', () => new Srcu());
