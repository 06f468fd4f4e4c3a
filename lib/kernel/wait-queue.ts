// SPDX-License-Identifier: GPL-2.0-only
/**
 * The engine of wait.ts: a queue, its entries, and how they are woken. After kernel/sched/wait.c. All that is done under the queue's
 * own lock is one step.
 */
import {
  type Branded,
  type Embeddable,
  embeddable,
  fence,
  FULL,
  type Kind,
  makeHandle,
  type Request,
  type Strength,
  SyncObject,
  type Task,
  writing,
} from '../machine';
import { checkMagic } from './lock-rules';
import { choosing, make, type Place, wrote } from './marked';
import { setState, type TaskState, wakeUp } from './task-state';

/** A queue of waiting tasks. Embed it as `wq: wait_queue_head_t`. */
export interface wait_queue_head_t extends Branded<'wait_queue_head_t', WaitQueue> {}

/** A task on a queue. */
interface Entry {
  readonly id: number;
  readonly state: TaskState;
  /** A waker wakes only so many of these; the others are all woken. */
  readonly exclusive: boolean;
  /** Who wakes it takes it off the queue. */
  readonly autoremove: boolean;
}

/** Its state has a bit for each task that is on it. */
export class WaitQueue extends SyncObject {
  readonly typeName = 'wait_queue_head_t';
  readonly handle: wait_queue_head_t = makeHandle(this);
  /** The exclusive ones in the order in which they came. */
  entries: Entry[] = [];

  override clear(zeroed: boolean): void {
    super.clear(zeroed);
    this.entries = [];
  }

  protected override reset(): void {
    super.reset();
    this.entries = [];
  }

  add(entry: Entry): void {
    if (this.entries.some(({ id }) => id === entry.id)) return;
    this.entries.push(entry);
    entry.state.on.push(this);
    entry.state.last = this;
    this.state |= bit(entry.id);
  }

  /** A task leaves by itself. */
  leave(id: number, state: TaskState): void {
    this.remove(id);
    state.last = state.on.at(-1) ?? null;
  }

  remove(id: number): void {
    const at = this.entries.findIndex((entry) => entry.id === id);
    const [entry] = at < 0 ? [] : this.entries.splice(at, 1);
    if (entry === undefined) return;
    this.state &= ~bit(id);
    entry.state.on.splice(entry.state.on.indexOf(this), 1);
  }
}

/** Type of a wait queue member of a structure. Unusable until init_waitqueue_head() has run on it. */
export const wait_queue_head_t: Embeddable<wait_queue_head_t> = embeddable(
  'wait_queue_head_t',
  () => new WaitQueue(),
);

function bit(task: number): number {
  // Only a driver that queues work without end gets here; the error says why it fails.
  if (task > 30) throw new TypeError('a wait queue has no room for more than 30 tasks');
  return 1 << task;
}

/** init_waitqueue_head() */
export const INIT: Kind<WaitQueue, [], void> = {
  name: 'init_waitqueue_head',
  access: 'write',
  perform(_machine, _task, { object: queue }) {
    queue.state = 0;
    queue.entries = [];
    queue.initialised = true;
    queue.released = queue.order = null;
  },
};

/** Where the list of waiting tasks is read; its changes are ordered by the queue's own lock. */
const LIST = {
  point: ({ object }: Request<WaitQueue, [nothing: null, state: Own]>): WaitQueue => object,
  now: ({ object }: Request<WaitQueue, [nothing: null, state: Own]>): number => object.state,
};

/** The state of the task itself, and what it becomes; undefined if it stays. */
export interface Own {
  readonly state: TaskState;
  readonly to?: number;
}

type Queueing = Kind<WaitQueue, [nothing: null, own: Own], void>;

