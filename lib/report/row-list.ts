// SPDX-License-Identifier: GPL-2.0-only
/** The rows so far. The latest ones may still change: a call continues, or a read becomes an update. */
import type { Place } from './calls';
import { Weight } from './weights';
import type { Effect } from './words';

export interface Row {
  readonly letter: string;
  readonly depth: number;
  text: string;
  /** Label of the object it is about; empty for an entered function. */
  readonly object: string;
  readonly at: Place | null;
  /** Index of the first step of this row. `last` is the index of its last step. */
  readonly step: number;
  last: number;
  weight: Weight;
  /** The mark beside a guilty row; empty for the others. */
  mark: string;
  /** Identifies the call of this row while that may continue; empty for other rows. */
  readonly key: string;
  /** The count it changed. */
  effect: Effect | null;
  /** Whether plain code wrote the object. */
  writes: boolean;
}

/** What a new row is made of, with its stack. */
export interface Entry extends Pick<Row, 'letter' | 'depth' | 'text' | 'object' | 'at' | 'step'> {
  readonly weight: Weight;
  readonly site: string;
  readonly key?: string;
  readonly effect?: Effect | null;
}

/** A plain access: the location, and the value read or written. */
export interface Touch {
  readonly what: string;
  readonly value: string;
  readonly write: boolean;
}

/** A further step of a call that already has a row. */
export interface Further {
  readonly letter: string;
  readonly step: number;
  readonly key: string;
  readonly object: string;
  readonly site: string;
  readonly effect: Effect | null;
}

/** The mark of a guilty row without further explanation. */
export const HERE = ' ';

export class RowList {
  readonly rows: Row[] = [];
  /** The plain access of the last row. */
  #touched: (Touch & { readonly row: Row }) | null = null;

  constructor(readonly guilty: ReadonlySet<string>) {}

  lastOf(letter: string): Row | undefined {
    return this.rows.findLast((row) => row.letter === letter);
  }

  /** Adds a row, unless the last one says the same. */
  push(entry: Entry): Row {
    const { letter, depth, text, object, at, step, weight, site, key = '', effect = null } = entry;
    const last = this.rows[this.rows.length - 1];
    if (last?.letter === letter && last.step === step && last.text === text) {
      if (last.at?.line === at?.line) {
        this.#judge(last, site);
        return last;
      }
    }
    const row: Row = {
      letter,
      depth,
      text: text + effectText(effect, object),
      object,
      at,
      step,
      last: step,
      weight,
      mark: '',
      key,
      effect,
      writes: false,
    };
    this.rows.push(row);
    this.#judge(row, site);
    return row;
  }

  /** Adds a plain access. A read and a write of one location on one line make one row, `total.value += 1`. */
  touch(entry: Entry, touch: Touch): void {
    const { what, value, write } = touch;
    const before = this.#touched;
    const { row } = before ?? {};
    if (before !== null && row === this.rows[this.rows.length - 1] && row?.step === entry.step) {
      const same = before.what === what && row.at?.line === entry.at?.line;
      if (same && !before.write && write) {
        row.text = `updates ${what} ${before.value} -> ${value}`;
        row.writes = true;
        this.#judge(row, entry.site);
        this.#touched = null;
        return;
      }
    }
    const text = `${write ? 'writes' : 'reads'} ${what} = ${value}`;
    const told = this.push({ ...entry, text });
    told.writes ||= write;
    this.#touched = { ...touch, row: told };
  }

  /**
   * Merges a further step into the row of its call, or drops it if it says nothing new. Returns false if the step needs
   * a row of its own.
   */
  goOn({ letter, step, key, object, site, effect }: Further): boolean {
    const row = this.rows.findLast((one) => one.letter === letter && one.key === key);
    if (row === undefined || (object !== '' && object !== row.object)) {
      return false;
    }
    if (effect !== null && row.effect === null && / = \S+$/.test(row.text)) return false; // it has told its own result
    const uninterrupted = row === this.rows[this.rows.length - 1];
    if (effect === null && !this.guilty.has(site)) return uninterrupted ? extend(row, step) : true;
    if (!uninterrupted) return this.#resume(row, { letter, step, key, object, site, effect });
    if (effect !== null) {
      const joined = row.effect === null ? effect : { ...effect, before: row.effect.before };
      row.text = `${bare(row)}${effectText(joined, row.object)}`;
      row.effect = joined;
    }
    this.#judge(row, site);
    return extend(row, step);
  }

  /** Adds a second row for a call that other tasks have interrupted. */
  #resume(row: Row, { letter, step, key, object, site, effect }: Further): boolean {
    const { depth, at } = row;
    const first = bare(row);
    if (!first.endsWith(' ...') && !first.startsWith('... ')) row.text = `${row.text} ...`;
    const text = `... ${first.replace(/^\.\.\. | \.\.\.$/g, '')}`;
    const weight = Weight.Shared;
    this.push({ letter, depth, text, object, at, step, weight, site, key, effect });
    return true;
  }

  #judge(row: Row, site: string): void {
    if (site === '' || !this.guilty.has(site)) return;
    row.mark = HERE;
    row.weight = Weight.Guilty;
  }
}

function extend(row: Row, step: number): true {
  row.last = step;
  return true;
}

/** A row's text without the change of its count. */
function bare({ text, effect, object }: Row): string {
  const said = effectText(effect, object);
  return said !== '' && text.endsWith(said) ? text.slice(0, -said.length) : text;
}

function effectText(effect: Effect | null, object: string): string {
  if (effect === null) return '';
  const { before, after } = effect;
  return `${effect.object === object ? ' ' : `, ${effect.object} `}${before} -> ${after}`;
}
