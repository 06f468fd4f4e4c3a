// SPDX-License-Identifier: GPL-2.0-only
/** Who touched which location in the current execution. */
import { type Footprint, locationOf } from '../machine/footprint';

/** Accesses of one location, oldest first: each is a step as if it were a location, encoded as footprints are. */
export class Log {
  length = 0;
  /** Longer than the log where an earlier execution had more. */
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

  /** What happened to a location so far. */
  of(location: number): Log {
    return this.#logs[location] ?? EMPTY;
  }

  /** Books a step. */
  add(index: number, footprint: Footprint): void {
    for (let i = 0; i < footprint.length; i++) {
      const access = footprint[i] ?? 0;
      const log = (this.#logs[locationOf(access)] ??= new Log());
      if (log.length === 0) this.#used[this.#usedCount++] = log;
      log.add(index * 4 + (access & 3));
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (let i = 0; i < this.#usedCount; i++) {
      const log = this.#used[i];
      if (log !== undefined) log.length = 0;
    }
    this.#usedCount = 0;
  }
}