/** An operation of a task on its own entry. */
function onEntry(
  name: string,
  access: Kind['access'],
  strength: Strength,
  change: (queue: WaitQueue, task: Task, own: Own) => void,
): Queueing {
  const place: Place<WaitQueue, [nothing: null, own: Own]> = {
    ...LIST,
    load: true,
    store: true,
    silent: true,
    effect: () => ({ store: true, strength }),
  };
  return {
    name,
    access,
    extra: ({ b: { state } }) => [writing(state.base)],
    sets: ({ b: { state } }) => [state],
    perform(machine, task, request) {
      const { object: queue, b: own, site } = request;
      checkMagic(machine, task, queue, site);
      if (own.to !== undefined) {
        own.state.mode = own.to;
        setState(machine, task, own.state, own.to);
      }
      const made = make(place, machine, task, request);
      change(queue, task, own);
      wrote(made, queue.state);
      machine.acquire(task, queue);
    },
  };
}

// Tasks change only their own entry, so queueing and leaving commute; waking depends on all of them, and so does the order of
// exclusive entries. A queued task sets its state with a full barrier, and checks the condition only then.
function queueing(name: string, exclusive: boolean, autoremove: boolean): Queueing {
  const [access, strength] = [
    exclusive ? 'write' : 'read',
    autoremove ? 'full' : 'relaxed',
  ] as const;
  return onEntry(name, access, strength, (queue, task, { state }) =>
    queue.add({ id: task.id, state, exclusive, autoremove }),
  );
}

export const PREPARE = queueing('prepare_to_wait', false, true);
export const PREPARE_EXCLUSIVE = queueing('prepare_to_wait_exclusive', true, true);
export const ADD = queueing('add_wait_queue', false, false);
export const ADD_EXCLUSIVE = queueing('add_wait_queue_exclusive', true, false);
export const FINISH = onEntry('finish_wait', 'read', 'relaxed', (queue, task, { state }) =>
  queue.leave(task.id, state),
);
export const REMOVE = onEntry('remove_wait_queue', 'read', 'relaxed', (queue, task, { state }) =>
  queue.leave(task.id, state),
);

/** __wake_up_common(): wakes all that sleep in one of these states, but of the exclusive ones only so many; 0 for all. */
export function waker(name: string, from: number, exclusives: number): Kind<WaitQueue, [], void> {
  const place: Place<WaitQueue, []> = {
    point: ({ object }) => object,
    now: ({ object }) => object.state,
    load: true,
    store: true,
    silent: true,
    effect: () => ({ store: true, strength: 'relaxed' }),
  };
  return {
    name,
    access: 'write',
    extra: ({ object }) => object.entries.map(({ state }) => writing(state.base)),
    sets: ({ object }) => object.entries.map(({ state }) => state),
    perform(machine, task, request) {
      const { object: queue, site } = request;
      checkMagic(machine, task, queue, site);
      // Waking a task begins with a full barrier in front of the look at its state.
      if (queue.state !== 0) fence(machine, task, FULL);
      const made = make(place, machine, task, request);
      // A task that is woken knows at least as much as one that looks at the queue.
      machine.release(task, queue, true);
      let left = exclusives === 0 ? Infinity : exclusives;
      const inOrder = [false, true].flatMap((last) =>
        queue.entries.filter(({ exclusive }) => exclusive === last),
      );
      for (const { id, state, exclusive, autoremove } of inOrder) {
        if (exclusive && left === 0) break;
        if (!wakeUp(machine, task, state, from)) continue;
        if (exclusive) left--;
        if (autoremove) queue.remove(id);
      }
      wrote(made, queue.state);
    },
  };
}

const LOOK: Place<WaitQueue, []> = {
  point: ({ object }) => object,
  now: ({ object }) => object.state,
  load: true,
  store: false,
  effect: () => ({ store: false, strength: 'relaxed' }),
  learns: (read) => read !== 0,
};

/** waitqueue_active() */
export const ACTIVE: Kind<WaitQueue, [], boolean> = {
  name: 'waitqueue_active',
  access: 'write',
  ...choosing(LOOK),
  perform: (machine, task, request) => make(LOOK, machine, task, request).read !== 0,
};
