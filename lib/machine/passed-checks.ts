// SPDX-License-Identifier: GPL-2.0-only
/**
 * Final checks that have passed. Many executions end in the same state, and a check that passed in it once passes again: it reads
 * memory and its world, and nothing else. So it need not run again. A check that failed always runs, for its report.
 */
import type { Machine } from './machine';
import { StateTexts } from './state';

/** A check that passed. */
interface Passed {
  /** How many steps it took: with more before it, it could reach a bound. */
  readonly steps: number;
  /** What it has reached. */
  readonly marks: ReadonlySet<string>;
}

/** More states than this are not kept. */
const STATES_MAX = 50_000;

/** Where so many states cannot be read, none is. */
const UNREAD_MAX = 8;

/** The checks that have passed in the executions of one exploration. */
export class PassedChecks {
  readonly #states = new StateTexts();
  readonly #passed = new Map<string, Passed>();
  #lessons = -1;
  #unread = 0;
  /** How many checks were run, and how many were not. */
  run = 0;
  spared = 0;

  /** Ends an execution without findings: runs the check, unless it has passed in an equal state. */
  finish(machine: Machine, check: () => void): void {
    if (machine.lessons !== this.#lessons) {
      this.#lessons = machine.lessons; // steps are others now
      this.#passed.clear();
    }
    const state = this.#unread < UNREAD_MAX ? this.#states.of(machine) : null;
    if (state === null) this.#unread++;
    const known = state === null ? undefined : this.#passed.get(state);
    if (known !== undefined && machine.steps + known.steps < machine.stepsMax) {
      this.spared++;
      for (const mark of known.marks) machine.marks.add(mark);
      return;
    }
    this.run++;
    const { steps, marks } = machine;
    machine.marks = new Set();
    check();
    const passed = machine.findings.length === 0 && machine.lessons === this.#lessons;
    if (passed && state !== null && this.#passed.size < STATES_MAX) {
      this.#passed.set(state, { steps: machine.steps - steps, marks: machine.marks });
    }
    machine.marks = new Set([...marks, ...machine.marks]);
  }
}
