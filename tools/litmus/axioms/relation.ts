// SPDX-License-Identifier: GPL-2.0-only
/** Relations between the events of one execution, as rows of bits, with the operators of the cat language. */

/** More events than any program of ours has: a row is one number. */
export const EVENTS_MAX = 31;

/** A set of events, as bits. */
export type Events = number;

/** A relation: bit j of row i says that i comes before j. */
export class Relation {
  constructor(readonly rows: readonly number[]) {}

  /** The pairs of events for which something holds. */
  static of(size: number, holds: (a: number, b: number) => boolean): Relation {
    const all = Array.from({ length: size }, (_, i) => i);
    return new Relation(
      all.map((a) => all.reduce((row, b) => (holds(a, b) ? row | (1 << b) : row), 0)),
    );
  }

  get isEmpty(): boolean {
    return this.rows.every((row) => row === 0);
  }

  /** Whether some event is related to itself. */
  get isReflexive(): boolean {
    return this.rows.some((row, i) => (row & (1 << i)) !== 0);
  }

  get isAcyclic(): boolean {
    return !this.plus().isReflexive;
  }

  or(...others: readonly Relation[]): Relation {
    return new Relation(
      this.rows.map((row, i) => others.reduce((all, { rows }) => all | (rows[i] ?? 0), row)),
    );
  }

  and({ rows }: Relation): Relation {
    return new Relation(this.rows.map((row, i) => row & (rows[i] ?? 0)));
  }

  minus({ rows }: Relation): Relation {
    return new Relation(this.rows.map((row, i) => row & ~(rows[i] ?? 0)));
  }

  /** One step of this, then one of each of the others. */
  then(...others: readonly Relation[]): Relation {
    return others.reduce<Relation>((first, second) => first.#then(second), this);
  }

  #then({ rows }: Relation): Relation {
    return new Relation(
      this.rows.map((row) => {
        let reached = 0;
        for (let rest = row; rest !== 0; rest &= rest - 1) {
          reached |= rows[31 - Math.clz32(rest & -rest)] ?? 0;
        }
        return reached;
      }),
    );
  }

  /** Only the pairs that begin in one set and end in another. */
  between(from: Events, to: Events): Relation {
    return new Relation(this.rows.map((row, i) => ((from & (1 << i)) === 0 ? 0 : row & to)));
  }

  inverse(): Relation {
    return Relation.of(this.rows.length, (a, b) => ((this.rows[b] ?? 0) & (1 << a)) !== 0);
  }

  /** None or one step. */
  maybe(): Relation {
    return new Relation(this.rows.map((row, i) => row | (1 << i)));
  }

  /** One step or more. */
  plus(): Relation {
    const rows = [...this.rows];
    for (let via = 0; via < rows.length; via++) {
      const onwards = rows[via] ?? 0;
      for (let i = 0; i < rows.length; i++) {
        if (((rows[i] ?? 0) & (1 << via)) !== 0) rows[i] = (rows[i] ?? 0) | onwards;
      }
    }
    return new Relation(rows);
  }

  /** Any number of steps. */
  star(): Relation {
    return this.plus().maybe();
  }
}
