// SPDX-License-Identifier: GPL-2.0-only
/** The machine's memory: the places of objects, the footprint of a step, and the detectors that watch accesses. */
import { InternalError } from './errors';
import type { Machine } from './machine';
import type { Monitor } from './monitor';
import { type Allocation, type MachineObject, staticLocationCount } from './object';
import { type Footprint, adding, reading, writing } from './footprint';
import { type Kind, type Request, here } from './op';
import type { PassedOver } from './reordering';
import type { Task } from './task';

/** How many plain accesses and loop iterations one step may make; more count as an endless loop. */
export const TURNS_MAX = 100_000;

/** In a replay, stacks are taken for so many plain accesses of a step: an endless loop would make too many. */
const STACKS_MAX = 1000;

/** A step made too many iterations without an operation, or set-up code or a final check ran too many operations. */
export class EndlessLoop extends Error {
  override name = 'EndlessLoop';

  constructor(
    message: string,
    /** The stack of the last operation, if there was one. */
    readonly site: string | null = null,
  ) {
    super(message);
  }
}

/** How often a timer expires unless the scenario says otherwise: enough to see what arms it again. */
const EXPIRIES = 2;

/** Footprints with a single location, made once. */
const single: number[][] = [];
const nothing: number[] = [];

function singleFootprint(entry: number): number[] {
  return (single[entry] ??= [entry]);
}

/** Observes the running code, for reports. */
export interface Recorder {
  /** A plain access; a write has not happened yet. */
  access(object: MachineObject, index: number, write: boolean, site: string): void;
  /** An operation has happened; `before` was the state of its object. */
  performed(request: Request, before: number, result: unknown): void;
  /** The code prints a line. If there are very many, the functions for the later ones are never called. */
  printed(text: () => string, site: () => string): void;
  /** The operation passed over stores that the memory model does not make it see. */
  passedOver(what: PassedOver | null): void;
  /** The program's final check is over; later findings are those of detectors. */
  checked(): void;
}

/** A task has come to a wait that only a change of what it has seen ends, or time that does not pass any more. */
export interface Pause {
  readonly task: Task;
  readonly request: Request;
}

export abstract class Memory {
  /** Number of the execution; a static with an older number is reset before use. */
  epoch = 0;
  /** What the running step has touched so far. */
  footprint: number[] = nothing;
  /** How many entries of the footprint belong to the operation; the rest belongs to the plain code after it. */
  operationEntries = 0;
  /** Plain accesses and loop iterations of the running step. */
  turns = 0;
  /** Plain accesses since the machine was made. */
  touches = 0;
  /** Set only while a failure is replayed. */
  recorder: Recorder | null = null;
  /** Live and freed memory of this execution, in order of allocation. */
  allocations: Allocation[] = [];
  /** Whether synchronises-with clocks are kept; only detectors need them. */
  readonly clocking: boolean;
  protected readonly accessMonitors: readonly Monitor[];
  protected readonly allocMonitors: readonly Monitor[];
  protected readonly freeMonitors: readonly Monitor[];
  protected readonly returnMonitors: readonly Monitor[];
  protected readonly initMonitors: readonly Monitor[];
  protected readonly acquireMonitors: readonly Monitor[];
  protected readonly sleepMonitors: readonly Monitor[];
  protected readonly exitMonitors: readonly Monitor[];
  /** Opt-in: additions to a counter commute if their results are not used. */
  commuting = false;
  /** Opt-in: readers of a lock wait behind a writer that waits. */
  fair = false;
  /** How often a named operation may fail in each task; the explorer tries both outcomes of each such call. */
  readonly failures = new Map<string, number>();
  /** How often each timer of a name may expire, if the scenario says so; see expiriesOf(). */
  readonly expiries = new Map<string, number>();
  /** The timers that some execution armed once more than they may expire, and how often that is. */
  readonly exhausted = new Map<string, number>();
  /** How often each task may go on polling although nothing has changed; see explore/patience.ts. */
  patience = 0;
  /** The waits of this execution that only a change of what the task has seen ends, or time that does not pass any more. */
  pauses: Pause[] = [];
  /** This object, as detectors see it: the machine is the only subclass. */
  protected abstract readonly machine: Machine;
  abstract task: Task;
  #owned = false;
  #serial = 0;
  #read: number[] = [];
  #written: number[] = [];
  #nextLocation = staticLocationCount();
  readonly #statics = staticLocationCount();
  readonly #places = new Map<number, { base: number; size: number }>();
  readonly #ordinals = new Map<string, number>();

