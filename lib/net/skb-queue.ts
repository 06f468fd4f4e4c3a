// SPDX-License-Identifier: GPL-2.0-only
/** Queues of packets. After include/linux/skbuff.h and net/core/skbuff.c. */
import {
  INIT_LIST_HEAD,
  int,
  list_entry,
  list_head,
  READ_ONCE,
  spin_lock_init,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  spinlock_t,
  WRITE_ONCE,
} from '../kernel';
import { follow } from '../kernel/list';
import { composite, type Op, struct, type StructOf } from '../machine';
import { kfree_skb, sk_buff } from './skbuff';

/** A queue of packets. Embed it as `queue: sk_buff_head`. */
export const sk_buff_head = struct('sk_buff_head', {
  /** The packets. */
  list: list_head,
  /** How many there are. */
  qlen: int,
  /** Taken by all functions on the queue without two underscores. */
  lock: spinlock_t,
});
export interface sk_buff_head extends StructOf<typeof sk_buff_head> {}

function* initialising(queue: sk_buff_head): Op<void> {
  yield* spin_lock_init(queue.lock);
  INIT_LIST_HEAD(queue.list);
  queue.qlen = 0;
}

/** __skb_insert() */
function* inserting(queue: sk_buff_head, skb: sk_buff, prev: list_head | null): Op<void> {
  const before = follow(prev);
  const next = follow(before.next);
  skb.list.next = next;
  skb.list.prev = before;
  next.prev = skb.list;
  before.next = skb.list;
  yield* WRITE_ONCE(queue, 'qlen', queue.qlen + 1);
}

/** __skb_unlink(): a packet that is on no queue has null pointers. */
function* unlinking(queue: sk_buff_head, skb: sk_buff): Op<void> {
  const { next, prev } = skb.list;
  skb.list.next = null;
  skb.list.prev = null;
  follow(next).prev = prev;
  follow(prev).next = next;
  yield* WRITE_ONCE(queue, 'qlen', queue.qlen - 1);
}

function peek(queue: sk_buff_head, last: boolean): sk_buff | null {
  const node = follow(last ? queue.list.prev : queue.list.next);
  return node === queue.list ? null : list_entry(node, sk_buff, 'list');
}

function* dequeuing(queue: sk_buff_head, last: boolean): Op<sk_buff | null> {
  const skb = peek(queue, last);
  if (skb !== null) yield* unlinking(queue, skb);
  return skb;
}

/** Runs something under the queue's lock, with interrupts off: interrupt handlers use queues too. */
function* locked<T>(queue: sk_buff_head, op: () => Op<T>): Op<T> {
  const flags = yield* spin_lock_irqsave(queue.lock);
  const result = yield* op();
  yield* spin_unlock_irqrestore(queue.lock, flags);
  return result;
}

function* purging(
  queue: sk_buff_head,
  dequeue: (queue: sk_buff_head) => Op<sk_buff | null>,
): Op<void> {
  for (;;) {
    const skb = yield* dequeue(queue);
    if (skb === null) return;
    yield* kfree_skb(skb);
  }
}

function* counting(queue: sk_buff_head): Op<number> {
  return yield* READ_ONCE(queue, 'qlen');
}

function* looking(queue: sk_buff_head): Op<boolean> {
  return (yield* counting(queue)) === 0;
}

/**
 * Makes a queue usable, empty.
 *
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering none
 */
export function skb_queue_head_init(queue: sk_buff_head): Op<void> {
  return composite('skb_queue_head_init', initialising(queue));
}

/**
 * Puts a packet at the end of a queue, under its lock.
 *
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function skb_queue_tail(queue: sk_buff_head, skb: sk_buff): Op<void> {
  return composite(
    'skb_queue_tail',
    locked(queue, () => inserting(queue, skb, queue.list.prev)),
  );
}

/**
 * skb_queue_tail() without the lock.
 *
 * @example
 * const queue = DEFINE_STATIC('queue', sk_buff_head);
 * yield* skb_queue_head_init(queue);
 * const skb = yield* alloc_skb(10, GFP_KERNEL);
 * const other = yield* alloc_skb(20, GFP_KERNEL);
 * if (skb === null || other === null) return;
 * yield* __skb_queue_tail(queue, skb);
 * yield* __skb_queue_head(queue, other);
 * skb_queue_empty(queue); // => false
 * skb_queue_len(queue); // => 2
 * yield* kfree_skb(yield* __skb_dequeue(queue));
 * yield* __skb_unlink(skb, queue);
 * yield* __skb_queue_tail(queue, skb);
 * yield* kfree_skb(yield* skb_dequeue_tail(queue));
 * yield* __skb_queue_purge(queue);
 * @kernel include/linux/skbuff.h
 * @context any, with the lock or with nobody else at the queue; does not sleep
 * @ordering none
 */
