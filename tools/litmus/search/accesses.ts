// SPDX-License-Identifier: GPL-2.0-only
/** Loads, stores and read-modify-writes of the view machine: which message each may see, and where its own may go. */
import type { Fence, Operation } from '../operation';
import type { Value } from '../syntax';
import { type State, type TaskState } from './state';
import {
  type Ahead,
  join,
  type Memory,
  type Message,
  NOTHING,
  position,
  union,
  type View,
} from './view';

/** A possible outcome of an operation. */
export interface Outcome {
  readonly state: State;
  readonly answer: Value;
}

/** The state with one task replaced. */
export function withTask(state: State, index: number, task: Partial<TaskState>): State {
  const tasks = state.tasks.map((old, i) => (i === index ? { ...old, ...task } : old));
  return { ...state, tasks };
}

/** The task with this number. */
export function taskOf(state: State, index: number): TaskState {
  const task = state.tasks[index];
  if (task === undefined) throw new Error(`litmus: there is no task ${index}`);
  return task;
}

/** A strong fence: everything that the task has seen is visible to every thread that fences later. */
export function fullFence(state: State, index: number): State {
  const { acquired, current, fenced, silent } = taskOf(state, index);
  const all = join(state.memory, acquired, current, fenced, silent, state.fences);
  const task = { current: all, acquired: all, released: all, fenced: all };
  return withTask({ ...state, fences: all }, index, task);
}

/**
 * A barrier: smp_rmb() is for later loads, smp_wmb() for later stores. Upgrades stand directly beside what they upgrade, so
 * they are full barriers.
 */
export function fence(state: State, index: number, which: Fence): State {
  const { current, acquired, fenced, released, own } = taskOf(state, index);
  switch (which) {
    case 'rmb':
      return withTask(state, index, { current: join(state.memory, current, acquired, fenced) });
    case 'wmb':
      return withTask(state, index, { released: join(state.memory, released, own) });
    default:
      return fullFence(state, index);
  }
}

/** A load sees any message that is not older than what its task must see. */
export function load(
  state: State,
  index: number,
  { at: { location }, acquire }: Operation & { kind: 'load' },
): Outcome[] {
  const messages = messagesOf(state, location);
  return messages.slice(oldestSeen(state, index, location)).map((message) => ({
    state: see(state, index, location, message, acquire),
    answer: message.value,
  }));
}

/** A store may go anywhere in coherence order after what its task has seen, but not into a read-modify-write. */
export function store(
  state: State,
  index: number,
  { at: { location }, value, release }: Operation & { kind: 'store' },
): Outcome[] {
  const outcomes: Outcome[] = [];
  const messages = messagesOf(state, location);
  const task = taskOf(state, index);
  const through = task.through[location] ?? NOTHING;
  const seen = [task.current, task.acquired, task.fenced, through];
  // A release stays behind the loads of read-modify-writes without a result.
  if (release) seen.push(task.silent);
  let behind = Math.max(...seen.map((view) => position(state.memory, location, view)));
  for (; behind < messages.length; behind++) {
    if (messages[behind + 1]?.atomic === true) continue;
    const message = { location, behind, value, release, atomic: false };
    outcomes.push({ state: put(state, index, message), answer: 0 });
  }
  return outcomes;
}

/** A read-modify-write that succeeds is next to the message it read; one that fails is a load without ordering. */
export function readModifyWrite(
  state: State,
  index: number,
  operation: Operation & { kind: 'rmw' },
): Outcome[] {
  return [...succeeding(state, index, operation), ...failing(state, index, operation)];
}

function failing(
  state: State,
  index: number,
  { at: { location }, update }: Operation & { kind: 'rmw' },
): Outcome[] {
  return messagesOf(state, location)
    .slice(oldestSeen(state, index, location))
    .filter(({ value }) => update(value) === null)
    .map((message) => ({
      state: see(state, index, location, message, false),
      answer: message.value,
    }));
}

function succeeding(
  before: State,
  index: number,
  { at: { location }, update, ordering }: Operation & { kind: 'rmw' },
): Outcome[] {
  const full = ordering === 'full';
  const ready = full ? fullFence(before, index) : before;
  const messages = messagesOf(ready, location);
  const { acquired, fenced, silent } = taskOf(ready, index);
  const oldest = Math.max(
    oldestSeen(ready, index, location),
    position(ready.memory, location, acquired),
    position(ready.memory, location, fenced),
    ordering === 'release' ? position(ready.memory, location, silent) : 0,
  );
  const outcomes: Outcome[] = [];
  messages.forEach((message, behind) => {
    const value = update(message.value);
    if (value === null || behind < oldest || messages[behind + 1]?.atomic === true) return;
    const read =
      ordering === 'noreturn'
        ? pass(ready, index, message)
        : see(ready, index, location, message, ordering === 'acquire');
    const release = ordering === 'release';
    const written = put(read, index, { location, behind, value, release, atomic: true });
    // The fence behind it is a step of its own: others may see what was written before anything is fenced.
    const state = full ? withTask(written, index, { fencing: true }) : written;
    outcomes.push({ state, answer: message.value });
  });
  return outcomes;
}