  constructor(readonly monitors: readonly Monitor[]) {
    this.clocking = monitors.length > 0;
    this.accessMonitors = monitors.filter((monitor) => monitor.access !== undefined);
    this.allocMonitors = monitors.filter((monitor) => monitor.alloc !== undefined);
    this.freeMonitors = monitors.filter((monitor) => monitor.free !== undefined);
    this.returnMonitors = monitors.filter((monitor) => monitor.returned !== undefined);
    this.initMonitors = monitors.filter((monitor) => monitor.init !== undefined);
    this.acquireMonitors = monitors.filter(
      (monitor) => (monitor.acquire ?? monitor.acquired ?? monitor.release) !== undefined,
    );
    this.sleepMonitors = monitors.filter((monitor) => monitor.mightSleep !== undefined);
    this.exitMonitors = monitors.filter((monitor) => monitor.exit !== undefined);
  }

  /** Number of locations in use. */
  get locations(): number {
    return this.#nextLocation;
  }

  protected newEpoch(): void {
    if (staticLocationCount() !== this.#statics) {
      throw new InternalError('memory: a static was defined after the machine was made');
    }
    this.epoch = nextEpoch++;
    if (this.allocations.length > 0) this.allocations = [];
    if (this.#ordinals.size > 0) this.#ordinals.clear();
    if (this.pauses.length > 0) this.pauses = [];
  }

  #encode(kind: Kind, location: number): number {
    // Who reads under a lock changes the lock: others who read need not know of it, but a task that spins must.
    const changes = kind.apply !== undefined && this.machine.spinning;
    if (kind.access === 'read' && !changes) return reading(location);
    return kind.access === 'add' && this.commuting ? adding(location) : writing(location);
  }

  /** Begins an operation of the boot task, which runs alone and has no footprint. */
  protected beginAlone({ kind, object, index, site }: Request): void {
    this.turns = 0;
    if (object === null) return;
    object.fresh();
    if (kind.access === 'none' || this.accessMonitors.length === 0) return;
    this.#watch(object, index, kind.access !== 'read', true, site);
  }

  /** Ends the footprint of the last step; later accesses belong to no step. */
  protected endFootprint(): void {
    this.footprint = nothing;
    this.#owned = false;
    this.#serial++;
  }

