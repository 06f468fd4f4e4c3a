// SPDX-License-Identifier: GPL-2.0-only
/** Candidate executions: every way in which a program's loads may read from its stores, and its stores may be ordered. */
import { Relation } from './relation';
import { threadPaths, type Domains, type Event, type Path } from './paths';
import { initially, type Program } from './program';

/** One candidate. Whether it is consistent is for the axioms to say. */
export interface Candidate {
  readonly events: readonly Event[];
  readonly po: Relation;
  readonly rf: Relation;
  readonly co: Relation;
  /** The registers of each thread at its end. */
  readonly registers: readonly ReadonlyMap<string, number>[];
  /** What each location holds in the end. */
  readonly last: ReadonlyMap<string, number>;
}

/** All candidates of a program. One with more events than EVENTS_MAX cannot be judged. */
export function* candidates(program: Program): Generator<Candidate> {
  const domains = valuesOf(program);
  const threads = program.map((lines, t) => threadPaths(lines, t, domains));
  for (const paths of product(threads)) yield* ofPaths(paths);
}

/** What each location may hold: what is stored there on any path, until nothing new is. */
function valuesOf(program: Program): Domains {
  const domains = new Map<string, Set<number>>();
  const domain = (at: string): Set<number> => {
    let values = domains.get(at);
    if (values === undefined) domains.set(at, (values = new Set([initially(at)])));
    return values;
  };
  // Each round, one more increment may have read what another one stored.
  for (let round = 0, before = -1; round < 6; round++) {
    const now = { valuesAt: (at: string) => [...domain(at)] };
    for (const [t, lines] of program.entries()) {
      for (const { events } of threadPaths(lines, t, now)) {
        for (const { kind, at, value } of events) if (kind === 'W') domain(at).add(value);
      }
    }
    const size = [...domains.values()].reduce((all, { size }) => all + size, 0);
    if (size === before) break;
    before = size;
  }
  return { valuesAt: (at) => [...domain(at)] };
}

function* product<T>(lists: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...others] = lists;
  if (first === undefined) yield [];
  else for (const one of first) for (const rest of product(others)) yield [one, ...rest];
}

function* ofPaths(paths: readonly Path[]): Generator<Candidate> {
  const written = paths.flatMap(({ events }) => events);
  const places = [...new Set(written.flatMap(({ kind, at }) => (kind === 'F' ? [] : [at])))];
  const starts = places.map((at): Event => ({
    kind: 'W',
    thread: -1,
    at,
    value: initially(at),
    tags: ['marked'],
    addr: [],
    data: [],
    ctrl: [],
    rmw: null,
  }));
  const events = [...starts, ...written];
  const index = new Map(events.map((event, i) => [event, i]));
  const po = Relation.of(events.length, (a, b) => {
    const [one, other] = [events[a], events[b]];
    return one !== undefined && one.thread >= 0 && one.thread === other?.thread && a < b;
  });
  const loads = events.filter(({ kind }) => kind === 'R');
  const sources = loads.map((load) =>
    events.filter(({ kind, at, value }) => kind === 'W' && at === load.at && value === load.value),
  );
  const orders = places.map((at) => {
    const stores = written.filter((event) => event.kind === 'W' && event.at === at);
    return permutations(stores).filter((order) => inProgramOrder(order, written));
  });
  for (const chosen of product(sources)) {
    const rfRows = events.map(() => 0);
    chosen.forEach((store, i) => {
      const [from, to] = [index.get(store) ?? 0, index.get(loads[i] ?? store) ?? 0];
      rfRows[from] = (rfRows[from] ?? 0) | (1 << to);
    });
    const rf = new Relation(rfRows);
    for (const order of product(orders)) {
      const rows = events.map(() => 0);
      const last = new Map<string, number>();
      order.forEach((stores, p) => {
        const start = starts[p];
        if (start === undefined) return;
        const whole = [start, ...stores].map((store) => index.get(store) ?? 0);
        whole.forEach((store, i) => {
          rows[store] = whole.slice(i + 1).reduce((row, later) => row | (1 << later), 0);
        });
        last.set(start.at, (stores.at(-1) ?? start).value);
      });
      yield {
        events,
        po,
        rf,
        co: new Relation(rows),
        registers: paths.map((p) => p.registers),
        last,
      };
    }
  }
}

/** Coherence: stores of one thread stay in program order. */
function inProgramOrder(order: readonly Event[], written: readonly Event[]): boolean {
  return order.every((store, i) =>
    order
      .slice(i + 1)
      .every(
        (later) => later.thread !== store.thread || written.indexOf(store) < written.indexOf(later),
      ),
  );
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}
