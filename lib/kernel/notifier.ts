// SPDX-License-Identifier: GPL-2.0-only
/**
 * Notifier chains: functions that are called, one after the other, when something happens. After include/linux/notifier.h and
 * kernel/notifier.c. The kind of a chain says what protects it while it is called: RCU, a semaphore, or nothing. notifier-srcu.ts has
 * the fourth kind.
 */
import { composite, type Handle, type Op, struct, type StructOf } from '../machine';
import { call, type notifier_block, register, STOP_MASK, unregister } from './notifier-core';
import { rcu_access_pointer, RCU_INIT_POINTER } from './rcu-pointer';
import { rcu_read_lock, rcu_read_unlock, synchronize_rcu } from './rcupdate';
import { down_read, down_write, init_rwsem, rw_semaphore, up_read, up_write } from './rwsem';
import { spin_lock_init, spinlock_t } from './spinlock';
import { spin_lock_irqsave, spin_unlock_irqrestore } from './spinlock-irq';
import { readyStatic } from './static-var';
import { ptr } from './types';

/** It does not matter to this function. */
export const NOTIFY_DONE = 0;
/** It was taken note of. */
export const NOTIFY_OK = 1;
/** Whatever is returned with this bit stops the chain. */
export const NOTIFY_STOP_MASK = STOP_MASK;
/** It must not happen. Stops the chain. */
export const NOTIFY_BAD = NOTIFY_STOP_MASK | 2;
/** It was dealt with. Stops the chain. */
export const NOTIFY_STOP = NOTIFY_STOP_MASK | NOTIFY_OK;

/**
 * What a notifier returns for an error.
 *
 * @param err a negative error code, or 0
 * @returns a value that stops the chain, or NOTIFY_OK for 0
 * @kernel include/linux/notifier.h
 * @context any; does not sleep
 * @ordering none
 */
export function notifier_from_errno(err: number): number {
  return err === 0 ? NOTIFY_OK : NOTIFY_STOP_MASK | (NOTIFY_OK - err);
}

/**
 * The error that a notifier has returned.
 *
 * @example
 * notifier_to_errno(notifier_from_errno(-EBUSY)); // => -16
 * @param ret what a chain has returned
 * @returns a negative error code, or 0
 * @kernel include/linux/notifier.h
 * @context any; does not sleep
 * @ordering none
 */
export function notifier_to_errno(ret: number): number {
  const value = ret & ~NOTIFY_STOP_MASK;
  return value > NOTIFY_OK ? NOTIFY_OK - value : 0;
}

/** A chain that is called in any context; its functions must not sleep. */
export const atomic_notifier_head = struct('atomic_notifier_head', {
  /** For those that change the chain. */
  lock: spinlock_t,
  /** The first block. */
  head: ptr<notifier_block>(),
});
export interface atomic_notifier_head extends StructOf<typeof atomic_notifier_head> {}

/** A chain that is called in process context; its functions may sleep. */
export const blocking_notifier_head = struct('blocking_notifier_head', {
  /** Taken for reading by those that call the chain. */
  rwsem: rw_semaphore,
  /** The first block. */
  head: ptr<notifier_block>(),
});
export interface blocking_notifier_head extends StructOf<typeof blocking_notifier_head> {}

/** A chain without any protection: those that use it have their own. */
export const raw_notifier_head = struct('raw_notifier_head', {
  /** The first block. */
  head: ptr<notifier_block>(),
});
export interface raw_notifier_head extends StructOf<typeof raw_notifier_head> {}

/**
 * Defines a static chain that is protected by RCU, empty.
 *
 * @kernel include/linux/notifier.h
 */
export function ATOMIC_NOTIFIER_HEAD(name: string): atomic_notifier_head {
  return readyStatic(name, atomic_notifier_head);
}

/**
 * Defines a static chain that is protected by a semaphore, empty.
 *
 * @kernel include/linux/notifier.h
 */
export function BLOCKING_NOTIFIER_HEAD(name: string): blocking_notifier_head {
  return readyStatic(name, blocking_notifier_head);
}

/**
 * Defines a static chain without protection, empty.
 *
 * @kernel include/linux/notifier.h
 */
export function RAW_NOTIFIER_HEAD(name: string): raw_notifier_head {
  return readyStatic(name, raw_notifier_head);
}

function* initAtomic(nh: atomic_notifier_head): Op<void> {
  yield* spin_lock_init(nh.lock);
  yield* RCU_INIT_POINTER(nh, 'head', null);
}

function* changeAtomic(
  nh: atomic_notifier_head,
  change: typeof register,
  nb: notifier_block,
): Op<number> {
  const flags = yield* spin_lock_irqsave(nh.lock);
  const ret = yield* change(nh, nb);
  yield* spin_unlock_irqrestore(nh.lock, flags);
  return ret;
}

