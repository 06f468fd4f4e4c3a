// SPDX-License-Identifier: GPL-2.0-only
/** Notifier chains that are protected by sleepable RCU. After include/linux/notifier.h and kernel/notifier.c. */
import { composite, type Handle, type Op, struct, type StructOf } from '../machine';
import { BUG } from './bug';
import { mutex, mutex_init, mutex_lock, mutex_unlock } from './mutex';
import { call, type notifier_block, register, unregister } from './notifier-core';
import { rcu_assign_pointer } from './rcu-pointer';
import {
  cleanup_srcu_struct,
  init_srcu_struct,
  srcu_read_lock,
  srcu_read_unlock,
  synchronize_srcu,
} from './srcu';
import { srcu_struct } from './srcu-state';
import { ptr } from './types';

/** A chain that is called in process context, often; its functions may sleep. */
export const srcu_notifier_head = struct('srcu_notifier_head', {
  /** For those that change the chain. */
  mutex: mutex,
  /** For those that call it. */
  srcu: srcu_struct,
  /** The first block. */
  head: ptr<notifier_block>(),
});
export interface srcu_notifier_head extends StructOf<typeof srcu_notifier_head> {}

function* initialising(nh: srcu_notifier_head): Op<void> {
  yield* mutex_init(nh.mutex);
  if ((yield* init_srcu_struct(nh.srcu)) < 0) BUG();
  yield* rcu_assign_pointer(nh, 'head', null);
}

function* changing(
  nh: srcu_notifier_head,
  change: typeof register,
  nb: notifier_block,
): Op<number> {
  yield* mutex_lock(nh.mutex);
  const ret = yield* change(nh, nb);
  yield* mutex_unlock(nh.mutex);
  return ret;
}

function* unregistering(nh: srcu_notifier_head, nb: notifier_block): Op<number> {
  const ret = yield* changing(nh, unregister, nb);
  yield* synchronize_srcu(nh.srcu);
  return ret;
}

function* calling(nh: srcu_notifier_head, action: number, data: Handle | null): Op<number> {
  const idx = yield* srcu_read_lock(nh.srcu);
  const ret = yield* call(nh, action, data);
  yield* srcu_read_unlock(nh.srcu, idx);
  return ret;
}

/**
 * Makes a chain usable, empty.
 *
 * @kernel include/linux/notifier.h
 * @context process context only; may sleep
 * @ordering none
 */
export function srcu_init_notifier_head(nh: srcu_notifier_head): Op<void> {
  return composite('srcu_init_notifier_head', initialising(nh));
}

/**
 * Ends a chain, which nobody may call any more.
 *
 * @kernel include/linux/notifier.h
 * @context process context only; may sleep
 * @ordering none
 */
export function srcu_cleanup_notifier_head(nh: srcu_notifier_head): Op<void> {
  return cleanup_srcu_struct(nh.srcu);
}

/**
 * Puts a block on a chain, behind those of its priority.
 *
 * @example
 * const chain = struct('chain', { nh: srcu_notifier_head });
 * function* nod(nb: notifier_block) {
 *   return NOTIFY_OK;
 * }
 * const block = DEFINE_STATIC('block', notifier_block);
 * const one = yield* kzalloc(chain, GFP_KERNEL);
 * if (one === null) return;
 * block.notifier_call = nod;
 * yield* srcu_init_notifier_head(one.nh);
 * yield* srcu_notifier_chain_register(one.nh, block); // => 0
 * yield* srcu_notifier_call_chain(one.nh, 0, null); // => 1
 * yield* srcu_notifier_chain_unregister(one.nh, block); // => 0
 * yield* srcu_cleanup_notifier_head(one.nh);
 * yield* kfree(one);
 * @returns 0, or -EEXIST if it is on the chain already
 * @kernel include/linux/notifier.h
 * @context process context only; may sleep
 * @ordering release, to the functions
 */
export function srcu_notifier_chain_register(
  nh: srcu_notifier_head,
  nb: notifier_block,
): Op<number> {
  return composite('srcu_notifier_chain_register', changing(nh, register, nb));
}

/**
 * Takes a block off a chain, and waits for a grace period: its function does not run any more, and the block may be freed.
 *
 * @returns 0, or -ENOENT if it is not on the chain
 * @kernel include/linux/notifier.h
 * @context process context only, not in a function of the chain; may sleep
 * @ordering acquire, from the function
 */
export function srcu_notifier_chain_unregister(
  nh: srcu_notifier_head,
  nb: notifier_block,
): Op<number> {
  return composite('srcu_notifier_chain_unregister', unregistering(nh, nb));
}

/**
 * Calls the functions on a chain, until one stops it, in a read section of its srcu_struct.
 *
 * @param action what has happened
 * @param data what the functions are given beside that
 * @returns what the last function has returned
 * @kernel include/linux/notifier.h
 * @context process context only; may sleep, and so may the functions
 * @ordering as srcu_read_lock()
 */
export function srcu_notifier_call_chain(
  nh: srcu_notifier_head,
  action: number,
  data: Handle | null,
): Op<number> {
  return composite('srcu_notifier_call_chain', calling(nh, action, data));
}
