// SPDX-License-Identifier: GPL-2.0-only
/**
 * A scene: the visible state of an execution between two steps. Where each task is and what it would do next, who holds
 * and who waits for what, the counts, and the live memory. Making one changes nothing.
 */
import {
  aboutOf,
  ARRIVE,
  arrivals,
  type Machine,
  type MachineObject,
  pathOf,
  type Reading,
  type Request,
  staticObjects,
  StructObject,
  SyncObject,
  Task,
  type TaskContext,
  type Operation,
  valueText,
} from '../machine';
import { contentsOf, staticText } from './contents';
import { isCounter } from './counters';
import type { PossibleOutcome, ReadOutcome } from './outcomes';

/** What a task holds. */
export interface SceneHeld {
  readonly object: string;
  readonly type: 'spin' | 'sleep' | 'rcu' | 'map';
  readonly read: boolean;
}

export interface SceneTask {
  readonly id: number;
  readonly letter: string;
  readonly comm: string;
  readonly context: TaskContext;
  readonly state: 'ready' | 'waits' | 'ended' | 'killed';
  /** The operation it would run next; null after it has ended. */
  readonly next: Operation | null;
  /** The outcomes the next step may have. More than one means a choice. */
  readonly outcomes: readonly PossibleOutcome[];
  readonly held: readonly SceneHeld[];
  /** Paths of the tasks that could end the wait, if the object has owners. */
  readonly waitsFor: readonly string[];
  /** The task's synchronises-with clock: how much of the other tasks' work it has learnt of. */
  readonly clock: readonly number[];
}

export interface SceneCount {
  readonly object: string;
  readonly value: number;
  /** The value is spread over the CPUs, so it is unknown. */
  readonly spread: boolean;
}

export interface SceneMemory {
  readonly object: string;
  /** The task that allocated it; empty for memory from set-up code. */
  readonly letter: string;
  /** Who freed it; null while it lives. */
  readonly freedBy: string | null;
  /** What its fields hold: `pos = 1`; none once it is freed. */
  readonly contents: readonly string[];
}

/** A grace period, from one step to another. Steps count from 1, and 0 is the set-up. */
export interface SceneGracePeriod {
  /** The function that begins a section of its flavour: `rcu_read_lock`. */
  readonly flavour: string;
  readonly start: number;
  /** Null while it lasts. */
  readonly end: number | null;
}

export interface Scene {
  /** Without the boot task, in the order of their numbers. */
  readonly tasks: readonly SceneTask[];
  readonly counts: readonly SceneCount[];
  /** In order of allocation. */
  readonly memory: readonly SceneMemory[];
  /** The statics that were touched, and what they hold: `tally_writes.value = 1`. */
  readonly statics: readonly string[];
  /** The grace periods so far, as RCU logs them. */
  readonly gracePeriods: readonly SceneGracePeriod[];
  /** The machine cut the execution off at its step bound. */
  readonly cut: boolean;
}

/** Describes the current state of a machine. */
export function sceneOf(machine: Machine): Scene {
  return {
    tasks: machine.tasks.flatMap((task) =>
      task === undefined || task.id === 0 ? [] : [taskIn(machine, task)],
    ),
    counts: [...countersIn(machine)],
    memory: machine.allocations.map(({ object, ordinal, task, freed, freedBy }) => ({
      object: `${object.typeName}#${ordinal}`, // the object may be reused by a later allocation
      letter: task.letter,
      freedBy: freed ? (freedBy?.letter ?? '') : null,
      contents: freed || !(object instanceof StructObject) ? [] : contentsOf(object),
    })),
    statics: staticObjects().flatMap((object) => {
      const touched = object.epoch === machine.epoch && object instanceof StructObject;
      const text = touched ? staticText(object) : null;
      return text === null ? [] : [text];
    }),
    gracePeriods: staticObjects().flatMap((object) =>
      object.epoch === machine.epoch ? gracePeriodsOf(object) : [],
    ),
    cut: machine.cut,
  };
}

/** RCU keeps a log for each flavour; this room does not know RCU, but what a log looks like. */
interface GracePeriodLog {
  readonly label: string;
  readonly periods: readonly { readonly start: number; readonly end: number | null }[];
}

