// SPDX-License-Identifier: GPL-2.0-only
/** One execution of a litmus test as an interleaving: what each thread did, and what it did not see. */
import { type Cell, columns, oneColumn } from '../../lib/report';
import type { MarkedAccess, Telling } from '../../lib/machine';
import { kcsan } from '../../lib/sanitize';
import type { Schedule } from './engine';
import { OnMachine, type Performed } from './on-machine';
import type { LitmusTest } from './syntax';
import { textOf } from './thread';

/** One operation. */
export interface Row {
  readonly thread: number;
  readonly line: number;
  /** The operation and its result: `READ_ONCE(*x) = 0`. */
  readonly text: string;
  /** The stores that an access passed over; empty if it took effect immediately. */
  readonly note: string;
}

export interface Witness {
  readonly rows: readonly Row[];
  /** The places of the first data race's accesses, as `P0:12 / P1:20`; null if there is none. */
  readonly race: string | null;
}

/** Runs an execution again and describes it. */
export function witnessOf(test: LitmusTest, schedule: Schedule): Witness {
  const running = new OnMachine(test, [kcsan()]);
  const { machine } = running;
  const rows: Row[] = [];
  const makers = new Map<MarkedAccess, Performed>();
  running.watch = (performed) => {
    const access = isMarked(performed) ? machine.log?.last(machine.task.id) : undefined;
    if (access !== undefined) makers.set(access, performed);
    const passed = access === undefined || machine.outcome === 0 ? '' : passedOver(access, makers);
    const row = { ...rowOf(performed), note: passed };
    const before = rows.findLast(({ thread }) => thread === row.thread);
    // One call may consist of several operations.
    if (before?.line !== row.line || before.text !== row.text) rows.push(row);
  };
  running.placing(() => {
    machine.boot();
    for (const { task, outcome } of schedule) {
      if (machine.enabled(task)) machine.run(task, outcome);
    }
  });
  return { rows, race: machine.findings[0]?.headline(PLACES).replace(/^.* in /, '') ?? null };
}

/** Accesses come from threads and lines, not from functions. */
const PLACES: Telling = { frames: () => [], where: (site) => site, stack: (site) => [` ${site}`] };

function isMarked({ step: { kind } }: Performed): boolean {
  return kind === 'load' || kind === 'store' || kind === 'rmw';
}

function rowOf({ thread, step, answer }: Performed): Omit<Row, 'note'> {
  const { kind, line } = step;
  const gives = ['load', 'plain load', 'trylock', 'is locked', 'srcu lock'].includes(kind);
  const result = gives ? ` = ${textOf(answer)}` : '';
  const was = kind === 'rmw' ? `, was ${textOf(answer)}` : '';
  return { thread, line, text: `${step.text}${result}${was}` };
}

/** The stores that an access passed over although they had been made. */
function passedOver(access: MarkedAccess, makers: ReadonlyMap<MarkedAccess, Performed>): string {
  const name = (store: MarkedAccess | undefined): string => {
    const made = store === undefined ? undefined : makers.get(store);
    return made === undefined ? 'the initial value' : `line ${made.step.line} of P${made.thread}`;
  };
  const order = access.order ?? [];
  const source = access.store ? access : access.sources[0];
  const newer = source === undefined ? [] : order.slice(order.indexOf(source) + 1);
  const missed = newer.map(name).join(', ');
  if (!access.store) return `reads ${name(source)}, not ${missed}`;
  return `comes before ${missed}`;
}

/** The minimal width of a column. */
const HEADER = 30;

/** The threads side by side, or one below the other if the lines are too short. */
export function drawWitness(test: LitmusTest, { rows }: Witness, width: number): string[] {
  const cells = rows.map(({ thread, line, text, note }): Cell => {
    return { column: thread, text: `${String(line).padStart(4)} ${text}`, mark: note };
  });
  const names = test.threads.map(({ name }) => name);
  const aside = columns(
    names.map((name) => `     ${name}`.padEnd(HEADER)),
    cells.map((cell) => [cell]),
    width,
  );
  const label = (cell: Cell): { label: string; text: string; mark: string } => ({
    ...cell,
    label: names[cell.column] ?? '',
  });
  return aside ?? oneColumn(cells.map(label), width);
}
