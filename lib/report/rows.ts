// SPDX-License-Identifier: GPL-2.0-only
/**
 * Rows: an execution as a reader of the driver would tell it, one line for each operation, function entered, shared memory
 * touched and wait.
 */
import { type Finding, locationOf, changes } from '../machine';
import { type Call, Calls, type Chain, type Place } from './calls';
import { countText, isCounter } from './counters';
import type { FrameRules } from './frames';
import { outcomeText } from './outcomes';
import {
  type Recorded,
  type RecordedAccess,
  type RecordedOperation,
  type RecordedStep,
  stepsUpTo,
} from './recorded';

/** How much a row matters when not all can be shown. */
export enum Weight {
  Private = 0,
  Entry = 1,
  Shared = 2,
  Wait = 3,
  Guilty = 4,
}

export interface Row {
  readonly path: string;
  readonly depth: number;
  text: string;
  /** Label of what it is about; empty for functions entered. */
  readonly object: string;
  readonly at: Place | null;
  /** Index of the step it belongs to. */
  readonly step: number;
  weight: Weight;
  /** What is said beside a guilty row; empty for the others. */
  mark: string;
}

/** The rows of an execution up to a finding, of all of it if there is none; `guilty` are the stacks its report speaks of. */
export function rowsOf(
  recorded: Recorded,
  finding: Finding | null,
  guilty: ReadonlySet<string>,
  rules: FrameRules,
): Row[] {
  return new Rows(recorded, finding, guilty, new Calls(rules, recorded.stacks)).all();
}

/** A row to be, with the stack it comes from. */
type Entry = Omit<Row, 'mark'> & { readonly site: string };

/** What a task's rows have entered so far. */
interface Open {
  readonly keys: readonly string[];
  readonly place: string;
}

const OUTSIDE: Open = { keys: [], place: '' };

class Rows {
  readonly #rows: Row[] = [];
  readonly #open = new Map<string, Open>();
  readonly #steps: readonly RecordedStep[];
  readonly #shared: ReadonlySet<number>;

  constructor(
    readonly recorded: Recorded,
    readonly finding: Finding | null,
    readonly guilty: ReadonlySet<string>,
    readonly calls: Calls,
  ) {
    this.#steps = recorded.steps.slice(0, stepsUpTo(recorded, finding));
    this.#shared = sharedLocations(recorded.steps);
  }

