// SPDX-License-Identifier: GPL-2.0-only
/**
 * Rows: an execution as a reader of the driver would describe it. There is one row for each operation, entered function,
 * access to shared memory, printed line and wait. All that the library does inside of one call is one row, unless
 * another CPU ran in between.
 */
import type { Finding, Replay, PlainAccess, Operation, ReplayStep } from '../machine';
import { type Call, Calls, type Chain } from './calls';
import type { FrameRules } from './frames';
import { cpuIn, interruptedCpu, runsOn } from './participants';
import { stepsUpTo } from './up-to';
import { type Row, RowList } from './row-list';
import { isShared, sharedLocations } from './shared';
import { weigh, Weight } from './weights';
import {
  callText,
  type Effect,
  effectOf,
  endsGracePeriod,
  fails,
  isMachinery,
  likeliest,
  onlyHelps,
  resultText,
  waitingText,
  writtenBy,
} from './words';

export { type Row } from './row-list';
export { Weight } from './weights';

/** The rows of an execution up to a finding, or all of them if there is none. `guilty` are the stacks that its report mentions. */
export function rowsOf(
  recorded: Replay,
  finding: Finding | null,
  guilty: ReadonlySet<string>,
  rules: FrameRules,
): Row[] {
  const rows = new Rows(recorded, finding, guilty, new Calls(rules, recorded.stacks)).all();
  weigh(rows);
  return rows;
}

/** The functions that a task's rows have entered so far. */
interface Open {
  readonly keys: readonly string[];
  readonly place: string;
}

const OUTSIDE: Open = { keys: [], place: '' };

class Rows {
  readonly #rows: RowList;
  readonly #open = new Map<string, Open>();
  readonly #steps: readonly ReplayStep[];
  readonly #shared: ReadonlySet<number>;

  constructor(
    readonly recorded: Replay,
    readonly finding: Finding | null,
    readonly guilty: ReadonlySet<string>,
    readonly calls: Calls,
  ) {
    const { steps, check } = recorded;
    const found = check.findIndex((step) => this.#found(step));
    this.#steps = [...steps.slice(0, stepsUpTo(recorded, finding)), ...check.slice(0, found + 1)];
    this.#shared = sharedLocations(steps);
    this.#rows = new RowList(guilty);
  }

  all(): Row[] {
    this.#steps.forEach((step, index) => this.#tell(step, index));
    if (this.finding !== null && !this.#steps.some((step) => this.#found(step))) {
      for (const waiting of this.recorded.waiting) this.#waitsForEver(waiting, waiting.letter);
    }
    return this.#rows.rows;
  }

  #tell(step: ReplayStep, index: number): void {
    const from = this.#rows.rows.length;
    if (step.operation !== 'start' && step.operation !== '') this.#operation(step, index);
    step.accesses.forEach((access, nth) => {
      this.#prints(step, index, nth);
      this.#access(access, step, index);
    });
    this.#prints(step, index, step.accesses.length);
    if (step.waits !== null) this.#waits(step.waits, step.letter, index, WAITS);
    if (this.#found(step)) this.#accuse(step, this.finding?.kind ?? '', index, from);
  }

  #found({ findings }: ReplayStep): boolean {
    return this.finding !== null && findings.includes(this.finding);
  }