  /** Begins a step's footprint with what its operation is known to touch. */
  protected beginFootprint(request: Request): void {
    const { kind, object } = request;
    this.turns = 0;
    this.#serial++;
    this.#owned = false;
    this.footprint = nothing;
    if (object !== null) {
      object.fresh();
      if (kind.access !== 'none') {
        const write = kind.access !== 'read';
        this.footprint = singleFootprint(this.#encode(kind, object.base + request.index));
        if (this.accessMonitors.length !== 0) {
          this.#watch(object, request.index, write, true, request.site);
        }
      }
    }
    if (kind.extra !== undefined) {
      this.footprint = [...this.footprint, ...kind.extra(request)];
      this.#owned = true;
    }
    if (this.task.interruptible) {
      this.footprint = [...this.footprint, ...below(this.task)];
      this.#owned = true;
    }
    this.operationEntries = this.footprint.length;
  }

  /** What a task's operation would touch if it ran now, without the plain code after it, which is unknown. */
  operationFootprint(task: Task, request: Request): Footprint {
    const { kind, object } = request;
    let footprint: readonly number[] = nothing;
    if (object !== null && kind.access !== 'none') {
      footprint = singleFootprint(this.#encode(kind, object.base + request.index));
    }
    if (task.interruptible) footprint = [...footprint, ...below(task)];
    try {
      return kind.extra === undefined ? footprint : [...footprint, ...kind.extra(request)];
    } catch {
      return footprint; // a wild pointer: running the step reports that
    }
  }

  /** Adds a location to the footprint of the running step. */
  touch(location: number, write: boolean): void {
    if (this.task.id === 0) return;
    const seen = write ? this.#written : this.#read;
    while (seen.length <= location) seen.push(0);
    if (seen[location] === this.#serial) return;
    seen[location] = this.#serial;
    if (!this.#owned) {
      this.footprint = this.footprint.slice();
      this.#owned = true;
    }
    this.footprint.push(write ? writing(location) : reading(location));
  }

  /** The running code read or changed something outside of the machine's objects. */
  touchWorld(write: boolean): void {
    this.touch(this.#place(WORLD, 1), write);
  }

  /** A plain access by the running code, or by an operation that was built at `site`. */
  plain(object: MachineObject, index: number, write: boolean, site?: string): void {
    object.fresh();
    this.touches++;
    this.turn();
    this.touch(object.base + index, write);
    if (this.recorder === null && this.accessMonitors.length === 0) return;
    const from = site ?? (this.turns > STACKS_MAX ? '' : here());
    this.recorder?.access(object, index, write, from);
    if (this.accessMonitors.length === 0) return;
    const { markedDepth, readsSequence } = this.task;
    this.#watch(object, index, write, markedDepth > 0 || (readsSequence && !write), from);
  }

  #watch(
    object: MachineObject,
    index: number,
    write: boolean,
    marked: boolean,
    site: string,
  ): void {
    for (const monitor of this.accessMonitors) {
      monitor.access?.(this.machine, this.task, object, index, write, marked, site);
    }
  }

  /** Counts an iteration of a loop or a plain access; a step with too many is cut off. */
  turn(): void {
    if (++this.turns > TURNS_MAX) {
      this.turns = 0;
      throw new EndlessLoop(`${TURNS_MAX} turns of a loop or plain accesses without an operation`);
    }
  }

  /**
   * Gives an object memory. The place of a new object depends only on the task and its number of allocations so far, so
   * steps that commute still do. An object whose memory is reused keeps its place.
   */
  allocate(object: MachineObject, site: string): Allocation {
    const { task } = this;
    const ordinal = (this.#ordinals.get(object.typeName) ?? 0) + 1;
    this.#ordinals.set(object.typeName, ordinal);
    task.allocations++;
    if (object.memory === null) {
      object.place(this.#place(task.id * 65536 + task.allocations, object.size));
    }
    const memory: Allocation = {
      region: 'slab',
      object,
      ordinal,
      task,
      site,
      freed: false,
      freedBy: null,
      freeSite: '',
    };
    object.live(memory, this.epoch);
    this.allocations.push(memory);
    for (const monitor of this.allocMonitors) monitor.alloc?.(this.machine, task, memory);
    return memory;
  }

  /** Frees memory; the detectors report later uses. */
  free(memory: Allocation, site: string): void {
    for (const monitor of this.freeMonitors) {
      monitor.free?.(this.machine, this.task, memory, site);
    }
    memory.freed = true;
    memory.freedBy = this.task;
    memory.freeSite = site;
  }

  /** The function that declared a stack object has returned. Like a free, this writes the whole object. */
  returned(memory: Allocation): void {
    const site = here();
    const { base, size } = memory.object;
    for (let i = 0; i < size; i++) this.touch(base + i, true);
    for (const monitor of this.returnMonitors) {
      monitor.returned?.(this.machine, this.task, memory, site);
    }
    memory.freed = true;
    memory.freedBy = this.task;
    memory.freeSite = site;
  }

  /** Outcomes to explore for an operation that can fail: 2 while the task has failures of that name left. */
  outcomesOf(name: string, task: Task): number {
    return (task.failed?.get(name) ?? 0) < (this.failures.get(name) ?? 0) ? 2 : 1;
  }

  /** How often a timer of that name, or a wait with a timeout, may expire. */
  expiriesOf(name: string): number {
    return this.expiries.get(name) ?? EXPIRIES;
  }

  /** Whether something that has expired so often may not expire again. The verdict then says that a bound was reached. */
  hasExpired(name: string, times: number): boolean {
    const max = this.expiriesOf(name);
    if (times < max) return false;
    this.exhausted.set(name, max);
    return true;
  }

  /**
   * Gives an object a place without an allocation: on a task's stack, or for a primitive's own use in a task. Each
   * ordinal has its own place; the default is the next of the task.
   */
  settle(object: MachineObject, task: Task, ordinal = ++task.allocations): void {
    object.place(this.#place(task.id * 65536 + ordinal, object.size));
    object.epoch = this.epoch;
  }

  /** Reports to the detectors a marked access other than the operation's own; its footprint must list it already. */
  marked(object: MachineObject, index: number, write: boolean, site: string): void {
    if (this.accessMonitors.length !== 0) this.#watch(object, index, write, true, site);
  }

  /** The locations of a task: its exit, its first operation, and its CPU. */
  protected taskLocation(id: number): number {
    return this.#place(id * 65536, 3);
  }

  #place(key: number, size: number): number {
    let place = this.#places.get(key);
    if (place === undefined || place.size < size) {
      place = { base: this.#nextLocation, size };
      this.#nextLocation += size;
      this.#places.set(key, place);
    }
    return place.base;
  }
}

/** What a step of a task reads if an interrupt may come on top of it: whether one runs there. */
function below({ base }: Task): readonly number[] {
  return [reading(base + 2)];
}

/** The key of everything outside of objects; no task's memory has it. */
const WORLD = -1;

/** Epochs are never reused, so a static cannot confuse the executions of two machines. */
let nextEpoch = 1;
