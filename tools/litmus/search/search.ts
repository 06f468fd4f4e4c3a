// SPDX-License-Identifier: GPL-2.0-only
/**
 * Explores a litmus test by visiting every state of the view machine once. It is slow and simple on purpose, to check the
 * exploration of the real machine.
 */
import type { Ending } from '../answer';
import type { Step } from '../operation';
import { LitmusProblem } from '../problem';
import type { LitmusTest, Value } from '../syntax';
import { runThread } from '../thread';
import {
  fence,
  fullFence,
  load,
  messagesOf,
  type Outcome,
  readModifyWrite,
  store,
  taskOf,
  withTask,
} from './accesses';
import { delay, makeDelayed, waitsForDelayed } from './delayed';
import {
  beginGracePeriod,
  endGracePeriod,
  lock,
  readLock,
  readUnlock,
  srcuLock,
  srcuUnlock,
  trylock,
  unlock,
} from './sections';
import { initialState, keyOf, RCU, type State } from './state';

export interface Found {
  readonly endings: readonly Ending[];
  readonly states: number;
  /** Whether every state was visited. */
  readonly complete: boolean;
  /** Whether a loop was cut off. */
  readonly cutOff: boolean;
}

/** Every ending of a test, or those found before `statesMax` states were visited. */
export function search(test: LitmusTest, statesMax = 300_000): Found {
  const endings: Ending[] = [];
  const first = initialState(test);
  const seen = new Set([keyOf(first)]);
  const open = [first];
  let cutOff = false;
  let states = 0;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (++states > statesMax) return { endings, states, complete: false, cutOff };
    const threads = state.tasks.map((task, i) => reached(test, i, task.answers));
    if (threads.every(({ operation }, i) => hasEnded(state, i, operation))) {
      endings.push(endingOf(state, threads));
      continue;
    }
    threads.forEach(({ operation }, i) => {
      if (operation?.kind === 'cut off') cutOff = true;
      for (const next of successors(state, i, operation)) {
        const key = keyOf(next);
        if (seen.has(key)) continue;
        seen.add(key);
        open.push(next);
      }
    });
  }
  return { endings, states, complete: true, cutOff };
}

function hasEnded(state: State, index: number, operation: Step | null): boolean {
  return operation === null && !waitsForDelayed(taskOf(state, index), operation);
}

interface Reached {
  /** Null after the thread has ended. */
  readonly operation: Step | null;
  readonly registers: ReadonlyMap<string, Value>;
}

const NO_REGISTERS: ReadonlyMap<string, Value> = new Map();

/** The place of a thread after these answers. */
function reached(test: LitmusTest, index: number, answers: readonly Value[]): Reached {
  const run = runThread(test, index);
  let step = run.next();
  for (const answer of answers) {
    if (step.done === true) break;
    step = run.next(answer);
  }
  if (step.done === true) return { operation: null, registers: step.value };
  return { operation: step.value, registers: NO_REGISTERS };
}

function successors(state: State, index: number, operation: Step | null): State[] {
  const late = makeDelayed(state, index);
  if (operation === null || waitsForDelayed(taskOf(state, index), operation)) return late;
  return [...late, ...inTurn(state, index, operation)];
}

function inTurn(state: State, index: number, operation: Step): State[] {
  if (taskOf(state, index).fencing) {
    return [withTask(fullFence(state, index), index, { fencing: false })];
  }
  if (operation.kind === 'synchronize') return gracePeriod(state, index, RCU);
  if (operation.kind === 'synchronize srcu')
    return gracePeriod(state, index, operation.domain.location);
  const outcomes = [...outcomesOf(state, index, operation), ...delay(state, index, operation)];
  return outcomes.map(({ state: next, answer }) => answered(next, index, answer));
}

function answered(state: State, index: number, answer: Value): State {
  return withTask(state, index, { answers: [...taskOf(state, index).answers, answer] });
}

/** Two steps: the thread gets its answer after the second. */
function gracePeriod(state: State, index: number, name: string): State[] {
  if (state.domains[name]?.waits[index] === undefined) {
    return beginGracePeriod(state, index, name).map((outcome) => outcome.state);
  }
  return endGracePeriod(state, index, name).map((outcome) =>
    answered(outcome.state, index, outcome.answer),
  );
}

function outcomesOf(state: State, index: number, operation: Step): Outcome[] {
  switch (operation.kind) {
    case 'load':
      return load(state, index, operation);
    case 'store':
      return store(state, index, operation);
    case 'rmw':
      return readModifyWrite(state, index, operation);
    case 'fence':
      return [{ state: fence(state, index, operation.fence), answer: 0 }];
    case 'lock':
      return lock(state, index, operation.lock.location);
    case 'trylock':
      return trylock(state, index, operation.lock.location);
    case 'unlock':
      return unlock(state, index, operation.lock.location);
    case 'read lock':
      return readLock(state, index);
    case 'read unlock':
      return readUnlock(state, index);
    case 'srcu lock':
      return srcuLock(state, index, operation.domain.location);
    case 'srcu unlock':
      return srcuUnlock(state, index, operation.domain.location, operation.index);
    case 'synchronize':
    case 'synchronize srcu':
    case 'cut off':
      return [];
    default:
      throw new LitmusProblem(operation.line, `${operation.kind} is not searched`);
  }
}

function endingOf(state: State, threads: readonly Reached[]): Ending {
  const last = new Map<string, Value>();
  for (const location of Object.keys(state.memory)) {
    const newest = messagesOf(state, location).at(-1);
    if (newest !== undefined) last.set(location, newest.value);
  }
  return { registers: threads.map(({ registers }) => registers), last, mistake: null };
}
