// SPDX-License-Identifier: GPL-2.0-only
/** What tasks share: objects with locations, either static (there from the start) or allocated while the program runs. */
import type { Clock } from './clock';
import { current } from './current';
import { InternalError } from './errors';
import type { Handle } from './handle';
import type { Access } from './reordering/access';
import type { Task } from './task';

/** Static locations are numbered once, when their module is loaded; allocated ones follow behind them in each exploration. */
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

/** Names stand in reports: what is none would be read there as something else. */
export function mustBeName(name: unknown): void {
  if (typeof name === 'string' && /^[\x20-\x7e]{1,100}$/.test(name)) return;
  throw new TypeError('a name is a short text of printable characters');
}

/** The epoch of an object no execution has touched yet. */
const NEVER = -1;

/** One piece of memory that comes and goes, shared by the object that fills it and everything embedded in that. */
export interface Allocation {
  /** Allocated, or on a task's stack. */
  readonly region: 'slab' | 'stack';
  readonly object: MachineObject;
  /** Number among the allocations of the same type in this execution, for the object's name: `rbd_client#1`. */
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
  /** Who has released here, where the execution graph is kept. */
  releases?: readonly Access[];
  /** The marked stores here, in coherence order, where the execution graph is kept. */
  order?: Access[] | null;
  /** The task that made the last marked store, and its clock then, where the graph is not kept yet. */
  storer?: number;
  storedAt?: number;
}

/** An object with one or more locations. */
export abstract class MachineObject {
  /** First location; `location(i)` is `base + i`. -1 until the object has a place in memory. */
  base = -1;
  /** The execution in which the object was last set up; a static from an older one is reset when touched. */
  epoch = NEVER;
  /** The memory the object lives in; null for a static. */
  memory: Allocation | null = null;
  /** The structure this object is embedded in, and the name of the member. */
  container: MachineObject | null = null;
  member = '';
  /** While queued, pending or waited for: the kind of activity, as debugobjects names it ('work_struct'); freeing it then is a bug. */
  active = '';
  /** Function to name with it: what the work or callback would run. */
  hint = '';
  /** Clock of what was last released here (synchronises-with); null when nothing was. */
  released: Clock | null = null;
  releases: readonly Access[] = [];
  order: Access[] | null = null;
  storer = 0;
  storedAt = 0;

  /** What driver code holds of the object. */
  abstract readonly handle: Handle;

  /** Number of locations the object takes. */
  abstract get size(): number;
  /** Name of the type, as the kernel spells it. */
  abstract get typeName(): string;
  /** Puts a static into its initial state. */
  protected abstract reset(): void;
  /** What fresh memory holds here: zeros, or undefined contents. */
  abstract clear(zeroed: boolean): void;

  /** Name of a location within the object, for reports; empty when there is only one. */
  fieldName(_index: number): string {
    return '';
  }

  /** What the object holds at a location, for reports; undefined where that is not a value anybody follows. */
  valueAt(_index: number): unknown {
    return undefined;
  }

  /** What reports name in the object's place: the object itself, or null if only the model has it. */
  // eslint-disable-next-line @typescript-eslint/prefer-return-this-type -- some name another object
  get named(): MachineObject | null {
    return this;
  }

  /** Declares the object static: it exists from boot on and every execution begins with it pristine. */
  makeStatic(name: string): this {
    if (this.base !== -1) throw new InternalError(`object: ${name} is placed already`);
    mustBeName(name);
    this.place(staticLocations);
    staticLocations += this.size;
    this.member = name;
    statics.push(this);
    return this;
  }

  /** Gives the object and what is embedded in it their locations. */
  place(base: number): void {
    this.base = base;
  }

  /** Tells the object and what is embedded in it which memory they live in. */
  live(memory: Allocation, epoch: number): void {
    this.memory = memory;
    this.epoch = epoch;
  }

  /** Makes sure a static shows this execution's state. Every access goes through here first. */
  fresh(): this {
    const { epoch } = current.machine;
    if (this.epoch !== epoch) {
      this.epoch = epoch;
      this.forget();
      this.reset();
    }
    return this;
  }

  /** Forgets what was passed on through the object. */
  protected forget(): void {
    this.released = this.order = null;
    if (this.releases.length > 0) this.releases = [];
    this.storer = 0;
  }

  /** Other machine objects this one points to or contains; what the leak search follows. */
  references(): Iterable<unknown> {
    return [];
  }

  /** Whether it was there from the start, itself or what it is embedded in. */
  get isStatic(): boolean {
    return this.base >= 0 && this.base < staticLocations;
  }

  /** The outermost object this one is embedded in: what kfree() takes. */
  get outermost(): MachineObject {
    return this.container === null ? this : this.container.outermost;
  }

  /** What reports call the object: `rbd_client#1`, `node_lock`, `rbd_client#1.kref`. Not known before it is used. */
  get label(): string {
    if (this.container !== null) return `${this.container.label}.${this.member}`;
    if (this.memory?.region === 'slab') return `${this.typeName}#${this.memory.ordinal}`;
    return this.member === '' ? this.typeName : this.member;
  }
}

/** An object with a single location and a small state that decides who may run: locks, completions, counters. */
export abstract class SyncObject extends MachineObject {
  state = 0;
  /** False until an init function has run on it; using it before is a bug of its own. */
  initialised = false;

  get size(): number {
    return 1;
  }

  override valueAt(_index: number): unknown {
    return this.state;
  }

  protected reset(): void {
    this.state = 0;
    this.initialised = true;
  }

  /** Zeroed memory is no initialised lock. */
  clear(_zeroed: boolean): void {
    this.state = 0;
    this.initialised = false;
    this.forget();
    this.active = this.hint = '';
  }

  override fresh(): this {
    if (this.container === null) return super.fresh();
    this.container.fresh();
    return this;
  }
}
