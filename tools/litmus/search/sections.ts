// SPDX-License-Identifier: GPL-2.0-only
/** Locks and read-side critical sections of the view machine. */
import { aheadOf, fullFence, type Outcome, taskOf, withTask } from './accesses';
import { type DomainState, FREE, QUIET, RCU, type State } from './state';
import { join, union } from './view';

/** Takes a free lock. An earlier unlock on the same CPU orders everything except a store against a load. */
export function lock(state: State, index: number, name: string): Outcome[] {
  const held = state.locks[name] ?? FREE;
  if (held.holder !== null) return [];
  const { memory } = state;
  const task = taskOf(state, index);
  const passed = task.unlocked;
  const locked = withTask(state, index, {
    ahead: union(task.ahead, held.ahead),
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
  const taken = {
    released: join(memory, task.released, held.view),
    fenced: join(memory, task.fenced, held.fenced),
  };
  const locks = {
    ...state.locks,
    [name]: { ...held, holder: index, taken, ahead: aheadOf(taskOf(locked, index)) },
  };
  return [{ state: { ...locked, locks }, answer: 1 }];
}

/** Takes the lock, or answers 0 if it is held, having read the store that took it. */
export function trylock(state: State, index: number, name: string): Outcome[] {
  const outcomes = lock(state, index, name);
  if (outcomes.length > 0) return outcomes;
  const { memory } = state;
  const task = taskOf(state, index);
  const { acquired, fenced } = task;
  const { taken, ahead } = state.locks[name] ?? FREE;
  const seen = withTask(state, index, {
    ahead: union(task.ahead, ahead),
    acquired: join(memory, acquired, taken.released),
    fenced: join(memory, fenced, taken.fenced),
  });
  return [{ state: seen, answer: 0 }];
}

/** Releases the lock, with everything that its holder has seen. */
export function unlock(state: State, index: number, name: string): Outcome[] {
  const { memory } = state;
  const task = taskOf(state, index);
  const { acquired, current, own, fenced, silent } = task;
  const view = join(memory, acquired, current, own, silent);
  const before = state.locks[name] ?? FREE;
  const locks = {
    ...state.locks,
    [name]: {
      ...before,
      holder: null,
      view,
      own: join(memory, before.own, own),
      fenced,
      ahead: aheadOf(task),
    },
  };
  const unlocked = { own, acquired: join(memory, view, fenced) };
  return [{ state: { ...withTask(state, index, { unlocked }), locks }, answer: 0 }];
}

/** A reader that begins after a grace period has begun sees everything before that grace period. */
export function readLock(state: State, index: number): Outcome[] {
  const { nesting } = taskOf(state, index);
  const nested = withTask(state, index, { nesting: nesting + 1 });
  return [{ state: nesting > 0 ? nested : enter(nested, index, RCU, index), answer: 0 }];
}

/** The outermost end of a critical section lets waiting grace periods end, and passes them what it saw. */
export function readUnlock(state: State, index: number): Outcome[] {
  const nesting = taskOf(state, index).nesting - 1;
  const left = withTask(state, index, { nesting });
  return [{ state: nesting > 0 ? left : leave(left, index, RCU, index), answer: 0 }];
}

/** A section of an srcu_struct has an index of its own. */
export function srcuLock(state: State, index: number, domain: string): Outcome[] {
  const { sections } = taskOf(state, index);
  const nth = sections[domain] ?? 0;
  const section = (index + 1) * 1000 + nth;
  const counted = withTask(state, index, { sections: { ...sections, [domain]: nth + 1 } });
  return [{ state: enter(counted, index, domain, section), answer: section }];
}

export function srcuUnlock(
  state: State,
  index: number,
  domain: string,
  section: number,
): Outcome[] {
  return [{ state: leave(state, index, domain, section), answer: 0 }];
}

function domainOf(state: State, name: string): DomainState {
  return state.domains[name] ?? QUIET;
}

function withDomain(state: State, name: string, domain: DomainState): State {
  return { ...state, domains: { ...state.domains, [name]: domain } };
}

function enter(state: State, index: number, name: string, section: number): State {
  const { memory } = state;
  const task = taskOf(state, index);
  const domain = domainOf(state, name);
  const { start } = domain;
  const begun = withTask(state, index, {
    ahead: union(task.ahead, domain.startAhead),
    current: join(memory, task.current, start),
    acquired: join(memory, task.acquired, start),
    fenced: join(memory, task.fenced, start),
  });
  return withDomain(begun, name, { ...domain, open: [...domain.open, section].sort() });
}

function leave(state: State, index: number, name: string, section: number): State {
  const { memory } = state;
  const task = taskOf(state, index);
  const domain = domainOf(state, name);
  const without = (sections: readonly number[]): readonly number[] =>
    sections.filter((one) => one !== section);
  const waits = Object.fromEntries(
    Object.entries(domain.waits).map(([waiter, sections]) => [waiter, without(sections)]),
  );
  const end = join(memory, domain.end, task.acquired, task.current, task.fenced, task.silent);
  return withDomain(state, name, {
    ...domain,
    open: without(domain.open),
    waits,
    end,
    endAhead: union(domain.endAhead, aheadOf(task)),
  });
}

/** Begins a grace period; impossible if the task itself is a reader of RCU, which it would wait for. */
export function beginGracePeriod(state: State, index: number, name: string): Outcome[] {
  if (name === RCU && taskOf(state, index).nesting > 0) return [];
  const fenced = fullFence(state, index);
  const domain = domainOf(fenced, name);
  const begun: DomainState = {
    ...domain,
    start: join(fenced.memory, domain.start, taskOf(fenced, index).acquired),
    startAhead: union(domain.startAhead, aheadOf(taskOf(fenced, index))),
    waits: { ...domain.waits, [index]: domain.open },
  };
  return [{ state: withDomain(fenced, name, begun), answer: 0 }];
}

/** Ends it after its readers have ended. */
export function endGracePeriod(state: State, index: number, name: string): Outcome[] {
  const domain = domainOf(state, name);
  if ((domain.waits[index] ?? []).length > 0) return [];
  const { acquired, ahead } = taskOf(state, index);
  const seen = withTask(state, index, {
    acquired: join(state.memory, acquired, domain.end),
    ahead: union(ahead, domain.endAhead),
  });
  const { [index]: _done, ...waits } = domain.waits;
  return [{ state: withDomain(fullFence(seen, index), name, { ...domain, waits }), answer: 0 }];
}