export function __skb_queue_tail(queue: sk_buff_head, skb: sk_buff): Op<void> {
  return composite('__skb_queue_tail', inserting(queue, skb, queue.list.prev));
}

/**
 * Puts a packet at the front of a queue, under its lock.
 *
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function skb_queue_head(queue: sk_buff_head, skb: sk_buff): Op<void> {
  return composite(
    'skb_queue_head',
    locked(queue, () => inserting(queue, skb, queue.list)),
  );
}

/**
 * skb_queue_head() without the lock.
 *
 * @kernel include/linux/skbuff.h
 * @context any, with the lock or with nobody else at the queue; does not sleep
 * @ordering none
 */
export function __skb_queue_head(queue: sk_buff_head, skb: sk_buff): Op<void> {
  return composite('__skb_queue_head', inserting(queue, skb, queue.list));
}

/**
 * Takes the first packet off a queue, under its lock.
 *
 * @returns the packet, or NULL if there is none
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function skb_dequeue(queue: sk_buff_head): Op<sk_buff | null> {
  return composite(
    'skb_dequeue',
    locked(queue, () => dequeuing(queue, false)),
  );
}

/**
 * Takes the last packet off a queue, under its lock.
 *
 * @returns the packet, or NULL if there is none
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function skb_dequeue_tail(queue: sk_buff_head): Op<sk_buff | null> {
  return composite(
    'skb_dequeue_tail',
    locked(queue, () => dequeuing(queue, true)),
  );
}

/**
 * skb_dequeue() without the lock.
 *
 * @returns the packet, or NULL if there is none
 * @kernel include/linux/skbuff.h
 * @context any, with the lock or with nobody else at the queue; does not sleep
 * @ordering none
 */
export function __skb_dequeue(queue: sk_buff_head): Op<sk_buff | null> {
  return composite('__skb_dequeue', dequeuing(queue, false));
}

/**
 * Takes a packet off the queue that it is on, under its lock.
 *
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function skb_unlink(skb: sk_buff, queue: sk_buff_head): Op<void> {
  return composite(
    'skb_unlink',
    locked(queue, () => unlinking(queue, skb)),
  );
}

/**
 * skb_unlink() without the lock.
 *
 * @kernel include/linux/skbuff.h
 * @context any, with the lock or with nobody else at the queue; does not sleep
 * @ordering none
 */
export function __skb_unlink(skb: sk_buff, queue: sk_buff_head): Op<void> {
  return composite('__skb_unlink', unlinking(queue, skb));
}

/**
 * Takes all packets off a queue and drops them; takes the lock for each.
 *
 * @kernel include/linux/skbuff.h
 * @context any but hard interrupts, with interrupts on; does not sleep
 * @ordering as spin_lock_irqsave() and spin_unlock_irqrestore()
 */
export function skb_queue_purge(queue: sk_buff_head): Op<void> {
  return composite('skb_queue_purge', purging(queue, skb_dequeue));
}

/**
 * skb_queue_purge() without the lock.
 *
 * @kernel include/linux/skbuff.h
 * @context any but hard interrupts, with interrupts on and nobody else at the queue; does not sleep
 * @ordering none
 */
export function __skb_queue_purge(queue: sk_buff_head): Op<void> {
  return composite('__skb_queue_purge', purging(queue, __skb_dequeue));
}

/**
 * The first packet of a queue, which stays there.
 *
 * @returns the packet, or NULL if there is none
 * @kernel include/linux/skbuff.h
 * @context any, with the lock; does not sleep
 * @ordering none
 */
export function skb_peek(queue: sk_buff_head): sk_buff | null {
  return peek(queue, false);
}

/**
 * Whether a queue has no packets.
 *
 * @returns whether it has none
 * @kernel include/linux/skbuff.h
 * @context any, with the lock; does not sleep
 * @ordering none
 */
export function skb_queue_empty(queue: sk_buff_head): boolean {
  return queue.list.next === queue.list;
}

/**
 * Whether a queue has no packets, without its lock.
 *
 * @returns whether it has none; it may already be stale
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering none
 * @divergence looks at the number of packets, not at the first one
 */
export function skb_queue_empty_lockless(queue: sk_buff_head): Op<boolean> {
  return composite('skb_queue_empty_lockless', looking(queue));
}

/**
 * How many packets a queue has.
 *
 * @returns the number
 * @kernel include/linux/skbuff.h
 * @context any, with the lock; does not sleep
 * @ordering none
 */
export function skb_queue_len(queue: sk_buff_head): number {
  return queue.qlen;
}

/**
 * How many packets a queue has, without its lock.
 *
 * @returns the number; it may already be stale
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering none
 */
export function skb_queue_len_lockless(queue: sk_buff_head): Op<number> {
  return composite('skb_queue_len_lockless', counting(queue));
}
