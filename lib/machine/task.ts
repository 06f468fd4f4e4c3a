// SPDX-License-Identifier: GPL-2.0-only
/** Tasks: a generator each, on a CPU of its own, with the contexts the kernel gives code to run in. */
import type { Clock } from './clock';
import { Handle } from './handle';
import { SyncObject } from './object';
import type { Op, Request } from './op';
import type { OnStack } from './scopes';

/** Shared by all tasks of a program in which nobody spins. */
export const UNWATCHED = new Map<number, number>();

/** What a task runs in: decides whether it may sleep. */
export type TaskContext = 'process' | 'workqueue' | 'softirq';

/** A lock, read section or other thing a task holds, for context checks and reports. */
export interface Held {
  readonly object: SyncObject;
  /** 'spin' for what forbids sleeping, 'sleep' for mutexes and the like, 'rcu' for read sections. */
  readonly type: 'spin' | 'sleep' | 'rcu' | 'map';
  readonly read: boolean;
  readonly site: string;
}

/** Whether a task has taken its first operation: 1 then. Only tasks that others must not overtake have one. */
export class Lead extends SyncObject {
  readonly typeName = 'first operation';

  constructor(readonly handle: Handle) {
    super();
  }

  override get named(): null {
    return null;
  }
}

/** A running piece of the program. Its single location is its exit, which join waits for. */
export class Task extends SyncObject {
  /** The generator being run, null before the first step and after the last. */
  generator: Generator<Request, unknown> | null = null;
  /** The operation the task would perform next; null once it has ended. */
  pending: Request | null = null;
  done = false;
  /** Ended by an oops. */
  killed = false;
  /** Its code up to the first operation ran as part of the step that spawned it, not as a step of its own. */
  eager = false;
  lead: Lead | null = null;
  /** Steps taken, and which of all steps the last of them was. */
  steps = 0;
  lastStep = 0;
  /** What the task has touched since its last cpu_relax(), with the step that did first; kept only once a task spins. */
  watched: Map<number, number> = UNWATCHED;
  /** Another task has written some of that since. */
  stirred = false;
  /** Children and allocations so far: with the task's own path they name both the same way in every execution. */
  children = 0;
  allocations = 0;
  /** Failures of each name this task has been dealt; null when there were none. */
  failed: Map<string, number> | null = null;
  /** Synchronises-with clock. */
  clock: Clock = [];
  /** What relaxed loads have read from since the last barrier; see ordering.ts. */
  seen: Clock | null = null;
  /** The clock at the last barrier: what relaxed stores pass on. */
  fenced: Clock | null = null;
  /** What the task holds, oldest first. */
  held: Held[] = [];
  /** Depth of code that must not sleep, other than by RCU: spinlocks, disabled preemption, softirq. */
  atomicDepth = 0;
  rcuDepth = 0;
  /** How many functions of a driver it is in, and what lives on its stack; see scopes.ts. */
  depth = 0;
  onStack: OnStack[] = [];
  /** How many tasks were spawned before it in this execution. */
  birth = 0;
  #handle: Handle | null = null;

  constructor(
    readonly id: number,
    /** The same in every execution: A, B, and Aa for the first child of A. */
    readonly path: string,
    /** Name in reports, as the kernel's comm. */
    readonly comm: string,
    readonly context: TaskContext,
    readonly start: () => Op<unknown>,
  ) {
    super();
  }

  get typeName(): string {
    return 'task_struct';
  }

  /** Made when first asked for: most tasks are never seen by a driver. */
  get handle(): Handle {
    return (this.#handle ??= new Handle(this));
  }

  /** Whether a location tells of the task itself: 0 until it has ended, or taken its first operation, and 1 from then on. */
  tells(location: number): boolean {
    return location === this.base || location === this.base + 1;
  }

  /** The object that tells when the task has taken its first operation. */
  leads(): Lead {
    if (this.lead === null) {
      this.lead = new Lead(this.handle);
      this.lead.base = this.base + 1;
      this.lead.epoch = this.epoch;
    }
    return this.lead;
  }

  /** What it has done in set-up code is no part of any schedule. */
  beginAnew(): void {
    if (this.steps > 0) this.eager = false;
    this.steps = 0;
  }

  /** Process number in reports: made up, but the same every time. */
  get pid(): number {
    return 100 + this.id;
  }

  override get label(): string {
    return this.comm;
  }

  /** What reports and schedules call the task: A for the first one spawned in this execution, then B, C. */
  get letter(): string {
    return this.id === 0 ? '' : childPath('', this.birth);
  }
}

const BOOT_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXY';
const CHILD_LETTERS = 'abcdefghijklmnopqrstuvwxy';

/** Path of the nth child (from 0) of a task: boot's are A, B, C; A's are Aa, Ab ... Ay, Aza, so that any path reads back uniquely. */
export function childPath(parent: string, nth: number): string {
  const letters = parent === '' ? BOOT_LETTERS : CHILD_LETTERS;
  const prefix = (parent === '' ? 'Z' : 'z').repeat(Math.floor(nth / letters.length));
  return parent + prefix + (letters[nth % letters.length] ?? '');
}
