// SPDX-License-Identifier: GPL-2.0-only
/**
 * One execution on its way, in the form schedules are written in: every task starts with a step of its own, whatever the
 * machine has learnt, so that a schedule text means the same on every machine. Where a schedule says nothing the execution
 * goes on by default: with the task that ran last if it can, else with the first that can.
 */
import { type Finding, gravestOf, type Machine } from '../machine';
import { scheduleOf, type ScheduleStep, type Turn } from './schedule';

/** An execution that has ended, judged as a way to show its failure. */
export interface Attempt {
  /** Gravest finding, null if the execution passed. */
  readonly finding: Finding | null;
  /** The steps the schedule has to spell out: up to the one with the finding, all if it was seen at the end. */
  readonly schedule: readonly ScheduleStep[];
  /** Of these, how often a task was left that could have gone on, and how often another task went on at all. */
  readonly preemptions: number;
  readonly contextSwitches: number;
}

export class Course {
  readonly tasks: number[] = [];
  readonly outcomes: number[] = [];
  preemptions = 0;
  switches = 0;
  /** Steps up to the last one that was not the default. */
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

  /** Whether the next step of any other task than the one that ran last would be a preemption. */
  get preempting(): boolean {
    return this.machine.enabled(this.previous);
  }

  /** The task that goes on by default, -1 at the end of the execution. */
  byDefault(): number {
    const { machine, previous } = this;
    if (machine.cut) return -1;
    if (machine.enabled(previous)) return previous;
    for (let task = 1; task < machine.tasks.length; task++) if (machine.enabled(task)) return task;
    return -1;
  }

  /** Takes a step of a task that is enabled. */
  take(task: number, outcome: number): void {
    const { machine, previous } = this;
    if (task !== previous && previous >= 0) this.switches++;
    if (task !== previous && this.preempting) this.preemptions++;
    const chosen = outcome !== 0 || task !== this.byDefault();
    machine.run(task, outcome);
    this.tasks.push(task);
    this.outcomes.push(outcome);
    if (chosen) this.chosen = this.length;
  }

  /**
   * Goes on by default to the end of the execution and judges it. `ending` gives what the end alone brings to light: it may know
   * that, or have it judged.
   */
  finish(ending: (judge: () => Finding | null) => Finding | null = (judge) => judge()): Attempt {
    for (let task = this.byDefault(); task >= 0; task = this.byDefault()) this.take(task, 0);
    const onTheWay = this.machine.gravest();
    const finding = gravestOf([onTheWay, ending(() => this.#end())].filter((one) => one !== null));
    let { length } = this;
    // What goes on for ever does so by default.
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
