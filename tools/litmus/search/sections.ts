// SPDX-License-Identifier: GPL-2.0-only
/** Locks and read-side critical sections of the view machine. */
import { fullFence, type Outcome, taskOf, withTask } from './accesses';
import { type DomainState, FREE, QUIET, RCU, type State } from './state';
import { join } from './view';

/** Takes a free lock. An earlier unlock on the same CPU orders everything except a store against a load. */
export function lock(state: State, index: number, name: string): Outcome[] {
  const held = state.locks[name] ?? FREE;
  if (held.holder !== null) return [];
  const { memory } = state;
  const task = taskOf(state, index);
  const passed = task.unlocked;
  const locked = withTask(state, index, {
    acquired: join(memory, task.acquired, held.view),
    current: join(
      memory,
      task.current,
      held.view,
      held.fenced,
      ...(passed === null ? [] : [passed.acquired]),
    ),
    fenced: join(memory, task.fenced, held.fenced),
    released: join(memory, task.released, held.own, ...(passed === null ? [] : [passed.own])),
  });
  const locks = { ...state.locks, [name]: { ...held, holder: index } };
  return [{ state: { ...locked, locks }, answer: 1 }];
}

/** Takes the lock, or answers 0 if it is held. */
export function trylock(state: State, index: number, name: string): Outcome[] {
  const taken = lock(state, index, name);
  return taken.length > 0 ? taken : [{ state, answer: 0 }];
}

/** Releases the lock, with everything that its holder has seen. */
export function unlock(state: State, index: number, name: string): Outcome[] {
  const { memory } = state;
  const { acquired, current, own, fenced } = taskOf(state, index);
  const view = join(memory, acquired, current, own);
  const before = state.locks[name] ?? FREE;
  const locks = {
    ...state.locks,
    [name]: { holder: null, view, own: join(memory, before.own, own), fenced },
  };
  const unlocked = { own, acquired: join(memory, view, fenced) };
  return [{ state: { ...withTask(state, index, { unlocked }), locks }, answer: 0 }];
}

/** A reader that begins after a grace period has begun sees everything before that grace period. */
export function readLock(state: State, index: number): Outcome[] {
  const { memory } = state;
  const task = taskOf(state, index);
  const depth = task.nesting[RCU] ?? 0;
  const { start } = state.domains[RCU] ?? QUIET;
  const nested = withTask(state, index, { nesting: { ...task.nesting, [RCU]: depth + 1 } });
  if (depth > 0) return [{ state: nested, answer: 0 }];
  const begun = withTask(nested, index, {
    current: join(memory, task.current, start),
    acquired: join(memory, task.acquired, start),
    fenced: join(memory, task.fenced, start),
  });
  return [{ state: begun, answer: 0 }];
}

/** The outermost end of a critical section lets waiting grace periods end, and passes them what it saw. */
export function readUnlock(state: State, index: number): Outcome[] {
  const { memory } = state;
  const task = taskOf(state, index);
  const depth = (task.nesting[RCU] ?? 0) - 1;
  const left = withTask(state, index, { nesting: { ...task.nesting, [RCU]: depth } });
  if (depth > 0) return [{ state: left, answer: 0 }];
  const domain = state.domains[RCU] ?? QUIET;
  const waits = Object.fromEntries(
    Object.entries(domain.waits).map(([waiter, readers]) => [
      waiter,
      readers.filter((reader) => reader !== index),
    ]),
  );
  const end = join(memory, domain.end, task.acquired, task.current, task.fenced);
  const domains = { ...state.domains, [RCU]: { ...domain, waits, end } };
  return [{ state: { ...left, domains }, answer: 0 }];
}

/** Begins a grace period; impossible if the task itself is a reader, which it would wait for. */
export function beginGracePeriod(state: State, index: number): Outcome[] {
  const reading = (task: number): boolean => (taskOf(state, task).nesting[RCU] ?? 0) > 0;
  if (reading(index)) return [];
  const fenced = fullFence(state, index);
  const domain = state.domains[RCU] ?? QUIET;
  const readers = state.tasks.map((_, task) => task).filter(reading);
  const begun: DomainState = {
    ...domain,
    start: join(fenced.memory, domain.start, taskOf(fenced, index).acquired),
    waits: { ...domain.waits, [index]: readers },
  };
  return [{ state: { ...fenced, domains: { ...state.domains, [RCU]: begun } }, answer: 0 }];
}

/** Ends it after its readers have ended. */
export function endGracePeriod(state: State, index: number): Outcome[] {
  const domain = state.domains[RCU] ?? QUIET;
  if ((domain.waits[index] ?? []).length > 0) return [];
  const { acquired } = taskOf(state, index);
  const seen = withTask(state, index, { acquired: join(state.memory, acquired, domain.end) });
  const { [index]: _done, ...waits } = domain.waits;
  const domains = { ...state.domains, [RCU]: { ...domain, waits } };
  return [{ state: { ...fullFence(seen, index), domains }, answer: 0 }];
}
