// SPDX-License-Identifier: GPL-2.0-only
/**
 * Names for Mazurkiewicz traces. Two unfinished executions have the same name exactly if they differ only in the order
 * of independent steps, so that they are in the same state. The name of a step consists of its task, its outcome and the
 * names of the steps it directly depends on. The name of an execution consists of the names of the tasks' last steps.
 */
import { changes, type Footprint, locationOf } from '../machine';

/** The accesses of a location: the step that last wrote it, and the steps that have read it since. */
interface Location {
  writer: number;
  readers: number[];
}

/** Names the steps of one execution at a time. Names stay valid for the lifetime of the object. */
export class TraceNames {
  readonly #known = new Map<string, number>();
  readonly #locations: (Location | undefined)[] = [];
  readonly #touched: number[] = [];
  /** Name of the last step of each task; 0 before its first. */
  #last: number[] = [];

  /** Begins an execution. */
  begin(): void {
    for (const location of this.#touched) this.#locations[location] = undefined;
    this.#touched.length = 0;
    this.#last = [];
  }

  /** Names a step that ran. */
  add(task: number, outcome: number, footprint: Footprint): void {
    let key = `${task} ${outcome} ${this.#last[task] ?? 0}`;
    for (const access of footprint) {
      const seen = this.#locations[locationOf(access)];
      key += ` ${seen?.writer ?? 0}`;
      if (seen !== undefined && changes(access))
        for (const reader of seen.readers) key += ` ${reader}`;
    }
    let name = this.#known.get(key);
    if (name === undefined) this.#known.set(key, (name = this.#known.size + 1));
    for (const access of footprint) this.#touch(locationOf(access), changes(access), name);
    while (this.#last.length < task) this.#last.push(0);
    this.#last[task] = name;
  }

  /** The name of the execution so far. */
  name(): string {
    return this.#last.join(' ');
  }

  #touch(location: number, write: boolean, step: number): void {
    let seen = this.#locations[location];
    if (seen === undefined) {
      seen = this.#locations[location] = { writer: 0, readers: [] };
      this.#touched.push(location);
    }
    if (write) {
      seen.writer = step;
      seen.readers = [];
    } else if (seen.writer !== step && !seen.readers.includes(step)) {
      // Sort readers by name: their order must not matter.
      const at = seen.readers.findIndex((reader) => reader > step);
      seen.readers.splice(at < 0 ? seen.readers.length : at, 0, step);
    }
  }
}
