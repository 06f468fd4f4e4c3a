// SPDX-License-Identifier: GPL-2.0-only
/**
 * Replay: runs one schedule and records what a report needs to tell it. A replay depends on the program and the schedule
 * alone, not on what the machine did before: see course.ts.
 */
import {
  aboutOf,
  type Finding,
  type Footprint,
  forgetStacks,
  type Machine,
  type Request,
  sites,
  SyncObject,
  takeStack,
  type Task,
  UsageError,
} from '../machine';
import { Course } from './course';
import { parseSchedule, type ScheduleStep, type Turn, turnsOf } from './schedule';

/** A plain access to memory that a step made. */
export interface PlainAccess {
  /** Label of the object, and the field if it has several. */
  readonly object: string;
  readonly field: string;
  readonly location: number;
  readonly write: boolean;
  readonly site: string;
}

/** An operation a task is at: what it does, or waits for. */
export interface Operation {
  /** Name of its kind. */
  readonly operation: string;
  /** Label of the object it is about; empty if there is none. */
  readonly object: string;
  /** The stack that asked for it; empty unless the replay was traced. */
  readonly site: string;
}

/** One step as it ran. */
export interface ReplayStep extends Operation {
  readonly task: number;
  readonly path: string;
  readonly comm: string;
  readonly outcome: number;
  /** State of the operation's object before and after, if it has one. */
  readonly state: { readonly type: string; readonly before: number; readonly after: number } | null;
  readonly footprint: Footprint;
  readonly accesses: readonly PlainAccess[];
  readonly findings: readonly Finding[];
  /** Tasks spawned. */
  readonly born: readonly number[];
  /** What the task came to wait for in this step. */
  readonly waits: Operation | null;
}

/** An execution, replayed. */
export interface Replay {
  readonly steps: readonly ReplayStep[];
  /** How many of the steps the schedule asked for; the rest is the default. */
  readonly scheduled: number;
  /** Everything that was found, also at boot and at the end. */
  readonly findings: readonly Finding[];
  /** The gravest. */
  readonly finding: Finding | null;
  /** Tasks that wait for ever. */
  readonly waiting: readonly (Operation & { readonly path: string; readonly comm: string })[];
  /** The execution was cut off at the machine's step bound. */
  readonly cut: boolean;
  /** Every stack that was taken until the last step had ended; empty unless the replay was traced. */
  readonly stacks: readonly string[];
}

export interface ReplayOptions {
  /** Record stacks; slow, so only for an execution that will be reported. */
  readonly tracing?: boolean;
  /** Stop behind the schedule, at an execution on its way; what is judged at the end only is left out then. */
  readonly stop?: boolean;
  /** Looks at the machine before the first step and after each. */
  readonly watch?: (machine: Machine) => void;
}

/** A schedule does not fit the program. */
export class Diverged extends UsageError {
  override name = 'Diverged';

  constructor(
    readonly step: number,
    readonly why: string,
  ) {
    super(`the schedule does not fit this program any more: step ${step} wants ${why}`);
  }
}

/** Runs a schedule, or its text, on a machine booted anew, and by default from there; throws Diverged if it does not fit. */
export function replay(
  machine: Machine,
  schedule: readonly ScheduleStep[] | string,
  options: ReplayOptions = {},
): Replay {
  const steps = typeof schedule === 'string' ? parseSchedule(schedule) : schedule;
  const stacks: string[] = [];
  const run = (): Replay => new Recording(machine, stacks, options).run(turnsOf(steps));
  return options.tracing === true ? traced(run, stacks) : run();
}

/** Frames of a stack that are kept: more than any driver nests. */
const FRAMES_MAX = 200;

