// SPDX-License-Identifier: GPL-2.0-only
/** Completions: one task waits until another says that something is done. After include/linux/completion.h. */
import {
  type Branded,
  declareOnStack,
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

/** An object that tasks wait for and that remembers that it is done. Embed it as `done: completion`. */
export interface completion extends Branded<'completion', Completion> {}

class Completion extends SyncObject {
  readonly typeName = 'completion';
  readonly handle: completion = makeHandle(this);
}

/** Type of a completion member of a structure. Unusable until init_completion() has run on it. */
export const completion: Embeddable<completion> = embeddable('completion', () => new Completion());

/** The count after complete_all(): done for ever. */
const UINT_MAX = 0x40000000;

/**
 * Defines a static completion, not done.
 *
 * @kernel include/linux/completion.h
 */
export function DECLARE_COMPLETION(name: string): completion {
  return new Completion().makeStatic(name).handle;
}

function setTo(name: string): Kind<Completion, [], void> {
  return {
    name,
    access: 'write',
    perform(_machine, _task, { object: done }) {
      done.state = 0;
      done.initialised = true;
      done.released = null;
    },
  };
}

const INIT = setTo('init_completion');
const REINIT = setTo('reinit_completion');

const ON_STACK: Kind<null, [name: string], completion> = {
  name: 'DECLARE_COMPLETION_ONSTACK',
  access: 'none',
  perform(machine, task, { a: name, site }) {
    const object = new Completion();
    object.member = name;
    object.initialised = true;
    declareOnStack(machine, task, object, site);
    return object.handle;
  },
};

function completer(name: string, next: (done: number) => number): Kind<Completion, [], void> {
  return {
    name,
    access: 'write',
    perform(machine, task, { object: done, site }) {
      checkMagic(machine, task, done.fresh(), site);
      done.state = next(done.state);
      machine.release(task, done, true);
    },
  };
}

const COMPLETE = completer('complete', (done) => (done === UINT_MAX ? done : done + 1));
const COMPLETE_ALL = completer('complete_all', () => UINT_MAX);

/** Uses up one complete(), as every waiter does. */
function consume(done: Completion): void {
  if (done.state !== UINT_MAX) done.state--;
}

/** Waits for a completion. */
export const WAIT: Kind<Completion, [], void> = {
  name: 'wait_for_completion',
  access: 'write',
  enabled: (done) => done > 0,
  announce(machine, task, { object, site }) {
    machine.mightSleep(task, 'wait_for_completion', site);
    checkMagic(machine, task, object.fresh(), site);
  },
  perform(machine, task, { object: done }) {
    consume(done);
    machine.acquire(task, done);
  },
};

const TRY_WAIT: Kind<Completion, [], boolean> = {
  name: 'try_wait_for_completion',
  access: 'write',
  perform(machine, task, { object: done }) {
    if (done.state === 0) return false;
    consume(done);
    machine.acquire(task, done);
    return true;
  },
};

const DONE: Kind<Completion, [], boolean> = {
  name: 'completion_done',
  access: 'read',
  perform(machine, task, { object: done }) {
    if (done.state === 0) return false;
    machine.acquire(task, done);
    return true;
  },
};

/**
 * Makes a completion usable, not done.
 *
 * @kernel include/linux/completion.h
 * @context any; does not sleep
 * @ordering none
 */
export function init_completion(x: completion): Op<void> {
  return request(INIT, objectOf(x));
}

/**
 * Makes a completion not done again, for reuse; no task may still wait for it.
 *
 * @kernel include/linux/completion.h
 * @context any; does not sleep
 * @ordering none
 */
export function reinit_completion(x: completion): Op<void> {
  return request(REINIT, objectOf(x));
}

/**
 * Makes a completion on the task's stack, not done. It dies when the calling function returns, and must outlive every complete()
 * on it.
 *
 * @param name its name in reports
 * @returns the completion
 * @kernel include/linux/completion.h
 * @context any; does not sleep
 * @ordering none
 * @divergence an operation that returns the completion; in a scenario's own functions it lives as long as the task
 */
export function DECLARE_COMPLETION_ONSTACK(name: string): Op<completion> {
  return request(ON_STACK, null, name);
}

/**
 * Lets one waiter continue, now or when it arrives.
 *
 * @kernel include/linux/completion.h
 * @context any; does not sleep
 * @ordering release
 * @divergence any waiter may continue, not only the first one
 */
export function complete(x: completion): Op<void> {
  return request(COMPLETE, objectOf(x));
}

/**
 * Lets all waiters continue, from now until reinit_completion().
 *
 * @example
 * const done = yield* DECLARE_COMPLETION_ONSTACK('done');
 * yield* complete_all(done);
 * yield* wait_for_completion(done);
 * yield* completion_done(done); // => true
 * yield* reinit_completion(done);
 * yield* try_wait_for_completion(done); // => false
 * yield* init_completion(done);
 * yield* completion_done(done); // => false
 * @kernel include/linux/completion.h
 * @context any; does not sleep
 * @ordering release
 */
export function complete_all(x: completion): Op<void> {
  return request(COMPLETE_ALL, objectOf(x));
}

/**
 * Sleeps until the completion is done; uses up one complete().
 *
 * @example
 * const done = DECLARE_COMPLETION('done');
 * const answer = static_var('answer', 0);
 * yield* spawn_task('b', function* () {
 *   answer.value = 42;
 *   yield* complete(done);
 * });
 * yield* wait_for_completion(done);
 * answer.value; // => 42
 * @kernel include/linux/completion.h
 * @context process context only; may sleep
 * @ordering acquire
 */
export function wait_for_completion(x: completion): Op<void> {
  return request(WAIT, objectOf(x));
}

/**
 * Uses up one complete() without waiting, if there is one.
 *
 * @returns true if there was one
 * @kernel include/linux/completion.h
 * @context any; does not sleep
 * @ordering acquire when it returns true, none otherwise
 */
export function try_wait_for_completion(x: completion): Op<boolean> {
  return request(TRY_WAIT, objectOf(x));
}

/**
 * Whether a waiter could continue now. Uses up nothing.
 *
 * @returns whether it is done; it may already be stale
 * @kernel include/linux/completion.h
 * @context any; does not sleep
 * @ordering acquire when it returns true, none otherwise
 */
export function completion_done(x: completion): Op<boolean> {
  return request(DONE, objectOf(x));
}
