// SPDX-License-Identifier: GPL-2.0-only
/** Tasks: each is a generator on a CPU of its own, in one of the contexts in which the kernel runs code. */
import type { Clock } from './clock';
import type { Cpu } from './cpu';
import { Handle } from './handle';
import { SyncObject } from './object';
import type { Op, Request } from './op';
import type { OnStack } from './scopes';

/** Shared by all tasks of a program in which no task spins. */
export const UNWATCHED = new Map<number, number>();

/**
 * The context of a task, which decides whether it may sleep. 'rcu' is that of RCU callbacks: as in a kernel with rcutree.use_softirq=0, a
 * thread with softirqs off. It interrupts nobody.
 */
export type TaskContext = 'process' | 'workqueue' | 'softirq' | 'hardirq' | 'rcu';

/** A lock, read section or similar thing that a task holds, for context checks and reports. */
export interface Held {
  readonly object: SyncObject;
  /** 'spin' for what forbids sleeping, 'sleep' for mutexes and the like, 'rcu' for read sections. */
  readonly type: 'spin' | 'sleep' | 'rcu' | 'map';
  readonly read: boolean;
  readonly site: string;
}

/** Whether a task has run its first operation: the state is 1 then. Only tasks that others must not overtake have one. */
export class Lead extends SyncObject {
  readonly typeName = 'first operation';

  constructor(readonly handle: Handle) {
    super();
  }

  override get named(): null {
    return null;
  }
}

/** A running part of the program. Its single location is its exit, which join waits for. */
export class Task extends SyncObject {
  /** The generator being run, null before the first step and after the last. */
  generator: Generator<Request, unknown> | null = null;
  /** The operation that the task would run next; null once it has ended. */
  pending: Request | null = null;
  done = false;
  /** Ended by an oops. */
  killed = false;
  /** Its code before the first operation ran in the step that spawned it, not in a step of its own. */
  eager = false;
  lead: Lead | null = null;
  /** Steps taken, and the index of the last one among all steps. */
  steps = 0;
  lastStep = 0;
  /** What the task has touched since its last cpu_relax(), with the step of the first access; kept only once a task spins. */
  watched: Map<number, number> = UNWATCHED;
  /** Another task has since written one of these locations. */
  stirred = false;
  /** How often it has gone on polling although nothing had changed. */
  passes = 0;
  /** Children and allocations so far. With the task's path they identify both in every execution. */
  children = 0;
  allocations = 0;
  /** The failures of each name that this task has had; null if there were none. */
  failed: Map<string, number> | null = null;
  /** Synchronises-with clock. */
  clock: Clock = [];
  /** What relaxed loads have read from since the last barrier; see ordering.ts. */
  seen: Clock | null = null;
  /** What smp_rmb() has made of that: known to plain loads only. */
  readable: Clock | null = null;
  /** What atomics without a result have read: known to full barriers and releases only. */
  counted: Clock | null = null;
  /** The clock at the last barrier: what relaxed stores pass on. */
  fenced: Clock | null = null;
  /** What the task holds, oldest first. */
  held: Held[] = [];
  /** Nesting depth of sections in which sleeping is forbidden, except RCU: spinlocks, disabled preemption or softirqs, interrupts. */
  atomicDepth = 0;
  rcuDepth = 0;
  /** Its plain accesses count as marked ones, so many times over: in data_race(), and in a write section of a seqcount. */
  markedDepth = 0;
  /** Likewise in a read section of a seqcount, which looks at the end whether it must be repeated. */
  readsSequence = false;
  /** It has turned interrupts off; a hard interrupt runs with them off. */
  irqsOff = false;
  /** How often it has turned softirqs off. */
  bhDepth = 0;
  /** Its CPU, once somebody asked for it. */
  cpu: Cpu | null = null;
  /** Its steps read the state of its CPU, as an interrupt may come there. */
  interruptible = false;
  /** For an interrupt: the path of the task on whose CPU it has come, empty for a CPU of its own; the task while it runs there. */
  above = '';
  on: Task | null = null;
  /** How many functions of a driver it is in, and the objects on its stack; see scopes.ts. */
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

  /** Made on first use, as drivers never see most tasks. */
  get handle(): Handle {
    return (this.#handle ??= new Handle(this));
  }

  /** Whether a location belongs to the task itself. It holds 0, and 1 after the task has ended or run its first operation. */
  tells(location: number): boolean {
    return location === this.base || location === this.base + 1;
  }

  /** The object that shows whether the task has run its first operation. */
  leads(): Lead {
    if (this.lead === null) {
      this.lead = new Lead(this.handle);
      this.lead.base = this.base + 1;
      this.lead.epoch = this.epoch;
    }
    return this.lead;
  }

  /** Forgets the steps taken in set-up code, which no schedule contains. */
  beginAnew(): void {
    if (this.steps > 0) this.eager = false;
    this.steps = 0;
  }

  /** The number of the CPU that runs it: its own, or that of the task below. */
  get cpuNumber(): number {
    return this.on === null ? this.id : this.on.cpuNumber;
  }

  /** Process number for reports: invented, but the same in every run. */
  get pid(): number {
    return 100 + this.id;
  }

  override get label(): string {
    return this.comm;
  }

  /** The task's name in reports and schedules: A for the first task spawned in this execution, then B, C. */
  get letter(): string {
    return this.id === 0 ? '' : childPath('', this.birth);
  }
}

const BOOT_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXY';
const CHILD_LETTERS = 'abcdefghijklmnopqrstuvwxy';

/**
 * Path of the nth child (from 0) of a task. Boot's children are A, B, C; A's are Aa, Ab ... Ay, Aza, so that every path
 * is unique.
 */
export function childPath(parent: string, nth: number): string {
  const letters = parent === '' ? BOOT_LETTERS : CHILD_LETTERS;
  const prefix = (parent === '' ? 'Z' : 'z').repeat(Math.floor(nth / letters.length));
  return parent + prefix + (letters[nth % letters.length] ?? '');
}