  /** Adds a row for an operation, after the rows for the functions that it entered. */
  #operation(step: ReplayStep, index: number): void {
    const { letter, site, object } = step;
    const chain = this.calls.chain(site);
    const last = chain.calls[chain.calls.length - 1];
    if (endsGracePeriod(step)) this.#plain(step, index, chain, 'grace period over');
    if (isMachinery(step) || this.#interrupts(step, index, chain)) return;
    const again = this.#enter(chain, letter, index);
    const named = last !== undefined && !last.own;
    // Show the name of a composite primitive once, not once per operation.
    const inside = named && again && this.#open.get(letter)?.place !== chain.place;
    const effect = effectOf(step);
    // The result of one inner step is not the result of the call, unless that fails.
    const own = named && (inside || !chain.within || fails(step));
    const result = effect === null && own ? resultText(step) : '';
    const key = named ? last.key : step.operation;
    this.#open.set(letter, { keys: keysOf(chain.calls), place: chain.place });
    if (inside || !named) {
      if (this.#rows.goOn({ letter, step: index, key, object, site, effect })) return;
    }
    const begins = named && !inside;
    const name = begins ? last.name : step.operation;
    const helps = begins && chain.within && onlyHelps(step);
    const { about, made } = helps
      ? this.#aboutCall(last, index, object)
      : { about: object, made: '' };
    this.#rows.push({
      letter,
      depth: chain.calls.length - (begins ? 1 : 0),
      text: callText(name, made === '' ? about : '', writtenBy(step)) + (made || result),
      object: about,
      at: named ? last.at : null,
      step: index,
      weight: this.#weightOf(step, effect),
      site,
      key,
      effect,
    });
  }

  /** A failure that the scenario asked for is never left out: the bug follows from it. */
  #weightOf(step: ReplayStep, effect: Effect | null): Weight {
    if (fails(step)) return Weight.Key;
    // The final check touches what all tasks have left, but its locks keep nobody away.
    if (step.letter === '' && /lock/.test(step.operation)) return Weight.Private;
    return effect !== null || isShared(step, this.#shared) ? Weight.Shared : Weight.Private;
  }

  /**
   * The object of a call of the library that takes several steps: the first of these may be about a lock of the library, or
   * about memory that it asks for. `first` is what the first is about. If the call has made the object, `made` says so.
   */
  #aboutCall({ key, name }: Call, index: number, first: string): { about: string; made: string } {
    const letter = this.#steps[index]?.letter;
    const objects: string[] = [];
    const results = new Set<string | null>();
    let failed = false;
    for (const step of this.#steps.slice(index)) {
      if (step.letter !== letter) continue;
      const { calls } = this.calls.chain(step.site);
      if (this.#innermost(step.site)?.key === key) {
        objects.push(step.object, step.result ?? '');
        if (/alloc/.test(step.operation)) results.add(step.result);
        failed ||= fails(step);
      } else if (step !== this.#steps[index] && !calls.some((call) => call.key === key)) break;
      const touched = step.accesses.filter(({ site }) => this.#innermost(site)?.key === key);
      objects.push(...touched.map(({ object }) => object));
    }
    const about = likeliest(name, first, objects);
    return { about, made: results.has(about) && !failed ? ` = ${about}` : '' };
  }

  /** Adds a row for the beginning or the end of an interrupt on top of a task; returns false for all other steps. */
  #interrupts(step: ReplayStep, index: number, chain: Chain): boolean {
    const cpu = interruptedCpu(step);
    if (cpu !== null) {
      const text = `interrupt on CPU ${cpu}, on top of ${runsOn(cpu, this.recorded.steps)}`;
      this.#plain(step, index, chain, text);
    } else if (step.operation === 'irq_exit') {
      this.#plain(step, index, chain, `interrupt on CPU ${cpuIn(step.object)} is over`);
    } else return false;
    return true;
  }

  #plain({ letter, object, site }: ReplayStep, step: number, chain: Chain, text: string): void {
    const depth = chain.calls.length;
    this.#rows.push({ letter, depth, text, object, at: null, step, weight: Weight.Shared, site });
  }

  #prints({ letter, prints }: ReplayStep, step: number, behind: number): void {
    for (const { text, site, more, behind: place } of prints) {
      if (place !== behind) continue;
      this.#printed(`prints "${text}"`, site, letter, step);
      if (more > 0) this.#printed(`prints ${more} more lines`, site, letter, step);
    }
  }

  #printed(text: string, site: string, letter: string, step: number): void {
    const chain = this.calls.chain(site);
    this.#enter(chain, letter, step);
    const last = chain.calls[chain.calls.length - 1];
    const called = last !== undefined && !last.own;
    this.#rows.push({
      letter,
      depth: chain.calls.length - (called ? 1 : 0),
      text,
      object: '',
      at: called ? last.at : chain.at,
      step,
      weight: Weight.Print,
      site: '',
    });
    this.#open.set(letter, { keys: keysOf(chain.calls), place: chain.place });
  }

  /** Adds plain accesses: those to shared or guilty memory, and those that the library made for a call of the driver. */
  #access(access: PlainAccess, { letter, accesses }: ReplayStep, step: number): void {
    const shared = this.#shared.has(access.location) || letter === '';
    const { site, object, value } = access;
    if (!shared && !this.guilty.has(site)) return;
    const chain = this.calls.chain(site);
    const last = chain.calls[chain.calls.length - 1];
    const again = this.#enter(chain, letter, step);
    const base = { letter, step, weight: Weight.Shared, object, site };
    if (last !== undefined && !last.own) {
      const first = accesses.find((one) => this.#innermost(one.site)?.key === last.key);
      const { about } = this.#aboutCall(last, step, first?.object ?? object);
      const text = callText(last.name, about);
      const known = again && this.#rows.lastOf(letter)?.step === step;
      if (!known || this.guilty.has(site)) {
        this.#rows.push({
          ...base,
          depth: chain.calls.length - 1,
          text,
          at: last.at,
        });
      }
    } else {
      const depth = chain.calls.length;
      const what = access.field === '' ? object : `${object}.${access.field}`;
      const touch = { what, value: value ?? '...', write: access.write };
      this.#rows.touch({ ...base, depth, text: '', at: chain.at }, touch);
    }
    this.#open.set(letter, { keys: keysOf(chain.calls), place: chain.place });
  }

  #innermost(site: string): Call | undefined {
    const { calls } = this.calls.chain(site);
    return calls[calls.length - 1];
  }

  /** Adds rows for the functions that a chain has entered since the task's last row; returns true if there are none. */
  #enter(chain: Chain, letter: string, step: number): boolean {
    const { keys } = this.#open.get(letter) ?? OUTSIDE;
    const { calls } = chain;
    let depth = 0;
    while (depth < calls.length && calls[depth]?.key === keys[depth]) depth++;
    const again = depth === calls.length;
    for (; depth < calls.length; depth++) {
      const call = calls[depth];
      if (call === undefined || (!call.own && depth === calls.length - 1)) break;
      const { at } = call;
      const text = `${call.name}()`;
      this.#rows.push({
        letter,
        depth,
        text,
        object: '',
        at,
        step,
        weight: Weight.Entry,
        site: '',
      });
    }
    return again;
  }

  #waits(waits: Operation, letter: string, step: number, how: string): void {
    const chain = this.calls.chain(waits.site);
    this.#enter(chain, letter, step);
    const last = chain.calls[chain.calls.length - 1];
    const named = last !== undefined && !last.own;
    const text = named ? callText(last.name, waits.object) : waitingText(waits);
    this.#rows.push({
      letter,
      depth: chain.calls.length - (named ? 1 : 0),
      text: text + how,
      object: waits.object,
      at: named ? last.at : null,
      step,
      weight: Weight.Wait,
      site: waits.site,
    });
    this.#open.set(letter, { keys: keysOf(chain.calls), place: chain.place });
  }

  #waitsForEver(waiting: Operation, letter: string): void {
    let row = this.#rows.lastOf(letter);
    if (row?.text.endsWith(WAITS) !== true) {
      this.#waits(waiting, letter, this.#steps.length, '');
      row = this.#rows.lastOf(letter);
    }
    if (row === undefined) return;
    row.text = row.text.replace(WAITS, '');
    row.mark = this.#isInterrupted(letter) ? 'the interrupt never returns here' : 'waits for ever';
    row.weight = Weight.Guilty;
  }

  /** Whether an interrupt on top of a task is not over at the end. */
  #isInterrupted(letter: string): boolean {
    const { steps } = this.recorded;
    const last = steps.findLast(({ object, operation }) => {
      if (operation !== 'irq_enter' && operation !== 'irq_exit') return false;
      return runsOn(cpuIn(object), steps) === letter;
    });
    return last?.operation === 'irq_enter';
  }

  /** Marks the row of the finding: its own if that has no mark yet, else the last row of the step. */
  #accuse({ letter }: ReplayStep, kind: string, index: number, from: number): void {
    const list = this.#rows;
    const site = this.#unseenSide();
    let row: Row | undefined;
    if (site !== null) {
      const chain = this.calls.chain(site);
      const last = chain.calls[chain.calls.length - 1];
      this.#enter(chain, letter, index);
      const named = last !== undefined && !last.own;
      const object = this.recorded.steps.find((step) => step.site === site)?.object ?? '';
      row = list.push({
        letter,
        depth: chain.calls.length - (named ? 1 : 0),
        text: named ? callText(last.name, object) : 'stops here',
        object,
        at: named ? last.at : chain.at,
        step: index,
        weight: Weight.Guilty,
        site,
      });
    }
    const rows = list.rows.slice(from);
    row ??= rows.findLast(({ mark }) => mark !== '') ?? rows[rows.length - 1];
    if (row === undefined) {
      const depth = this.#open.get(letter)?.keys.length ?? 0;
      const weight = Weight.Guilty;
      const entry = { letter, depth, text: '...', object: '', at: null, step: index, weight };
      row = list.push({ ...entry, site: '' });
    }
    // What the step did after its fault explains nothing.
    if (row.mark !== '') list.rows.length = list.rows.indexOf(row) + 1;
    row.mark = kind;
    row.weight = Weight.Guilty;
  }

  /**
   * The stack of the headline if no operation or access has it up to here: an exception, a BUG_ON(), or a call that was
   * wrong to make and has not run.
   */
  #unseenSide(): string | null {
    const [site] = this.guilty;
    if (site === undefined) return null;
    const seen = this.#steps.some(
      ({ accesses, waits, ...step }) =>
        step.site === site || waits?.site === site || accesses.some((one) => one.site === site),
    );
    return seen || this.calls.chain(site).calls.length === 0 ? null : site;
  }
}

const WAITS = ' ... waits';

function keysOf(calls: readonly Call[]): string[] {
  return calls.map(({ key }) => key);
}
