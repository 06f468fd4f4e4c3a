// SPDX-License-Identifier: GPL-2.0-only
/** Counting semaphores. After include/linux/semaphore.h. They have no owner: any task may call up(). */
import {
  type Branded,
  type Embeddable,
  embeddable,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  SyncObject,
} from '../machine';
import { checkMagic } from './lock-rules';

/** A count of how many more tasks may enter. Embed it as `suspend_lock: semaphore`. */
export interface semaphore extends Branded<'semaphore', Semaphore> {}

class Semaphore extends SyncObject {
  readonly typeName = 'semaphore';
  readonly handle: semaphore = makeHandle(this);
  first = 0;

  protected override reset(): void {
    super.reset();
    this.state = this.first;
  }
}

/** Type of a semaphore member of a structure. Unusable until sema_init() has run on it. */
export const semaphore: Embeddable<semaphore> = embeddable('semaphore', () => new Semaphore());

/**
 * Defines a static semaphore with a count.
 *
 * @param count how many tasks may hold it at a time
 * @kernel include/linux/semaphore.h
 */
export function DEFINE_SEMAPHORE(name: string, count: number): semaphore {
  const object = new Semaphore();
  object.first = count;
  return object.makeStatic(name).handle;
}

/** The checks of the spinlock inside. */
function checked<R>(perform: Kind<Semaphore, [], R>['perform']): Kind<Semaphore, [], R>['perform'] {
  return (machine, task, request) => {
    checkMagic(machine, task, request.object, request.site);
    return perform(machine, task, request);
  };
}

const INIT: Kind<Semaphore, [count: number], void> = {
  name: 'sema_init',
  access: 'write',
  perform(_machine, _task, { object: sem, a: count }) {
    sem.state = count | 0;
    sem.initialised = true;
    sem.released = null;
  },
};

/** Takes one from the count. */
export const DOWN: Kind<Semaphore, [], void> = {
  name: 'down',
  access: 'write',
  enabled: (count) => count > 0,
  announce: (machine, task, { site }) => machine.mightSleep(task, 'down', site),
  perform: checked((machine, task, { object: sem }) => {
    sem.state--;
    machine.acquire(task, sem);
  }),
};

const DOWN_TRYLOCK: Kind<Semaphore, [], number> = {
  name: 'down_trylock',
  access: 'write',
  perform: checked((machine, task, { object: sem }) => {
    if (sem.state <= 0) return 1;
    sem.state--;
    machine.acquire(task, sem);
    return 0;
  }),
};

const UP: Kind<Semaphore, [], void> = {
  name: 'up',
  access: 'write',
  perform: checked((machine, task, { object: sem }) => {
    sem.state++;
    machine.release(task, sem, true);
  }),
};

/**
 * Makes a semaphore usable, with a count: 1 makes a free lock.
 *
 * @param count how many tasks may hold it at a time
 * @kernel include/linux/semaphore.h
 * @context any; does not sleep
 * @ordering none
 */
export function sema_init(sem: semaphore, count: number): Op<void> {
  return request(INIT, objectOf(sem), count);
}

/**
 * Subtracts one from the count, sleeping while it is 0.
 *
 * @example
 * const device = struct('device', { slots: semaphore });
 * const one = DEFINE_STATIC('one', device);
 * yield* sema_init(one.slots, 1);
 * yield* down(one.slots);
 * yield* down_trylock(one.slots); // => 1
 * yield* up(one.slots);
 * @kernel include/linux/semaphore.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function down(sem: semaphore): Op<void> {
  return request(DOWN, objectOf(sem));
}

/**
 * Subtracts one from the count unless it is 0; does not wait.
 *
 * @example
 * const slots = DEFINE_SEMAPHORE('slots', 1);
 * yield* down_trylock(slots); // => 0
 * yield* down_trylock(slots); // => 1
 * yield* up(slots);
 * @returns 0 if it subtracted one, 1 if the count was 0: the opposite of mutex_trylock()
 * @kernel include/linux/semaphore.h
 * @context any; does not sleep
 * @ordering acquire when it returns 0, none otherwise
 */
export function down_trylock(sem: semaphore): Op<number> {
  return request(DOWN_TRYLOCK, objectOf(sem));
}

/**
 * Adds one to the count; a task that sleeps in down() may continue. Any task may call it.
 *
 * @kernel include/linux/semaphore.h
 * @context any; does not sleep
 * @ordering release
 * @divergence any sleeping task may continue, not only the first one
 */
export function up(sem: semaphore): Op<void> {
  return request(UP, objectOf(sem));
}
