// SPDX-License-Identifier: GPL-2.0-only
/** Objects that tasks share, with locations. They are either static (from the start) or allocated while the program runs. */
import type { Clock } from './clock';
import { current } from './current';
import { InternalError } from './errors';
import type { Handle } from './handle';
import type { Access } from './reordering/access';
import type { Task } from './task';

/** Static locations are numbered once, when their module is loaded; allocated ones follow in each exploration. */
let staticLocations = 0;
const statics: MachineObject[] = [];

/** All statics in order of definition: the roots of the leak search. */
export function staticObjects(): readonly MachineObject[] {
  return statics;
}

/** How many locations the loaded statics take. */
export function staticLocationCount(): number {
  return staticLocations;
}

/** Refuses a value that is not a name: reports would show it as something else. */
export function mustBeName(name: unknown): void {
  if (typeof name === 'string' && /^[\x20-\x7e]{1,100}$/.test(name)) return;
  throw new TypeError('a name is a short text of printable characters');
}

/** The epoch of an object that no execution has touched. */
const NEVER = -1;

/** One piece of memory that is allocated and freed. The object that fills it and everything embedded in that share it. */
export interface Allocation {
  /** Allocated, or on a task's stack. */
  readonly region: 'slab' | 'stack';
  readonly object: MachineObject;
  /** Number among the allocations of its type in this execution, for the object's name: `rbd_client#1`. */
  readonly ordinal: number;
  readonly task: Task;
  readonly site: string;
  freed: boolean;
  freedBy: Task | null;
  freeSite: string;
}

/** Something that passes clocks on: an object, or one field of it. */
export interface Releasing {
  released: Clock | null;
  /** The release accesses of this location, if the execution graph is kept. */
  releases?: readonly Access[];
  /** For a lock: the access that took it last, if the execution graph is kept. */
  taken?: Access | null;
  /** The marked stores to this location, in coherence order, if the execution graph is kept. */
  order?: Access[] | null;
  /** The task that made the last marked store, and its clock then, as long as the graph is not kept. */
  storer?: number;
  storedAt?: number;
}

/** An object with one or more locations. */
export abstract class MachineObject {
  /** First location; `location(i)` is `base + i`. -1 until the object has a place in memory. */
  base = -1;
  /** The execution in which the object was last set up; a static from an older one is reset when it is touched. */
  epoch = NEVER;
  /** The memory of the object; null for a static. */
  memory: Allocation | null = null;
  /** The structure this object is embedded in, and the name of the member. */
  container: MachineObject | null = null;
  member = '';
  /**
   * The kind of activity while queued, pending or waited for, named as debugobjects does ('work_struct'). Freeing the
   * object then is a bug.
   */
  active = '';
  /** The function that the work or callback would run, for reports. */
  hint = '';
  /** Clock of the last release on this object (synchronises-with); null if there was none. */
  released: Clock | null = null;
  releases: readonly Access[] = [];
  taken: Access | null = null;
  order: Access[] | null = null;
  storer = 0;
  storedAt = 0;

  /** The handle that driver code gets. */
  abstract readonly handle: Handle;

  /** Number of locations the object takes. */
  abstract get size(): number;
  /** Name of the type, as the kernel spells it. */
  abstract get typeName(): string;
  /** Puts a static into its initial state. */
  protected abstract reset(): void;
  /** Sets the contents of fresh memory: zeros, or undefined values. */
  abstract clear(zeroed: boolean): void;

  /** Name of a location within the object, for reports; empty if there is only one. */
  fieldName(_index: number): string {
    return '';
  }

  /** The value at a location, for reports; undefined if it means nothing to a reader. */
  valueAt(_index: number): unknown {
    return undefined;
  }

  /** The object that reports name instead of this one: itself, or null if only the model has it. */
  // eslint-disable-next-line @typescript-eslint/prefer-return-this-type -- some name another object
  get named(): MachineObject | null {
    return this;
  }

  /** Makes the object static: it exists from boot on, and every execution begins with its initial state. */
  makeStatic(name: string): this {
    if (this.base !== -1) throw new InternalError(`object: ${name} is placed already`);
    mustBeName(name);
    this.place(staticLocations);
    staticLocations += this.size;
    this.member = name;
    statics.push(this);
    return this;
  }

  /** Gives the object and everything embedded in it their locations. */
  place(base: number): void {
    this.base = base;
  }

  /** Records the memory of the object and of everything embedded in it. */
  live(memory: Allocation, epoch: number): void {
    this.memory = memory;
    this.epoch = epoch;
  }

  /** Resets a static at its first access in an execution. Every access calls this first. */
  fresh(): this {
    const { epoch } = current.machine;
    if (this.epoch !== epoch) {
      this.epoch = epoch;
      this.forget();
      this.reset();
    }
    return this;
  }

  /** Forgets the releases on this object. */
  protected forget(): void {
    this.released = this.order = this.taken = null;
    if (this.releases.length > 0) this.releases = [];
    this.storer = 0;
  }

  /** The machine objects that this one points to or contains; the leak search follows them. */
  references(): Iterable<unknown> {
    return [];
  }

  /** Whether the object, or the one it is embedded in, exists from the start. */
  get isStatic(): boolean {
    return this.base >= 0 && this.base < staticLocations;
  }

  /** The outermost object that contains this one: the argument of kfree(). */
  get outermost(): MachineObject {
    return this.container === null ? this : this.container.outermost;
  }

  /** The name in reports: `rbd_client#1`, `node_lock`, `rbd_client#1.kref`. Only valid after the first use. */
  get label(): string {
    if (this.container !== null) return `${this.container.label}.${this.member}`;
    if (this.memory?.region === 'slab') return `${this.typeName}#${this.memory.ordinal}`;
    return this.member === '' ? this.typeName : this.member;
  }
}

/** An object with a single location and a small state that decides which tasks can run: locks, completions, counters. */
export abstract class SyncObject extends MachineObject {
  state = 0;
  /** False until an init function has run on it; using it before that is a bug. */
  initialised = false;
  /** The lockdep class that it was given, or empty: see lockdep_set_class(). */
  givenClass = '';

  get size(): number {
    return 1;
  }

  override valueAt(_index: number): unknown {
    return this.state;
  }

  protected reset(): void {
    this.state = 0;
    this.initialised = true;
    this.givenClass = '';
  }

  /** Zeroed memory is not an initialised lock. */
  clear(_zeroed: boolean): void {
    this.state = 0;
    this.initialised = false;
    this.givenClass = '';
    this.forget();
    this.active = this.hint = '';
  }

  override fresh(): this {
    if (this.container === null) return super.fresh();
    this.container.fresh();
    return this;
  }
}
