// SPDX-License-Identifier: GPL-2.0-only
/** Packets. After include/linux/skbuff.h. Left out: what is in a packet but a length and a text, clones, fragments. */
import {
  int,
  kfree,
  kzalloc,
  list_head,
  ptr,
  refcount_dec_and_test,
  refcount_inc,
  refcount_read,
  refcount_set,
  refcount_t,
  text,
} from '../kernel';
import { composite, type Handle, type Op, struct, type StructOf } from '../machine';

/** A packet. */
export const sk_buff = struct('sk_buff', {
  /** Its place in a queue. */
  list: list_head,
  /** How many use it; it is freed with the last. */
  users: refcount_t,
  /** How long it is. */
  len: int,
  /** What is in it. */
  data: text,
  /** Whatever its owner needs with it. */
  cb: ptr<Handle>(),
});
export interface sk_buff extends StructOf<typeof sk_buff> {}

function* allocating(size: number, flags: number): Op<sk_buff | null> {
  const skb = yield* kzalloc(sk_buff, flags);
  if (skb === null) return null;
  skb.len = size;
  yield* refcount_set(skb.users, 1);
  return skb;
}

function* freeing(skb: sk_buff | null): Op<void> {
  if (skb !== null && (yield* refcount_dec_and_test(skb.users))) yield* kfree(skb);
}

function* getting(skb: sk_buff): Op<sk_buff> {
  yield* refcount_inc(skb.users);
  return skb;
}

function* asking(skb: sk_buff): Op<boolean> {
  return (yield* refcount_read(skb.users)) !== 1;
}

/**
 * Allocates a packet with one user.
 *
 * @example
 * const queue = DEFINE_STATIC('queue', sk_buff_head);
 * yield* skb_queue_head_init(queue);
 * const skb = yield* alloc_skb(10, GFP_KERNEL);
 * if (skb === null) return;
 * yield* skb_shared(yield* skb_get(skb)); // => true
 * yield* kfree_skb(skb);
 * yield* skb_queue_tail(queue, skb);
 * yield* skb_queue_empty_lockless(queue); // => false
 * yield* skb_queue_len_lockless(queue); // => 1
 * skb_peek(queue) === skb; // => true
 * yield* skb_unlink(skb, queue);
 * yield* skb_queue_head(queue, skb);
 * yield* consume_skb(yield* skb_dequeue(queue));
 * yield* skb_queue_purge(queue);
 * @param size its length
 * @param priority GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the packet, or NULL if the scenario lets `kzalloc` fail
 * @kernel include/linux/skbuff.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 */
export function alloc_skb(size: number, priority: number): Op<sk_buff | null> {
  return composite('alloc_skb', allocating(size, priority));
}

/**
 * Drops a use of a packet, which is freed with the last. NULL is allowed.
 *
 * @param skb the packet, or NULL
 * @kernel include/linux/skbuff.h
 * @context any but hard interrupts, with interrupts on; does not sleep
 * @ordering release, and acquire for the last one
 */
export function kfree_skb(skb: sk_buff | null): Op<void> {
  return composite('kfree_skb', freeing(skb));
}

/**
 * kfree_skb() of a packet that was not dropped but used up.
 *
 * @param skb the packet, or NULL
 * @kernel include/linux/skbuff.h
 * @context any but hard interrupts, with interrupts on; does not sleep
 * @ordering release, and acquire for the last one
 */
export function consume_skb(skb: sk_buff | null): Op<void> {
  return composite('consume_skb', freeing(skb));
}

/**
 * Adds a user to a packet.
 *
 * @returns the packet
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering none
 */
export function skb_get(skb: sk_buff): Op<sk_buff> {
  return composite('skb_get', getting(skb));
}

/**
 * Whether a packet has more than one user.
 *
 * @returns whether it has
 * @kernel include/linux/skbuff.h
 * @context any; does not sleep
 * @ordering none
 */
export function skb_shared(skb: sk_buff): Op<boolean> {
  return composite('skb_shared', asking(skb));
}
