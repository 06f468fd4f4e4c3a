// SPDX-License-Identifier: GPL-2.0-only
/** The events of a thread, for every combination of values that its loads may read. */
import type { Fence, Line, Ordering, Place } from './program';
import { pointedTo } from './program';

type Tag = 'marked' | 'acquire' | 'release' | 'noreturn' | 'atomic' | 'lock' | 'unlock' | Fence;

/** One event; loads that it depends on are events of the same path. */
export interface Event {
  readonly kind: 'R' | 'W' | 'F';
  /** -1 for what is there at first. */
  readonly thread: number;
  readonly at: string;
  readonly value: number;
  readonly tags: readonly Tag[];
  readonly addr: readonly Event[];
  readonly data: readonly Event[];
  readonly ctrl: readonly Event[];
  /** The load of the read-modify-write that this store ends. */
  readonly rmw: Event | null;
}

/** One way through a thread. */
export interface Path {
  readonly events: readonly Event[];
  readonly registers: ReadonlyMap<string, number>;
}

/** What the loads of a location may read. */
export interface Domains {
  valuesAt(at: string): readonly number[];
}

/** What a thread has in a register, and the loads it comes from. */
interface Held {
  readonly value: number;
  readonly from: readonly Event[];
}

/** A path so far. */
interface State {
  readonly events: readonly Event[];
  readonly registers: ReadonlyMap<string, Held>;
  readonly ctrl: readonly Event[];
}

/** All ways through a thread. */
export function threadPaths(lines: readonly Line[], thread: number, domains: Domains): Path[] {
  const walker = new Walker(thread, domains);
  const start: State = { events: [], registers: new Map(), ctrl: [] };
  return walker.walk(lines, start).map(({ events, registers }) => ({
    events,
    registers: new Map([...registers].map(([name, { value }]) => [name, value])),
  }));
}

class Walker {
  constructor(
    readonly thread: number,
    readonly domains: Domains,
  ) {}

  walk(lines: readonly Line[], state: State): State[] {
    return lines.reduce<State[]>(
      (states, line) => states.flatMap((one) => this.#line(line, one)),
      [state],
    );
  }

  #line(line: Line, state: State): State[] {
    switch (line.op) {
      case 'fence':
        return [this.#add(state, 'F', { tags: [line.fence] })];
      case 'write': {
        const { at, from } = target(line.at, state);
        const value = held(line.value, state);
        const tags: Tag[] = line.how === 'plain' ? [] : ['marked'];
        if (line.how === 'release') tags.push('release');
        return [
          this.#add(state, 'W', { at, value: value.value, tags, addr: from, data: value.from }),
        ];
      }
      case 'read': {
        const { at, from } = target(line.at, state);
        const tags: Tag[] = line.how === 'plain' ? [] : ['marked'];
        if (line.how === 'acquire') tags.push('acquire');
        return this.#load(state, line.to, { at, tags, addr: from });
      }
      case 'when': {
        const { value, from } = held(line.register, state);
        const branched = { ...state, ctrl: [...state.ctrl, ...from] };
        return value !== 0 ? this.walk(line.lines, branched) : [branched];
      }
      case 'lock':
        return this.#load(state, null, { at: 'l', tags: ['marked', 'acquire'] }, [0]).map((one) =>
          this.#store(one, 'l', 1, ['marked', 'lock']),
        );
      case 'unlock':
        return [
          this.#add(state, 'W', { at: 'l', value: 0, tags: ['marked', 'release', 'unlock'] }),
        ];
      default:
        return this.#update(line, state);
    }
  }

  #update(line: Line & { readonly op: 'xchg' | 'cmpxchg' | 'inc' }, state: State): State[] {
    const { at, order, op } = line;
    const { load, store } = tagsOf(order);
    return this.domains.valuesAt(at).flatMap((value) => {
      if (op === 'cmpxchg' && value !== 0) {
        return this.#load(state, line.to, { at, tags: ['marked', 'atomic'] }, [value]);
      }
      const fenced = order === 'full' ? this.#add(state, 'F', { tags: ['mb'] }) : state;
      const next = op === 'inc' ? value + 1 : line.value;
      const given = order === 'none' ? null : line.to;
      return this.#load(fenced, given, { at, tags: load }, [value]).map((one) => {
        const from = op === 'inc' ? one.events.slice(-1) : [];
        const stored = this.#store(one, at, next, store, from);
        // atomic_inc_return() returns the new value.
        const told =
          op === 'inc' && given !== null ? { value: next, from: one.events.slice(-1) } : null;
        const after = told === null ? stored : set(stored, given ?? '', told);
        return order === 'full' ? this.#add(after, 'F', { tags: ['mb'] }) : after;
      });
    });
  }

  #load(
    state: State,
    to: string | null,
    { at, tags, addr = [] }: { at: string; tags: readonly Tag[]; addr?: readonly Event[] },
    values = this.domains.valuesAt(at),
  ): State[] {
    return values.map((value) => {
      const added = this.#add(state, 'R', { at, value, tags, addr });
      return to === null ? added : set(added, to, { value, from: added.events.slice(-1) });
    });
  }

  /** The store of a read-modify-write whose load came last. */
  #store(
    state: State,
    at: string,
    value: number,
    tags: readonly Tag[],
    data: readonly Event[] = [],
  ) {
    return this.#add(state, 'W', { at, value, tags, data, rmw: state.events.at(-1) ?? null });
  }

  #add(state: State, kind: Event['kind'], event: Partial<Event>): State {
    const added: Event = {
      at: '',
      value: 0,
      tags: [],
      addr: [],
      data: [],
      rmw: null,
      ...event,
      kind,
      thread: this.thread,
      ctrl: state.ctrl,
    };
    return { ...state, events: [...state.events, added] };
  }
}

function set(state: State, to: string, held: Held): State {
  return { ...state, registers: new Map(state.registers).set(to, held) };
}

function held(value: number | string, { registers }: State): Held {
  if (typeof value === 'number') return { value, from: [] };
  return registers.get(value) ?? { value: 0, from: [] };
}

function target(place: Place, state: State): { at: string; from: readonly Event[] } {
  if (typeof place === 'string') return { at: place, from: [] };
  const { value, from } = held(place.register, state);
  const at = pointedTo(value);
  if (at === undefined) throw new Error(`${place.register} is not a pointer`);
  return { at, from };
}

/** The tags of both halves of a read-modify-write. */
function tagsOf(order: Ordering): { load: readonly Tag[]; store: readonly Tag[] } {
  const load: Tag[] = ['marked', 'atomic'];
  const store: Tag[] = ['marked', 'atomic'];
  if (order === 'none') load.push('noreturn');
  if (order === 'acquire') load.push('acquire');
  if (order === 'release') store.push('release');
  return { load, store };
}