function isLog(object: MachineObject): object is MachineObject & GracePeriodLog {
  return 'periods' in object && Array.isArray(object.periods);
}

function gracePeriodsOf(object: MachineObject): SceneGracePeriod[] {
  if (!isLog(object)) return [];
  const flavour = object.label.replace(/_log$/, '');
  return object.periods.map(({ start, end }) => ({ flavour, start, end }));
}

/** Whether no task can take another step. */
export function isOver({ tasks, cut }: Scene): boolean {
  return cut || tasks.every(({ state }) => state !== 'ready');
}

function taskIn(machine: Machine, task: Task): SceneTask {
  const { id, letter, comm, context, pending, held, clock } = task;
  const waits = pending !== null && !machine.enabled(id);
  return {
    id,
    letter,
    comm,
    context,
    state: waits ? 'waits' : pending !== null ? 'ready' : task.killed ? 'killed' : 'ended',
    next:
      pending === null
        ? null
        : { operation: pending.name, object: aboutOf(pending), site: pending.site },
    outcomes: outcomesOf(machine, task),
    held: held.map(({ object, type, read }) => ({ object: object.label, type, read })),
    waitsFor: waits ? waitedFor(machine, task, pending).map((owner) => owner.letter) : [],
    clock: clock.slice(),
  };
}

function outcomesOf(machine: Machine, task: Task): PossibleOutcome[] {
  const { pending } = task;
  if (pending?.kind === ARRIVE) return arrivalsOf(machine, task);
  const choices = pending === null ? [] : machine.choices(task.id);
  if (pending === null || choices.length < 2) return [];
  const marked = pending.kind.choices !== undefined;
  return choices.map((outcome) => {
    const reads = pending.kind.reads?.(machine, task, pending, outcome);
    return { outcome, marked, reads: reads === undefined ? null : readOutcome(machine, reads) };
  });
}

function readOutcome({ tasks }: Machine, { value, task, step }: Reading): ReadOutcome {
  const letter = step < 0 ? '' : (tasks[task]?.letter ?? '');
  return { value: valueText(value) ?? 'value', letter, step: step + 1 };
}

/** Where an interrupt may come; empty if there is no choice. */
function arrivalsOf(machine: Machine, task: Task): PossibleOutcome[] {
  const outcomes = arrivals(machine, task);
  if (outcomes.length < 2) return [];
  return outcomes.map((outcome) => {
    const cpu = machine.cpuAt(pathOf(outcome))?.number ?? null;
    return { outcome, marked: false, reads: null, cpu };
  });
}

/** Who keeps a task from its next step: the interrupt on top of it, or the owners of what it wants. */
function waitedFor(machine: Machine, task: Task, pending: Request): Task[] {
  const above = machine.tasks.filter((other): other is Task => other?.on === task);
  return above.length > 0 ? above : ownersOf(machine, pending);
}

function ownersOf({ tasks }: Machine, { object }: Request): Task[] {
  if (object === null) return [];
  if (object instanceof Task) return [object];
  // A grace period waits for one read section after another, and each of those knows its reader.
  const reader = 'reader' in object ? object.reader : null;
  if (reader instanceof Task) return [reader];
  return tasks.filter(
    (task): task is Task => task?.held.some((held) => held.object === object) === true,
  );
}

/** Above this a percpu_ref is in percpu mode: its bias keeps the count from 0. */
const SPREAD = 1 << 28;

/** All counters in use: those in live memory, and statics that this execution has touched. */
function* countersIn(machine: Machine): Generator<SceneCount> {
  for (const object of staticObjects()) {
    if (object.epoch === machine.epoch) yield* countersOf(object);
  }
  for (const { object, freed } of machine.allocations) if (!freed) yield* countersOf(object);
}

function* countersOf(object: MachineObject): Generator<SceneCount> {
  if (object instanceof StructObject) {
    for (const member of object.members) yield* countersOf(member);
  } else if (object instanceof SyncObject && object.initialised && isCounter(object.typeName)) {
    const spread = object.typeName === 'percpu_ref' && object.state > SPREAD;
    yield { object: object.label, value: object.state, spread };
  }
}
