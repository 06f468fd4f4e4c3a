// SPDX-License-Identifier: GPL-2.0-only
/** Records which steps accessed which location in the current execution. */
import { type Footprint, locationOf } from '../machine/footprint';

/** The accesses of one location, oldest first. Entries are encoded like footprints, with a step's index for the location. */
export class Log {
  length = 0;
  /** May be longer than the log: an earlier execution may have had more entries. */
  readonly #entries: number[] = [];

  at(index: number): number {
    return this.#entries[index] ?? 0;
  }

  add(entry: number): void {
    this.#entries[this.length++] = entry;
  }
}

const EMPTY = new Log();

export class Accesses {
  readonly #logs: Log[] = [];
  readonly #used: Log[] = [];
  #usedCount = 0;

  /** The accesses of a location so far. */
  of(location: number): Log {
    return this.#logs[location] ?? EMPTY;
  }

  /** Adds the accesses of a step. */
  add(index: number, footprint: Footprint): void {
    for (let i = 0; i < footprint.length; i++) {
      const access = footprint[i] ?? 0;
      const log = (this.#logs[locationOf(access)] ??= new Log());
      if (log.length === 0) this.#used[this.#usedCount++] = log;
      log.add(index * 4 + (access & 3));
    }
  }

  /** Empties all logs. */
  clear(): void {
    for (let i = 0; i < this.#usedCount; i++) {
      const log = this.#used[i];
      if (log !== undefined) log.length = 0;
    }
    this.#usedCount = 0;
  }
}
