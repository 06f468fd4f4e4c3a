// SPDX-License-Identifier: GPL-2.0-only
/** Recording: runs one schedule and notes what every step did, including the values it read and wrote. */
import {
  type Finding,
  isOnField,
  type Machine,
  type MachineObject,
  type Recorder,
  type Request,
  SyncObject,
  type Task,
  valueText,
  type Operation,
  type Outcome,
  type PassedOver,
  type PlainAccess,
  type PrintedLine,
  type Replay,
  type ReplayStep,
} from '../machine';
import { Course } from './course';
import type { Turn } from './schedule';
import { operationOf, taskFor } from './task-for';

export interface ReplayOptions {
  /** Record stacks; slow, so only for an execution that will be reported. */
  readonly tracing?: boolean;
  /** Stop after the schedule, in the middle of an execution; then the final check does not run. */
  readonly stop?: boolean;
  /** Called with the machine before the first step and after each step. */
  readonly watch?: (machine: Machine) => void;
}

/** Lines kept of one step. Nobody reads more, and a loop may print a hundred thousand. */
const LINES_MAX = 100;

const NOTHING: Outcome = { value: null, state: null, result: null };
const NO_OPERATION: Operation = { operation: '', object: '', site: '' };

/** What the code has done since the last step ended. */
class Notes implements Recorder {
  accesses: PlainAccess[] = [];
  prints: PrintedLine[] = [];
  operation = NO_OPERATION;
  outcome = NOTHING;
  held: readonly string[] = [];
  passed: PassedOver | null = null;
  /** Notes the value of the last write, which is in memory before anything else happens. */
  #write: (() => void) | null = null;

  constructor(
    readonly machine: Machine,
    /** Called before an operation of set-up code or of the final check; those are not steps. */
    readonly alone: () => void,
    readonly checked: () => void,
  ) {}

  begin(): void {
    this.accesses = [];
    this.prints = [];
    this.operation = NO_OPERATION;
    this.outcome = NOTHING;
    this.held = [];
    this.passed = null;
    this.#write = null;
  }

  /** Completes the notes of a step. */
  end(): void {
    this.#write?.();
    this.#write = null;
  }

  access(object: MachineObject, index: number, write: boolean, site: string): void {
    this.end();
    const { label, base } = object;
    const field = object.fieldName(index);
    const access = { object: label, field, location: base + index, write, site };
    const at = this.accesses.length;
    const note = (): void => {
      this.accesses[at] = { ...access, value: valueText(object.valueAt(index)) };
    };
    note();
    if (write) this.#write = note;
  }

  performed(request: Request, before: number, result: unknown): void {
    this.end();
    const { machine } = this;
    if (machine.task.id === 0) this.alone();
    this.operation = operationOf(request);
    this.outcome = outcomeOf(request, before, result, this.passed?.read === null);
    this.held = machine.task.held.map(({ object }) => object.label);
  }

  passedOver(what: PassedOver | null): void {
    this.passed = what;
  }

  printed(text: () => string, site: () => string): void {
    const { prints } = this;
    const last = prints[LINES_MAX - 1];
    if (last === undefined) {
      prints.push({ text: text(), site: site(), behind: this.accesses.length, more: 0 });
    } else {
      prints[LINES_MAX - 1] = { ...last, more: last.more + 1 };
    }
  }
}

function outcomeOf(
  request: Request,
  before: number,
  result: unknown,
  overwritten: boolean,
): Outcome {
  const { object, index } = request;
  const held = overwritten ? request.b : object?.valueAt(index);
  const counted = object instanceof SyncObject && object.named === object;
  return {
    value: isOnField(request) && request.kind.field === true ? valueText(held) : null,
    state: counted ? { type: object.typeName, before, after: object.state } : null,
    result: result === undefined ? null : valueText(result),
  };
}

/** One run of a schedule, from boot to the end. */
export class Recording {
  readonly #steps: ReplayStep[] = [];
  readonly #check: ReplayStep[] = [];
  readonly #known = new Set<Finding>();
  readonly #notes: Notes;
  #checking = false;

  constructor(
    readonly machine: Machine,
    readonly stacks: readonly string[],
    readonly options: ReplayOptions,
  ) {
    const alone = (): void => {
      this.#alone();
    };
    this.#notes = new Notes(machine, alone, () => {
      this.#alone();
      this.#checking = false;
    });
  }

  run(turns: readonly Turn[]): Replay {
    const { machine } = this;
    const { stop = false } = this.options;
    machine.recorder = this.#notes;
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
      if (course.byDefault() < 0) this.#finish();
    } finally {
      machine.recorder = null;
    }
    return {
      steps: this.#steps,
      check: this.#check,
      scheduled: turns.length,
      findings: machine.findings.slice(),
      finding: machine.gravest(),
      waiting: this.#waiting(),
      cut: machine.cut,
      stacks: this.stacks.slice(),
    };
  }

  #step(course: Course, id: number, outcome: number): void {
    const { machine } = this;
    const task = machine.tasks[id];
    const request = task?.pending ?? null;
    if (task === undefined || request === null) return;
    this.#notes.begin();
    this.#notes.operation = operationOf(request); // an operation that faults is never performed
    course.take(id, outcome);
    this.#steps.push({
      ...this.#noted(task, machine.outcome),
      footprint: machine.footprint.slice(),
      born: machine.born.slice(),
      waits: this.#waits(task),
    });
    this.options.watch?.(machine);
  }

  /** The record of the step that has just ended. */
  #noted(task: Task, outcome: number): Omit<ReplayStep, 'footprint' | 'born' | 'waits'> {
    const notes = this.#notes;
    notes.end();
    const { id, path, letter, comm } = task;
    return {
      ...notes.operation,
      ...notes.outcome,
      task: id,
      path,
      letter,
      comm,
      outcome,
      accesses: notes.accesses,
      prints: notes.prints,
      held: notes.held,
      passed: notes.passed,
      findings: this.#news(),
    };
  }

  /** Ends the execution. The actions of the final check are noted as steps of the boot task. */
  #finish(): void {
    this.#notes.begin();
    this.#checking = true;
    this.machine.finish();
    this.#checking = false;
  }

  #alone(): void {
    const { machine } = this;
    const [boot] = machine.tasks;
    if (!this.#checking || boot === undefined) return;
    const noted = this.#noted(boot, 0);
    const { operation, accesses, prints, findings } = noted;
    if (operation !== '' || accesses.length + prints.length + findings.length > 0) {
      this.#check.push({ ...noted, footprint: [], born: [], waits: null });
    }
    this.#notes.begin();
  }

  #waits(task: Task): Operation | null {
    const { pending } = task;
    return pending === null || this.machine.enabled(task.id) ? null : operationOf(pending);
  }

  /** The findings since the last call. */
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
        : [{ ...waits, letter: task.letter, comm: task.comm }];
    });
  }
}