function* unregisterAtomic(nh: atomic_notifier_head, nb: notifier_block): Op<number> {
  const ret = yield* changeAtomic(nh, unregister, nb);
  yield* synchronize_rcu();
  return ret;
}

function* callAtomic(nh: atomic_notifier_head, action: number, data: Handle | null): Op<number> {
  yield* rcu_read_lock();
  const ret = yield* call(nh, action, data);
  yield* rcu_read_unlock();
  return ret;
}

function* initBlocking(nh: blocking_notifier_head): Op<void> {
  yield* init_rwsem(nh.rwsem);
  yield* RCU_INIT_POINTER(nh, 'head', null);
}

function* changeBlocking(
  nh: blocking_notifier_head,
  change: typeof register,
  nb: notifier_block,
): Op<number> {
  yield* down_write(nh.rwsem);
  const ret = yield* change(nh, nb);
  yield* up_write(nh.rwsem);
  return ret;
}

function* callBlocking(
  nh: blocking_notifier_head,
  action: number,
  data: Handle | null,
): Op<number> {
  if ((yield* rcu_access_pointer(nh, 'head')) === null) return NOTIFY_DONE;
  yield* down_read(nh.rwsem);
  const ret = yield* call(nh, action, data);
  yield* up_read(nh.rwsem);
  return ret;
}

/**
 * Makes a chain usable, empty.
 *
 * @example
 * const bus = struct('bus', { chain: atomic_notifier_head });
 * const one = yield* kzalloc(bus, GFP_KERNEL);
 * if (one === null) return;
 * yield* ATOMIC_INIT_NOTIFIER_HEAD(one.chain);
 * (yield* atomic_notifier_call_chain(one.chain, 0, null)) === NOTIFY_DONE; // => true
 * yield* kfree(one);
 * @kernel include/linux/notifier.h
 * @context any; does not sleep
 * @ordering none
 */
export function ATOMIC_INIT_NOTIFIER_HEAD(nh: atomic_notifier_head): Op<void> {
  return composite('ATOMIC_INIT_NOTIFIER_HEAD', initAtomic(nh));
}

/**
 * Puts a block on a chain, behind those of its priority.
 *
 * @example
 * const events = static_var('events', 0);
 * function* count_event(nb: notifier_block, action: number) {
 *   events.value += action;
 *   return NOTIFY_OK;
 * }
 * const chain = ATOMIC_NOTIFIER_HEAD('chain');
 * const block = DEFINE_STATIC('block', notifier_block);
 * yield* atomic_notifier_call_chain(chain, 3, null); // => 0
 * block.notifier_call = count_event;
 * yield* atomic_notifier_chain_register(chain, block); // => 0
 * yield* atomic_notifier_call_chain(chain, 3, null); // => 1
 * yield* atomic_notifier_chain_unregister(chain, block); // => 0
 * events.value; // => 3
 * @returns 0, or -EEXIST if it is on the chain already
 * @kernel include/linux/notifier.h
 * @context any; does not sleep
 * @ordering release, to the functions
 */
export function atomic_notifier_chain_register(
  nh: atomic_notifier_head,
  nb: notifier_block,
): Op<number> {
  return composite('atomic_notifier_chain_register', changeAtomic(nh, register, nb));
}

/**
 * Takes a block off a chain, and waits for a grace period: its function does not run any more, and the block may be freed.
 *
 * @returns 0, or -ENOENT if it is not on the chain
 * @kernel include/linux/notifier.h
 * @context process context only; may sleep
 * @ordering acquire, from the function
 */
export function atomic_notifier_chain_unregister(
  nh: atomic_notifier_head,
  nb: notifier_block,
): Op<number> {
  return composite('atomic_notifier_chain_unregister', unregisterAtomic(nh, nb));
}

/**
 * Calls the functions on a chain, until one stops it, in a read section of RCU.
 *
 * @param action what has happened
 * @param data what the functions are given beside that
 * @returns what the last function has returned
 * @kernel include/linux/notifier.h
 * @context any; does not sleep, nor may the functions
 * @ordering as rcu_read_lock()
 */
export function atomic_notifier_call_chain(
  nh: atomic_notifier_head,
  action: number,
  data: Handle | null,
): Op<number> {
  return composite('atomic_notifier_call_chain', callAtomic(nh, action, data));
}

/**
 * Makes a chain usable, empty.
 *
 * @example
 * const bus = struct('bus', { chain: blocking_notifier_head });
 * const one = yield* kzalloc(bus, GFP_KERNEL);
 * if (one === null) return;
 * yield* BLOCKING_INIT_NOTIFIER_HEAD(one.chain);
 * (yield* blocking_notifier_call_chain(one.chain, 0, null)) === NOTIFY_DONE; // => true
 * yield* kfree(one);
 * @kernel include/linux/notifier.h
 * @context any; does not sleep
 * @ordering none
 */
