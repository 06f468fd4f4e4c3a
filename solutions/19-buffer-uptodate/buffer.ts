// SPDX-License-Identifier: GPL-2.0-only
/**
 * include/linux/buffer_head.h and fs/buffer.c with the barriers of commit d4252071b97d ("add barriers to buffer_uptodate and
 * set_buffer_uptodate", 2022), and with the test of the bit that was put back a month later.
 *
 * A buffer head stands for one block of a disk. Its state has a bit that says whether the data in memory is that of the disk.
 */
import {
  clear_bit,
  clear_bit_unlock,
  complete,
  completion,
  GFP_KERNEL,
  init_completion,
  init_waitqueue_head,
  int,
  kzalloc,
  type Op,
  set_bit,
  smp_load_acquire,
  smp_mb__after_atomic,
  smp_mb__before_atomic,
  struct,
  type StructOf,
  test_and_set_bit_lock,
  test_bit,
  wait_event,
  wait_queue_head_t,
  waitqueue_active,
  wake_up,
} from '#lib';

const BH_Uptodate = 0; /* contains valid data */
const BH_Lock = 2; /* is locked: nobody else begins I/O */

/** A block of a disk in memory. */
export const buffer_head = struct('buffer_head', {
  b_state: int,
  b_data: int /* stands for what is in the block */,
  b_wait: wait_queue_head_t /* those who wait for BH_Lock */,
  b_submitted: completion /* stands for the queue of the disk */,
});
export interface buffer_head extends StructOf<typeof buffer_head> {}

/** Makes a buffer that has not been read. */
export function* alloc_buffer_head(): Op<buffer_head | null> {
  const bh = yield* kzalloc(buffer_head, GFP_KERNEL);
  if (bh === null) return null;
  yield* init_waitqueue_head(bh.b_wait);
  yield* init_completion(bh.b_submitted);
  return bh;
}

/* BUFFER_FNS(Uptodate, uptodate) */

function* set_buffer_uptodate(bh: buffer_head): Op<void> {
  /* the bit is tested first: setting it costs a cache line */
  if (yield* test_bit(BH_Uptodate, bh, 'b_state')) return;
  /* first the data, then the bit; pairs with smp_load_acquire() in buffer_uptodate() */
  yield* smp_mb__before_atomic();
  yield* set_bit(BH_Uptodate, bh, 'b_state');
}

function* clear_buffer_uptodate(bh: buffer_head): Op<void> {
  yield* clear_bit(BH_Uptodate, bh, 'b_state');
}

function* buffer_uptodate(bh: buffer_head): Op<boolean> {
  /* first the bit, then the data; pairs with smp_mb__before_atomic() in set_buffer_uptodate() */
  return ((yield* smp_load_acquire(bh, 'b_state')) & (1 << BH_Uptodate)) !== 0;
}

function* wait_on_buffer(bh: buffer_head): Op<void> {
  yield* wait_event(bh.b_wait, function* () {
    return !(yield* test_bit(BH_Lock, bh, 'b_state'));
  });
}

function* trylock_buffer(bh: buffer_head): Op<boolean> {
  return !(yield* test_and_set_bit_lock(BH_Lock, bh, 'b_state'));
}

function* lock_buffer(bh: buffer_head): Op<void> {
  while (!(yield* trylock_buffer(bh))) yield* wait_on_buffer(bh);
}

function* unlock_buffer(bh: buffer_head): Op<void> {
  yield* clear_bit_unlock(BH_Lock, bh, 'b_state');
  yield* smp_mb__after_atomic();
  /* wake_up_bit() */
  if (yield* waitqueue_active(bh.b_wait)) yield* wake_up(bh.b_wait);
}

/** Hands a locked buffer to the disk, which answers with end_buffer_read_sync(). */
function* submit_bh(bh: buffer_head): Op<void> {
  yield* complete(bh.b_submitted);
}

/** The disk has read the block, or has failed to. Called in interrupt context. */
export function* end_buffer_read_sync(bh: buffer_head, uptodate: boolean): Op<void> {
  if (uptodate) {
    yield* set_buffer_uptodate(bh);
  } else {
    /* the caller of the read finds out by the bit */
    yield* clear_buffer_uptodate(bh);
  }
  yield* unlock_buffer(bh);
}

function* __bread_slow(bh: buffer_head): Op<buffer_head | null> {
  yield* lock_buffer(bh);
  if (yield* buffer_uptodate(bh)) {
    yield* unlock_buffer(bh);
    return bh;
  }
  yield* submit_bh(bh);
  yield* wait_on_buffer(bh);
  if (yield* buffer_uptodate(bh)) return bh;
  return null;
}

/** Reads a block, unless it is in memory. Returns the buffer with its data, or NULL if the block cannot be read. */
export function* sb_bread(bh: buffer_head): Op<buffer_head | null> {
  if (!(yield* buffer_uptodate(bh))) return yield* __bread_slow(bh);
  return bh;
}

/** Begins to read a block and does not wait. */
export function* sb_breadahead(bh: buffer_head): Op<void> {
  if (!(yield* trylock_buffer(bh))) return;
  if (yield* buffer_uptodate(bh)) {
    yield* unlock_buffer(bh);
    return;
  }
  yield* submit_bh(bh);
}
