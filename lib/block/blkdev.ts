// SPDX-License-Identifier: GPL-2.0-only
/** Request queues: making and destroying them. After include/linux/blkdev.h and block/ll_rw_blk.c of 2.6.17. */
import { atomic_dec, atomic_inc, atomic_read, DEFINE_ATOMIC, kfree, static_var } from '../kernel';
import { failed, outcomesOf } from '../kernel/may-fail';
import { gfpflags_allow_blocking } from '../kernel/slab';
import { ptr } from '../kernel/types';
import {
  composite,
  type Handle,
  type Kind,
  objectOf,
  type Op,
  request,
  struct,
  type StructOf,
  makeStruct,
} from '../machine';
import type { blk_mq_tag_set } from './blk-mq';

/** A queue of requests to a device. @kernel include/linux/blkdev.h */
export const request_queue = struct('request_queue', {
  /** For the driver. */
  queuedata: ptr<Handle>(),
  /** What it shares with other queues. Not in 2006. */
  tag_set: ptr<blk_mq_tag_set>(),
});
export interface request_queue extends StructOf<typeof request_queue> {}

/** Whether a scenario has asked to count queues. */
const watched = static_var('blk_queues_watched', false);
const allocating = DEFINE_ATOMIC('blk_queues_allocating', 0);

const ALLOC: Kind<null, [gfp_mask: number], request_queue | null> = {
  name: 'blk_alloc_queue',
  access: 'none',
  outcomes: outcomesOf('blk_alloc_queue'),
  announce(machine, task, { a: gfp_mask, site }) {
    if (gfpflags_allow_blocking(gfp_mask)) machine.mightSleep(task, 'blk_alloc_queue', site);
  },
  perform(machine, task, { site }) {
    if (failed('blk_alloc_queue', machine, task)) return null;
    const queue = makeStruct(request_queue);
    queue.clear(true);
    machine.allocate(queue, site);
    return queue.handle;
  },
};

const SYNC: Kind<null, [], void> = {
  name: 'blk_sync_queue',
  access: 'none',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'blk_sync_queue', site),
  perform: () => undefined,
};

function* allocQueue(gfp_mask: number): Op<request_queue | null> {
  const counted = watched.value;
  if (counted) yield* atomic_inc(allocating);
  const queue = yield* request(ALLOC, null, gfp_mask);
  if (counted) yield* atomic_dec(allocating);
  return queue;
}

/**
 * Makes a request queue.
 *
 * @param gfp_mask GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the queue, or NULL if `blk_alloc_queue` fails
 * @kernel include/linux/blkdev.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 */
export function blk_alloc_queue(gfp_mask: number): Op<request_queue | null> {
  return composite('blk_alloc_queue', allocQueue(gfp_mask));
}

function* cleanupQueue(queue: request_queue): Op<void> {
  yield* request(SYNC, null);
  yield* kfree(queue);
}

/**
 * Ends a request queue: waits for its remaining requests and frees it.
 *
 * @kernel include/linux/blkdev.h
 * @context process context; may sleep
 * @ordering none
 * @divergence frees it immediately; the kernel frees it with the last reference
 */
export function blk_cleanup_queue(queue: request_queue): Op<void> {
  objectOf(queue); // without a queue it faults here, at the call
  return composite('blk_cleanup_queue', cleanupQueue(queue));
}

/** For set-up code: counts queues that are being allocated from now on. */
export function blkWatchQueues(): void {
  watched.value = true;
}

/**
 * How many queues are being allocated now.
 *
 * @returns how many; 0 before blkWatchQueues()
 */
export function blkQueuesAllocating(): Op<number> {
  return atomic_read(allocating);
}
