// SPDX-License-Identifier: GPL-2.0-only
/** A state of the view machine. States are replaced, never changed. */
import { locationsOf } from '../cells';
import type { Operation } from '../operation';
import type { LitmusTest, Value } from '../syntax';
import { type Ahead, type Memory, NOTHING, type View } from './view';

/**
 * A read-modify-write without a result that its task has passed without making it: later stores may run ahead of it. It sees what
 * its task saw in its place.
 */
export interface Delayed {
  readonly id: string;
  readonly operation: Operation & { kind: 'rmw' };
  readonly place: Pick<
    TaskState,
    'current' | 'acquired' | 'released' | 'fenced' | 'through' | 'ahead'
  >;
}

/** What one thread has done and must see. */
export interface TaskState {
  /** The answers it has received, which determine its place. */
  readonly answers: readonly Value[];
  /** What its loads must see. */
  readonly current: View;
  /** What its loads will have to see after a read barrier. */
  readonly acquired: View;
  /** What its relaxed stores pass on. */
  readonly released: View;
  /** Its own stores, for smp_wmb(). */
  readonly own: View;
  /** What earlier strong fences in happens-before have made visible. */
  readonly fenced: View;
  /** What its read-modify-writes without a result have read, for barriers and releases. */
  readonly silent: View;
  readonly silentFenced: View;
  /** What an access through a loaded address must see: the address dependency. */
  readonly through: Readonly<Record<string, View>>;
  /** What its last unlock passes on to the next lock it takes. */
  readonly unlocked: Pick<TaskState, 'own' | 'acquired'> | null;
  /** In how many read-side critical sections of RCU it is, and how many of each srcu_struct it has begun. */
  readonly nesting: number;
  readonly sections: Readonly<Record<string, number>>;
  readonly stores: number;
  /** Its next step is the fence behind a read-modify-write. */
  readonly fencing: boolean;
  readonly delayed: readonly Delayed[];
  readonly ahead: Ahead;
}

export interface LockState {
  readonly holder: number | null;
  readonly view: View;
  readonly own: View;
  readonly fenced: View;
  /** What a trylock that fails learns: what the store of the holder passes on. */
  readonly taken: Pick<TaskState, 'released' | 'fenced'>;
  readonly ahead: Ahead;
}

/** Grace periods of RCU, or of an srcu_struct. */
export interface DomainState {
  /** What a reader that begins now sees. */
  readonly start: View;
  /** The sections that have begun and not ended: the number of the reader, or the index of SRCU. */
  readonly open: readonly number[];
  /** For each waiting task, the sections it still waits for. */
  readonly waits: Readonly<Record<number, readonly number[]>>;
  /** What finished readers saw. */
  readonly end: View;
  readonly startAhead: Ahead;
  readonly endAhead: Ahead;
}

export interface State {
  readonly memory: Memory;
  readonly tasks: readonly TaskState[];
  /** What strong fences have joined, in their order. */
  readonly fences: View;
  readonly locks: Readonly<Record<string, LockState>>;
  readonly domains: Readonly<Record<string, DomainState>>;
  /** For each delayed update that was made, those that come before it. */
  readonly late: Readonly<Record<string, Ahead>>;
}

/** The domain of RCU; those of SRCU have the names of their structures. */
export const RCU = 'rcu';
export const FREE: LockState = {
  holder: null,
  view: NOTHING,
  own: NOTHING,
  fenced: NOTHING,
  taken: { released: NOTHING, fenced: NOTHING },
  ahead: [],
};
export const QUIET: DomainState = {
  start: NOTHING,
  open: [],
  waits: {},
  end: NOTHING,
  startAhead: [],
  endAhead: [],
};

/** Every location has its initial value, and no thread has done anything. */
export function initialState(test: LitmusTest): State {
  const memory: Record<string, Memory[string]> = {};
  for (const location of locationsOf(test)) {
    const value = test.initial.get(location) ?? 0;
    memory[location] = [
      { id: 'initial', value, view: NOTHING, fenced: NOTHING, atomic: false, ahead: [] },
    ];
  }
  return {
    memory,
    tasks: test.threads.map(() => START),
    fences: NOTHING,
    locks: {},
    domains: {},
    late: {},
  };
}

const START: TaskState = {
  answers: [],
  current: NOTHING,
  acquired: NOTHING,
  released: NOTHING,
  own: NOTHING,
  fenced: NOTHING,
  silent: NOTHING,
  silentFenced: NOTHING,
  through: {},
  unlocked: null,
  nesting: 0,
  sections: {},
  stores: 0,
  fencing: false,
  delayed: [],
  ahead: [],
};

/** A text that is equal for two states exactly if they are the same. */
export function keyOf(state: State): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
