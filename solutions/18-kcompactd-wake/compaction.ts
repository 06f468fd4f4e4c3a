// SPDX-License-Identifier: GPL-2.0-only
/**
 * mm/compaction.c as of Linux 4.10, with the barrier that commit
 * 46acef048a65 ("mm,compaction: serialize waitqueue_active() checks", 2017) was meant to be.
 *
 * kcompactd: a daemon for each memory node. It sleeps until somebody misses free pages of a high order, and compacts the node then.
 */
import {
  init_waitqueue_head,
  int,
  type Op,
  READ_ONCE,
  smp_mb,
  struct,
  type StructOf,
  wait_event,
  wait_queue_head_t,
  waitqueue_active,
  wake_up,
  WRITE_ONCE,
} from '#lib';

/** A memory node. */
export const pglist_data = struct('pglist_data', {
  kcompactd_max_order: int /* what is asked of kcompactd; 0: nothing */,
  kcompactd_wait: wait_queue_head_t,
  compacted: int /* stands for the pages: the order of the last compaction */,
  compactions: int,
});
export interface pglist_data extends StructOf<typeof pglist_data> {}

/** Makes the parts of a node that kcompactd needs. */
export function* pgdat_init(pgdat: pglist_data): Op<void> {
  yield* init_waitqueue_head(pgdat.kcompactd_wait);
}

function* kcompactd_work_requested(pgdat: pglist_data): Op<boolean> {
  return (yield* READ_ONCE(pgdat, 'kcompactd_max_order')) > 0;
}

function* kcompactd_do_work(pgdat: pglist_data): Op<void> {
  const order = yield* READ_ONCE(pgdat, 'kcompactd_max_order');

  pgdat.compacted = order;
  pgdat.compactions++;

  /*
   * Done until the next request, whether it helped or not. A request for a higher order may have come meanwhile; that one
   * stays.
   */
  if ((yield* READ_ONCE(pgdat, 'kcompactd_max_order')) <= order) {
    yield* WRITE_ONCE(pgdat, 'kcompactd_max_order', 0);
  }
}

/** Asks for free pages of an order. Callers may be in atomic context. */
export function* wakeup_kcompactd(pgdat: pglist_data, order: number): Op<void> {
  if (order === 0) return;

  if ((yield* READ_ONCE(pgdat, 'kcompactd_max_order')) < order) {
    yield* WRITE_ONCE(pgdat, 'kcompactd_max_order', order);
  }

  /*
   * The request first, then the look at the queue. Pairs with the full barrier of prepare_to_wait(), which kcompactd is past
   * when it looks for a request.
   */
  yield* smp_mb();
  if (!(yield* waitqueue_active(pgdat.kcompactd_wait))) return;

  yield* wake_up(pgdat.kcompactd_wait);
}

/** One turn of the daemon: sleeps until it is asked, then compacts. */
export function* kcompactd(pgdat: pglist_data): Op<void> {
  yield* wait_event(pgdat.kcompactd_wait, () => kcompactd_work_requested(pgdat));

  yield* kcompactd_do_work(pgdat);
}
