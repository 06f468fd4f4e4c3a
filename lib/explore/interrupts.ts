// SPDX-License-Identifier: GPL-2.0-only
/**
 * Races of a task that was interrupted. Between the first and the last step of an interrupt on its CPU the task cannot run, so it
 * cannot come before that last step alone, nor in the middle: the whole interrupt is left out, and what depends on it.
 */
import { locationOf } from '../machine/footprint';
import { ENTER } from '../machine/interrupt';
import type { Past } from './blocking';
import type { Races, Step } from './step';

/** The first and last step of an interrupt; -1 for the last if it is not over. */
interface Interrupt {
  readonly enter: number;
  exit: number;
}

export class Interrupts {
  constructor(readonly history: Past) {}

  /** The interrupts on the CPU of a step's task since that task's last step; null if there were none. */
  on({ task }: Step, last: number): readonly Interrupt[] | null {
    const { machine } = this.history;
    const running = machine.tasks[task];
    if (running?.interruptible !== true) return null;
    const location = running.base + 2;
    const log = this.history.accesses.of(location);
    const found: Interrupt[] = [];
    let exit = -1;
    for (let i = log.length - 1; i >= 0; i--) {
      const index = locationOf(log.at(i));
      if (index <= last) break;
      const step = this.history.step(index);
      if (step.location !== location) continue;
      if (step.request?.kind === ENTER) {
        found.push({ enter: index, exit });
        exit = -1;
      } else exit = index;
    }
    return found.length === 0 ? null : found;
  }

  /** Lets races, from an index on, leave out the interrupts that would otherwise be left half-way. */
  leaveOut(interrupts: readonly Interrupt[], races: Races, from: number): void {
    for (let i = from; i < races.length; i++) {
      const race = races.at(i);
      if (race === undefined) continue;
      const out = [race.first, ...race.more];
      for (const { enter, exit } of interrupts) {
        if (this.#isLeftOut(out, enter)) continue;
        if (exit < 0 || this.#isLeftOut(out, exit)) out.push(enter);
      }
      if (out.length === 1 + race.more.length) continue;
      [race.first = 0, ...race.more] = out.sort((a, b) => a - b);
    }
  }

  #isLeftOut(out: readonly number[], index: number): boolean {
    return out.some((first) => index >= first && this.history.before(first, index));
  }
}

/** Whether a step is the first of an interrupt. */
export function isEntered(interrupts: readonly Interrupt[], index: number): boolean {
  return interrupts.some(({ enter }) => enter === index);
}

/** The first step of the interrupt that ends with a step; the step itself if none does. */
export function entered(interrupts: readonly Interrupt[], index: number): number {
  return interrupts.find(({ exit }) => exit === index)?.enter ?? index;
}
