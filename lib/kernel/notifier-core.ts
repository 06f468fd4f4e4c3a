// SPDX-License-Identifier: GPL-2.0-only
/** The list under notifier.ts, in the order of priorities. After notifier_chain_register() and others in kernel/notifier.c. */
import { functionName, type Handle, objectOf, type Op, struct, type StructOf } from '../machine';
import { EEXIST, ENOENT } from './err';
import { warnOf } from './kobject';
import { rcu_assign_pointer, rcu_dereference_raw } from './rcu-pointer';
import { fn, int, ptr } from './types';

/**
 * What a chain calls: given the block, what has happened, and data about that. Returns NOTIFY_DONE, NOTIFY_OK, or one of those that
 * stop the chain. @kernel include/linux/notifier.h
 */
export type notifier_fn_t = (nb: notifier_block, action: number, data: Handle | null) => Op<number>;

/** A function on a chain. Embed it as `nb: notifier_block`, or define a static. @kernel include/linux/notifier.h */
export const notifier_block = struct('notifier_block', {
  /** What is called. */
  notifier_call: fn<notifier_fn_t>(),
  /** The next on the chain. */
  next: ptr<notifier_block>(),
  /** Higher ones are called earlier. */
  priority: int,
});
export interface notifier_block extends StructOf<typeof notifier_block> {}

/** What a chain begins with. */
export type Chain = Handle & { readonly head: notifier_block | null };

/** NOTIFY_STOP_MASK: what is returned with this stops the chain. */
export const STOP_MASK = 0x8000;

/**
 * Puts a block on a chain, behind those of its priority.
 *
 * @returns 0, or -EEXIST if it is on the chain already
 */
export function* register(chain: Chain, nb: notifier_block): Op<number> {
  let before: notifier_block | null = null;
  let at = chain.head;
  while (at !== null) {
    if (at === nb) {
      warnOf(
        `notifier callback ${functionName(nb.notifier_call)} already registered`,
        objectOf(nb),
      );
      return -EEXIST;
    }
    if (nb.priority > at.priority) break;
    before = at;
    at = at.next;
  }
  nb.next = at;
  if (before === null) yield* rcu_assign_pointer(chain, 'head', nb);
  else yield* rcu_assign_pointer(before, 'next', nb);
  return 0;
}

/**
 * Takes a block off a chain. A task that goes along the chain may still be at it.
 *
 * @returns 0, or -ENOENT if it is not on the chain
 */
export function* unregister(chain: Chain, nb: notifier_block): Op<number> {
  let before: notifier_block | null = null;
  let at = chain.head;
  while (at !== null && at !== nb) {
    before = at;
    at = at.next;
  }
  if (at === null) return -ENOENT;
  if (before === null) yield* rcu_assign_pointer(chain, 'head', nb.next);
  else yield* rcu_assign_pointer(before, 'next', nb.next);
  return 0;
}

/** Calls what is on a chain, until one stops it. Returns what the last has returned. */
export function* call(chain: Chain, action: number, data: Handle | null): Op<number> {
  let ret = 0;
  let nb = yield* rcu_dereference_raw(chain, 'head');
  while (nb !== null) {
    const next = yield* rcu_dereference_raw(nb, 'next');
    if (nb.notifier_call === null)
      throw new TypeError("Cannot read properties of null (reading 'notifier_call')");
    ret = yield* nb.notifier_call(nb, action, data);
    if ((ret & STOP_MASK) !== 0) break;
    nb = next;
  }
  return ret;
}