/** The delayed updates that come before what a task does now. */
export function aheadOf({ ahead, delayed }: TaskState): Ahead {
  return union(
    ahead,
    delayed.map(({ id }) => id),
  );
}

export function messagesOf({ memory }: State, location: string): readonly Message[] {
  return memory[location] ?? [];
}

function oldestSeen(state: State, index: number, location: string): number {
  const { current, through } = taskOf(state, index);
  const seen = join(state.memory, current, through[location] ?? NOTHING);
  return position(state.memory, location, seen);
}

/** What a load learns from a message. */
function see(
  state: State,
  index: number,
  location: string,
  { id, value, view: passedOn, fenced: visible, ahead }: Message,
  acquire: boolean,
): State {
  const { memory } = state;
  const task = taskOf(state, index);
  const itself: View = { [location]: id };
  // What its own stores carry on of others does not reach the task by reading them.
  const own = id.startsWith(`${index}.`);
  const [view, fenced] = own ? [NOTHING, NOTHING] : [passedOn, visible];
  const current = join(memory, task.current, itself);
  const pointed = typeof value === 'number' ? null : value.location;
  const acquired = join(memory, task.acquired, itself, view);
  const overwritten = overwrittenUpdates(memory, index, acquired);
  return withTask(state, index, {
    ahead: union(task.ahead, ahead),
    current: acquire ? join(memory, current, view, fenced) : current,
    acquired: join(memory, acquired, ...overwritten.map((message) => message.view)),
    fenced: join(memory, task.fenced, fenced, ...overwritten.map((message) => message.fenced)),
    through:
      pointed === null
        ? task.through
        : {
            ...task.through,
            [pointed]: join(memory, task.through[pointed] ?? NOTHING, view, fenced, itself),
          },
  });
}

/** Own atomic updates that a task has seen overwritten: only now does it know what they carry on of others. */
function overwrittenUpdates(memory: Memory, index: number, acquired: View): Message[] {
  return Object.entries(memory).flatMap(([location, messages]) =>
    messages
      .slice(0, position(memory, location, acquired))
      .filter(({ id, atomic }) => atomic && id.startsWith(`${index}.`)),
  );
}

/** What a read-modify-write without a result has read: its task learns that only at a barrier, and a release passes it on. */
function pass(state: State, index: number, { fenced, view, ahead }: Message): State {
  const task = taskOf(state, index);
  return withTask(state, index, {
    silent: join(state.memory, task.silent, view, fenced),
    ahead: union(task.ahead, ahead),
    silentFenced: join(state.memory, task.silentFenced, fenced),
  });
}

interface NewMessage {
  readonly location: string;
  /** The place in coherence order of the message before it. */
  readonly behind: number;
  readonly value: Value;
  readonly release: boolean;
  readonly atomic: boolean;
}

function put(
  state: State,
  index: number,
  { location, behind, value, release, atomic }: NewMessage,
): State {
  const task = taskOf(state, index);
  const id = `${index}.${task.stores}`;
  const itself: View = { [location]: id };
  const ahead = aheadOf(task);
  const draft = { id, value, view: NOTHING, fenced: task.fenced, atomic, ahead };
  const messages = [...messagesOf(state, location)];
  messages.splice(behind + 1, 0, draft);
  const memory = { ...state.memory, [location]: messages };
  const passedOn = release ? [task.acquired, task.own, task.current, task.silent] : [task.released];
  // A chain of read-modify-writes carries on what the first store passed on.
  const first = atomic ? messagesOf(state, location)[behind] : undefined;
  const view = join(memory, ...passedOn, first?.view ?? NOTHING, itself);
  const fences = [task.fenced, first?.fenced ?? NOTHING, release ? task.silentFenced : NOTHING];
  const fenced = join(memory, ...fences);
  messages[behind + 1] = { ...draft, view, fenced };
  return withTask({ ...state, memory }, index, {
    stores: task.stores + 1,
    own: join(memory, task.own, view),
    current: join(memory, task.current, itself),
    acquired: join(memory, task.acquired, itself),
  });
}
