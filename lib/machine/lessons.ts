// SPDX-License-Identifier: GPL-2.0-only
/** What the machine learns about a program while it runs it, where that changes what a step is. */
import { Cpu } from './cpu';
import { Knowledge } from './knowledge';
import type { Task } from './task';

export abstract class Lessons extends Knowledge {
  /** Every task's start is a step of its own. Set when some task is seen to touch memory before its first operation. */
  startSteps = false;
  /** A task's end is in its last step's footprint. Set when some task is seen to wait for the end of another. */
  exitSteps = false;
  /** The machine keeps what tasks have read. Set when some task is seen to spin. */
  spinning = false;
  /** Tasks that are alike may overtake each other. Set when some task learns a number that only one of them has. */
  toldApart = false;
  /** Whether the program has tasks that are alike. */
  protected hasAlike = false;

  /** The numbers of all tasks that there have been, by path. */
  protected readonly ids = new Map<string, number>();
  readonly #cpus: (Cpu | undefined)[] = [];

  /** The CPU of a task. */
  cpuOf({ id, base }: Pick<Task, 'id' | 'base'>): Cpu {
    const cpu = (this.#cpus[id] ??= new Cpu(id));
    if (cpu.base < 0) cpu.place((id === 0 ? this.taskLocation(0) : base) + 2);
    return cpu.fresh();
  }

  /** The CPU of the task with a path, also before it is spawned; null if there has never been such a task. */
  cpuAt(path: string): Cpu | null {
    const id = this.ids.get(path);
    return id === undefined ? null : this.cpuOf({ id, base: this.taskLocation(id) });
  }

  /** Turns on everything the machine could learn about where steps begin and end, so that it does not change later. */
  learnAll(): void {
    this.startSteps = this.exitSteps = this.spinning = this.toldApart = this.allMixed = true;
  }

  /** A task learns a number that another one like it has not. */
  tellApart({ id }: { readonly id: number }): void {
    if (id !== 0 && this.hasAlike) this.toldApart = true; // the explorer notices and restarts
  }

  /** Grows when the machine learns something that changes what a step is. Explorations then restart. */
  get lessons(): number {
    const { startSteps, exitSteps, spinning, toldApart, reorders, mixed, victims } = this;
    const learnt = [startSteps, exitSteps, spinning, toldApart, reorders].filter(Boolean).length;
    return learnt + mixed.size + victims.size;
  }
}
