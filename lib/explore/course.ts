// SPDX-License-Identifier: GPL-2.0-only
/**
 * One execution in progress, in the form that schedules are written in: every task starts with a step of its own,
 * whatever the machine has learnt, so that a schedule text means the same on every machine. After the end of a schedule
 * the execution continues by default: with the task that ran last if it can run, else with the first task that can.
 */
import { type Finding, gravestOf, type Machine } from '../machine';
import { scheduleOf, type ScheduleStep, type Turn } from './schedule';

/** A finished execution, judged by how well it shows its failure. */
export interface Attempt {
  /** The gravest finding; null if the execution passed. */
  readonly finding: Finding | null;
  /** The steps that the schedule must contain: up to the one with the finding, or all if it was found at the end. */
  readonly schedule: readonly ScheduleStep[];
  /** The preemptions of the execution, and the context switches within the schedule. */
  readonly preemptions: number;
  readonly contextSwitches: number;
}

export class Course {
  readonly tasks: number[] = [];
  readonly outcomes: number[] = [];
  preemptions = 0;
  switches = 0;
  /** The length up to the last step that was not the default. */
  chosen = 0;

  constructor(readonly machine: Machine) {
    machine.learnAll();
    machine.boot();
  }

  get length(): number {
    return this.tasks.length;
  }

  /** The task that ran last, -1 before the first step. */
  get previous(): number {
    return this.tasks[this.tasks.length - 1] ?? -1;
  }

  /** Whether a step of any task other than the one that ran last would be a preemption. */
  get preempting(): boolean {
    return this.machine.enabled(this.previous);
  }

  /** The task that continues by default; -1 at the end of the execution. */
  byDefault(): number {
    const { machine, previous } = this;
    if (machine.cut) return -1;
    if (machine.enabled(previous)) return previous;
    for (let task = 1; task < machine.tasks.length; task++) if (machine.enabled(task)) return task;
    return -1;
  }

  /** Runs a step of an enabled task. */
  take(task: number, outcome: number): void {
    const { machine, previous } = this;
    if (task !== previous && previous >= 0) this.switches++;
    if (task !== previous && this.preempting) this.preemptions++;
    const chosen = task !== this.byDefault();
    machine.run(task, outcome);
    this.tasks.push(task);
    this.outcomes.push(machine.outcome);
    if (chosen || machine.outcome !== 0) this.chosen = this.length;
  }

  /**
   * Continues by default to the end of the execution and judges it. `ending` returns the finding of the final check: it
   * may know that already, or call `judge` for it.
   */
  finish(ending: (judge: () => Finding | null) => Finding | null = (judge) => judge()): Attempt {
    for (let task = this.byDefault(); task >= 0; task = this.byDefault()) this.take(task, 0);
    const onTheWay = this.machine.gravest();
    const finding = gravestOf([onTheWay, ending(() => this.#end())].filter((one) => one !== null));
    let { length } = this;
    // A loop that runs for ever continues by default, so the schedule need not contain it.
    const early = finding !== null && (finding === onTheWay || this.machine.cut);
    if (early) length = Math.min(length, Math.max(finding.step, this.chosen));
    return {
      finding,
      schedule: this.#schedule(length),
      preemptions: this.preemptions,
      contextSwitches: this.#switchesWithin(length),
    };
  }

  #end(): Finding | null {
    const { machine } = this;
    const before = machine.findings.length;
    machine.finish();
    return gravestOf(machine.findings.slice(before));
  }

  #switchesWithin(length: number): number {
    let switches = 0;
    for (let i = 1; i < length; i++) if (this.tasks[i] !== this.tasks[i - 1]) switches++;
    return switches;
  }

  /** The steps so far. */
  get turns(): Turn[] {
    const { machine, outcomes } = this;
    return this.tasks.map((task, i) => ({
      path: machine.tasks[task]?.path ?? '',
      outcome: outcomes[i] ?? 0,
    }));
  }

  #schedule(length: number): ScheduleStep[] {
    return scheduleOf(this.turns.slice(0, length));
  }
}