  all(): Row[] {
    this.#steps.forEach((step, index) => this.#tell(step, index));
    if (this.finding !== null && !this.recorded.steps.some((step) => this.#found(step))) {
      for (const waiting of this.recorded.waiting) this.#waitsForEver(waiting, waiting.path);
    }
    return this.#rows;
  }

  #tell(step: RecordedStep, index: number): void {
    const from = this.#rows.length;
    const { path } = step;
    if (step.operation !== 'start') {
      const weight = step.footprint.some((access) => this.#shared.has(locationOf(access)))
        ? Weight.Shared
        : Weight.Private;
      this.#operation(step, path, index, weight, resultOf(step));
    }
    for (const access of step.accesses) this.#access(access, step, index);
    if (step.waits !== null) this.#operation(step.waits, path, index, Weight.Wait, WAITS);
    if (this.#found(step)) this.#accuse(step, this.finding?.kind ?? '', index, from);
  }

  #found({ findings }: RecordedStep): boolean {
    return this.finding !== null && findings.includes(this.finding);
  }

  /** A row for an operation, below the rows for what was entered to get there. */
  #operation(
    at: RecordedOperation,
    path: string,
    step: number,
    weight: Weight,
    result: string,
  ): void {
    const chain = this.calls.chain(at.site);
    const last = chain.calls[chain.calls.length - 1];
    const again = this.#enter(chain, path, step);
    const named = last !== undefined && !last.own;
    // A primitive made of several operations is told by its name once, its further operations below it.
    const inside = named && again && this.#open.get(path)?.place !== chain.place;
    const text = named && !inside ? `${last.name}(${at.object})` : `${at.operation}(${at.object})`;
    this.#push({
      path,
      depth: chain.calls.length - (named && !inside ? 1 : 0),
      text: text + result,
      object: at.object,
      at: named ? last.at : null,
      step,
      weight,
      site: at.site,
    });
    this.#open.set(path, { keys: keysOf(chain.calls), place: chain.place });
  }

  /** Memory touched by plain code: what is shared or guilty, and what the library did with it when the driver called. */
  #access(access: RecordedAccess, { path, accesses }: RecordedStep, step: number): void {
    const shared = this.#shared.has(access.location);
    if (!shared && !this.guilty.has(access.site)) return;
    const chain = this.calls.chain(access.site);
    const last = chain.calls[chain.calls.length - 1];
    const again = this.#enter(chain, path, step);
    const what = access.field === '' ? access.object : `${access.object}.${access.field}`;
    const base = { path, step, weight: Weight.Shared, object: access.object, site: access.site };
    if (last !== undefined && !last.own) {
      const first = accesses.find(({ site }) => this.#innermost(site)?.key === last.key);
      const text = `${last.name}(${first?.object ?? access.object})`;
      const known = again && this.#rows.findLast((row) => row.path === path)?.step === step;
      if (!known || this.guilty.has(access.site)) {
        this.#push({ ...base, depth: chain.calls.length - 1, text, at: last.at });
      }
    } else {
      const text = `${access.write ? 'writes' : 'reads'} ${what}`;
      this.#push({ ...base, depth: chain.calls.length, text, at: placeOf(chain) });
    }
    this.#open.set(path, { keys: keysOf(chain.calls), place: chain.place });
  }

  #innermost(site: string): Call | undefined {
    const { calls } = this.calls.chain(site);
    return calls[calls.length - 1];
  }

  /** Rows for the functions a chain has entered since the task's last row; true if it has entered none. */
  #enter(chain: Chain, path: string, step: number): boolean {
    const { keys } = this.#open.get(path) ?? OUTSIDE;
    const { calls } = chain;
    let depth = 0;
    while (depth < calls.length && calls[depth]?.key === keys[depth]) depth++;
    const again = depth === calls.length;
    for (; depth < calls.length; depth++) {
      const call = calls[depth];
      if (call === undefined || (!call.own && depth === calls.length - 1)) break;
      const { at } = call;
      const text = `${call.name}()`;
      const weight = Weight.Entry;
      this.#push({ path, depth, text, object: '', at, step, weight, site: '' });
    }
    return again;
  }

  #waitsForEver(waiting: RecordedOperation, path: string): void {
    let row = this.#rows.findLast((one) => one.path === path);
    if (row?.text.endsWith(WAITS) !== true) {
      this.#operation(waiting, path, this.#steps.length, Weight.Wait, '');
      row = this.#rows[this.#rows.length - 1];
    }
    if (row === undefined) return;
    row.text = row.text.replace(WAITS, '');
    row.mark = 'waits for ever';
  }

  /** Marks the row the finding is about: its own if it has none yet, else the step's last. */
  #accuse({ path }: RecordedStep, kind: string, index: number, from: number): void {
    const site = this.#unseenSide();
    if (site !== null && !this.#rows.slice(from).some(({ mark }) => mark !== '')) {
      const chain = this.calls.chain(site);
      const last = chain.calls[chain.calls.length - 1];
      this.#enter(chain, path, index);
      const named = last !== undefined && !last.own;
      this.#push({
        path,
        depth: chain.calls.length - (named ? 1 : 0),
        text: named ? `${last.name}()` : 'stops here',
        object: '',
        at: named ? last.at : placeOf(chain),
        step: index,
        weight: Weight.Guilty,
        site,
      });
    }
    const rows = this.#rows.slice(from);
    let row = rows.findLast(({ mark }) => mark !== '') ?? rows[rows.length - 1];
    if (row === undefined) {
      const depth = this.#open.get(path)?.keys.length ?? 0;
      const weight = Weight.Guilty;
      row = { path, depth, text: '...', object: '', at: null, step: index, weight, mark: '' };
      this.#rows.push(row);
    }
    row.mark = kind;
    row.weight = Weight.Guilty;
  }

  /** The stack the headline is about, if it is not that of an operation or access: of an exception, or a BUG_ON(). */
  #unseenSide(): string | null {
    const [site] = this.guilty;
    if (site === undefined) return null;
    const seen = this.recorded.steps.some(
      (step) => step.site === site || step.accesses.some((access) => access.site === site),
    );
    return seen || this.calls.chain(site).calls.length === 0 ? null : site;
  }

  /** A read and a write of one thing on one line are one row: `total.value += 1`. */
  #update(last: Row | undefined, row: Entry): boolean {
    if (last?.path !== row.path || last.step !== row.step || last.at?.line !== row.at?.line) {
      return false;
    }
    if (row.text !== last.text.replace(/^reads /, 'writes ')) return false;
    last.text = last.text.replace(/^reads /, 'updates ');
    if (this.guilty.has(row.site)) {
      last.mark = HERE;
      last.weight = Weight.Guilty;
    }
    return true;
  }

  #push(entry: Entry): void {
    const { site, ...row } = entry;
    const last = this.#rows[this.#rows.length - 1];
    const same = last?.path === row.path && last.step === row.step && last.text === row.text;
    if (same && last.at?.line === row.at?.line) return;
    if (this.#update(last, entry)) return;
    const guilty = site !== '' && this.guilty.has(site);
    this.#rows.push({
      ...row,
      weight: guilty ? Weight.Guilty : row.weight,
      mark: guilty ? HERE : '',
    });
  }
}

const WAITS = ' ... waits';

/** Mark of a guilty row there is nothing more to say about. */
export const HERE = ' ';

function keysOf(calls: readonly Call[]): string[] {
  return calls.map(({ key }) => key);
}

function placeOf({ place, calls }: Chain): Place | null {
  const match = /([^/\s]+):(\d+):\d+$/.exec(place);
  if (match === null || calls.length === 0) return null;
  return { file: match[1] ?? '', line: Number(match[2]) };
}

/** Locations that steps of different tasks touch, one of them writing. */
function sharedLocations(steps: readonly RecordedStep[]): Set<number> {
  const first = new Map<number, number>();
  const several = new Set<number>();
  const written = new Set<number>();
  for (const { task, footprint } of steps) {
    for (const access of footprint) {
      const location = locationOf(access);
      if (!first.has(location)) first.set(location, task);
      if (first.get(location) !== task) several.add(location);
      if (changes(access)) written.add(location);
    }
  }
  return new Set([...several].filter((location) => written.has(location)));
}

/** What came of an operation: a counter's values, a failure that was dealt. */
function resultOf({ operation, state, outcome }: RecordedStep): string {
  if (outcome !== 0) return ` ${outcomeText(operation, outcome)}`;
  if (state === null || state.before === state.after || !isCounter(state.type)) return '';
  return ` ${state.before} -> ${countText(state.after)}`;
}