export function BLOCKING_INIT_NOTIFIER_HEAD(nh: blocking_notifier_head): Op<void> {
  return composite('BLOCKING_INIT_NOTIFIER_HEAD', initBlocking(nh));
}

/**
 * Puts a block on a chain, behind those of its priority.
 *
 * @example
 * const events = static_var('events', 0);
 * function* refuse(nb: notifier_block, action: number) {
 *   events.value += action;
 *   return notifier_from_errno(-EBUSY);
 * }
 * const chain = BLOCKING_NOTIFIER_HEAD('chain');
 * const block = DEFINE_STATIC('block', notifier_block);
 * yield* blocking_notifier_call_chain(chain, 3, null); // => 0
 * block.notifier_call = refuse;
 * yield* blocking_notifier_chain_register(chain, block); // => 0
 * notifier_to_errno(yield* blocking_notifier_call_chain(chain, 3, null)); // => -16
 * yield* blocking_notifier_chain_unregister(chain, block); // => 0
 * yield* blocking_notifier_chain_unregister(chain, block); // => -2
 * @returns 0, or -EEXIST if it is on the chain already
 * @kernel include/linux/notifier.h
 * @context process context only; may sleep
 * @ordering release, to the functions
 */
export function blocking_notifier_chain_register(
  nh: blocking_notifier_head,
  nb: notifier_block,
): Op<number> {
  return composite('blocking_notifier_chain_register', changeBlocking(nh, register, nb));
}

/**
 * Takes a block off a chain: its function does not run any more, and the block may be freed. A function must not take a block off its
 * own chain: it waits for itself.
 *
 * @returns 0, or -ENOENT if it is not on the chain
 * @kernel include/linux/notifier.h
 * @context process context only, not in a function of the chain; may sleep
 * @ordering acquire, from the function
 */
export function blocking_notifier_chain_unregister(
  nh: blocking_notifier_head,
  nb: notifier_block,
): Op<number> {
  return composite('blocking_notifier_chain_unregister', changeBlocking(nh, unregister, nb));
}

/**
 * Calls the functions on a chain, until one stops it, with its semaphore held for reading.
 *
 * @param action what has happened
 * @param data what the functions are given beside that
 * @returns what the last function has returned
 * @kernel include/linux/notifier.h
 * @context process context only; may sleep, and so may the functions
 * @ordering acquire, from those that changed the chain; none if it is empty
 */
export function blocking_notifier_call_chain(
  nh: blocking_notifier_head,
  action: number,
  data: Handle | null,
): Op<number> {
  return composite('blocking_notifier_call_chain', callBlocking(nh, action, data));
}

/**
 * Puts a block on a chain, behind those of its priority. The caller keeps others away from the chain.
 *
 * @example
 * function* stop(nb: notifier_block, action: number) {
 *   return action === 1 ? NOTIFY_STOP : NOTIFY_DONE;
 * }
 * const chain = RAW_NOTIFIER_HEAD('chain');
 * const block = DEFINE_STATIC('block', notifier_block);
 * yield* raw_notifier_call_chain(chain, 1, null); // => 0
 * block.notifier_call = stop;
 * block.priority = 1;
 * yield* raw_notifier_chain_register(chain, block);
 * (yield* raw_notifier_call_chain(chain, 1, null)) === NOTIFY_STOP; // => true
 * (yield* raw_notifier_call_chain(chain, 2, null)) === NOTIFY_BAD; // => false
 * yield* raw_notifier_chain_unregister(chain, block);
 * @returns 0, or -EEXIST if it is on the chain already
 * @kernel include/linux/notifier.h
 * @context any, with the caller's own lock; does not sleep
 * @ordering release, to the functions
 */
export function raw_notifier_chain_register(nh: raw_notifier_head, nb: notifier_block): Op<number> {
  return composite('raw_notifier_chain_register', register(nh, nb));
}

/**
 * Takes a block off a chain. The caller keeps others away from the chain.
 *
 * @returns 0, or -ENOENT if it is not on the chain
 * @kernel include/linux/notifier.h
 * @context any, with the caller's own lock; does not sleep
 * @ordering release, to tasks that follow the chain
 */
export function raw_notifier_chain_unregister(
  nh: raw_notifier_head,
  nb: notifier_block,
): Op<number> {
  return composite('raw_notifier_chain_unregister', unregister(nh, nb));
}

/**
 * Calls the functions on a chain, until one stops it. The caller keeps others away from the chain.
 *
 * @param action what has happened
 * @param data what the functions are given beside that
 * @returns what the last function has returned
 * @kernel include/linux/notifier.h
 * @context any in which the functions may run; sleeps if they do
 * @ordering none, except for accesses through the loaded pointers (address dependency)
 */
export function raw_notifier_call_chain(
  nh: raw_notifier_head,
  action: number,
  data: Handle | null,
): Op<number> {
  return composite('raw_notifier_call_chain', call(nh, action, data));
}