function traced<T>(run: () => T, stacks: string[]): T {
  const { stackTraceLimit } = Error;
  const { capture } = sites;
  Error.stackTraceLimit = FRAMES_MAX;
  forgetStacks();
  sites.capture = () => {
    const stack = takeStack();
    stacks.push(stack);
    return stack;
  };
  try {
    return run();
  } finally {
    sites.capture = capture;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The task a turn asks for; throws Diverged unless it can take that step now. */
export function taskFor(machine: Machine, { path, outcome }: Turn, step: number): number {
  const task = machine.tasks.find((one) => one?.path === path && path !== '');
  if (task === undefined) throw new Diverged(step, `${path}, but there is no such task`);
  const { pending } = task;
  if (pending === null) throw new Diverged(step, `${path}, but ${path} has ended`);
  if (machine.cut) throw new Diverged(step, `${path}, but the execution is cut off here`);
  const operation = operationOf(pending);
  if (!machine.enabled(task.id)) {
    throw new Diverged(step, `${path}, but ${path} is waiting in ${spell(operation)}`);
  }
  if (outcome >= machine.outcomes(task.id)) {
    const why = `${path} to choose outcome ${outcome}, but ${spell(operation)} has no such outcome`;
    throw new Diverged(step, why);
  }
  return task.id;
}

/** The operation in words: `spin_lock(node_lock)`. */
export function spell({ operation, object }: Operation): string {
  return `${operation}(${object})`;
}

function operationOf(request: Request): Operation {
  return { operation: request.name, object: aboutOf(request), site: request.site };
}

class Recording {
  readonly #steps: ReplayStep[] = [];
  #accesses: PlainAccess[] = [];
  #known = new Set<Finding>();

  constructor(
    readonly machine: Machine,
    readonly stacks: readonly string[],
    readonly options: ReplayOptions,
  ) {}

  run(turns: readonly Turn[]): Replay {
    const { machine } = this;
    const { stop = false } = this.options;
    let stacks: readonly string[];
    machine.recorder = (object, index, write, site) => {
      const { label: name, base } = object;
      const field = object.fieldName(index);
      this.#accesses.push({ object: name, field, location: base + index, write, site });
    };
    try {
      const course = new Course(machine);
      this.#news();
      this.options.watch?.(machine);
      turns.forEach((turn, i) => {
        this.#step(course, taskFor(machine, turn, i + 1), turn.outcome);
      });
      for (let task = course.byDefault(); task >= 0 && !stop; task = course.byDefault()) {
        this.#step(course, task, 0);
      }
      this.#accesses = []; // what the final check touches belongs to no step
      stacks = this.stacks.slice();
      if (course.byDefault() < 0) machine.finish();
    } finally {
      machine.recorder = null;
    }
    return {
      steps: this.#steps,
      scheduled: turns.length,
      findings: machine.findings.slice(),
      finding: machine.gravest(),
      waiting: this.#waiting(),
      cut: machine.cut,
      stacks,
    };
  }

  #step(course: Course, id: number, outcome: number): void {
    const { machine } = this;
    const task = machine.tasks[id];
    const request = task?.pending ?? null;
    if (task === undefined || request === null) return;
    this.#accesses = [];
    course.take(id, outcome);
    const { object } = request;
    this.#steps.push({
      ...operationOf(request),
      task: id,
      path: task.path,
      comm: task.comm,
      outcome,
      state:
        object instanceof SyncObject
          ? { type: object.typeName, before: machine.before, after: object.state }
          : null,
      footprint: machine.footprint.slice(),
      accesses: this.#accesses,
      findings: this.#news(),
      born: machine.born.slice(),
      waits: this.#waits(task),
    });
    this.options.watch?.(machine);
  }

  #waits(task: Task): Operation | null {
    const { pending } = task;
    return pending === null || this.machine.enabled(task.id) ? null : operationOf(pending);
  }

  /** What has been found since the last call. */
  #news(): Finding[] {
    const news = this.machine.findings.filter((finding) => !this.#known.has(finding));
    for (const finding of news) this.#known.add(finding);
    return news;
  }

  #waiting(): Replay['waiting'] {
    if (this.machine.cut) return [];
    return this.machine.tasks.flatMap((task) => {
      const waits = task === undefined ? null : this.#waits(task);
      return task === undefined || waits === null
        ? []
        : [{ ...waits, path: task.path, comm: task.comm }];
    });
  }
}
