// SPDX-License-Identifier: GPL-2.0-only
/**
 * net/packet/af_packet.c as of Linux 4.8, before commit 84ac7260236a ("packet: fix race condition in packet_set_ring", 2016).
 *
 * A packet socket may have a ring of blocks for what it receives. In a ring of version 3 a timer retires blocks, so that user
 * space gets them even if they are not full.
 */
import {
  type array,
  bool,
  container_of,
  del_timer_sync,
  EBUSY,
  EINVAL,
  elementAt,
  ENOMEM,
  GFP_KERNEL,
  int,
  jiffies,
  kcalloc,
  kfree,
  kzalloc,
  lock_sock,
  mod_timer,
  type Op,
  ptr,
  READ_ONCE,
  release_sock,
  sock,
  sock_init_data,
  sock_put,
  spin_lock,
  spin_lock_bh,
  spin_unlock,
  spin_unlock_bh,
  struct,
  type StructOf,
  timer_list,
  timer_setup,
  WRITE_ONCE,
} from '#lib';

export const TPACKET_V1 = 0;
export const TPACKET_V2 = 1;
export const TPACKET_V3 = 2;

/** A block of a ring. */
export const pgv = struct('pgv', { retired: int });
export interface pgv extends StructOf<typeof pgv> {}

/** What a ring of version 3 has beside its blocks. */
export const tpacket_kbdq_core = struct('tpacket_kbdq_core', {
  pkbdq: ptr.unchecked<array<pgv>>(),
  retire_blk_timer: timer_list,
  delete_blk_timer: bool,
});
export interface tpacket_kbdq_core extends StructOf<typeof tpacket_kbdq_core> {}

export const packet_ring_buffer = struct('packet_ring_buffer', {
  pg_vec: ptr<array<pgv>>() /* the blocks */,
  prb_bdqc: tpacket_kbdq_core,
});
export interface packet_ring_buffer extends StructOf<typeof packet_ring_buffer> {}

export const packet_sock = struct('packet_sock', {
  sk: sock,
  tp_version: int,
  rx_ring: packet_ring_buffer,
});
export interface packet_sock extends StructOf<typeof packet_sock> {}

/** The timer of a ring has expired: what is in the block is handed to user space. */
function* prb_retire_rx_blk_timer_expired(t: timer_list): Op<void> {
  const pkc = container_of(t, tpacket_kbdq_core, 'retire_blk_timer');
  const rb = container_of(pkc, packet_ring_buffer, 'prb_bdqc');
  const po = container_of(rb, packet_sock, 'rx_ring');

  yield* spin_lock(po.sk.sk_receive_queue.lock);
  if (!pkc.delete_blk_timer) {
    elementAt(pkc.pkbdq, 0).retired++;
    yield* mod_timer(t, (yield* jiffies()) + 1);
  }
  yield* spin_unlock(po.sk.sk_receive_queue.lock);
}

/** Begins with a ring of version 3. */
function* init_prb_bdqc(po: packet_sock, pg_vec: array<pgv>): Op<void> {
  const p1 = po.rx_ring.prb_bdqc;

  p1.pkbdq = pg_vec;
  p1.delete_blk_timer = false;
  yield* timer_setup(p1.retire_blk_timer, prb_retire_rx_blk_timer_expired, 0);
  yield* mod_timer(p1.retire_blk_timer, (yield* jiffies()) + 1);
}

function* prb_shutdown_retire_blk_timer(po: packet_sock): Op<void> {
  const pkc = po.rx_ring.prb_bdqc;

  yield* spin_lock_bh(po.sk.sk_receive_queue.lock);
  pkc.delete_blk_timer = true;
  yield* spin_unlock_bh(po.sk.sk_receive_queue.lock);

  yield* del_timer_sync(pkc.retire_blk_timer);
}

/** Gives a socket a ring of so many blocks, or takes its ring away if it is to have none. */
function* packet_set_ring(po: packet_sock, tp_block_nr: number, closing: boolean): Op<number> {
  const rb = po.rx_ring;
  let pg_vec: array<pgv> | null = null;

  // TODO(kata): the story of the README happens from here on, and in packet_version().
  if (tp_block_nr > 0) {
    if ((yield* READ_ONCE(rb, 'pg_vec')) !== null) return -EBUSY;

    pg_vec = yield* kcalloc(tp_block_nr, pgv, GFP_KERNEL);
    if (pg_vec === null) return -ENOMEM;
    if ((yield* READ_ONCE(po, 'tp_version')) === TPACKET_V3) yield* init_prb_bdqc(po, pg_vec);
  }

  yield* lock_sock(po.sk);

  yield* spin_lock_bh(po.sk.sk_receive_queue.lock);
  const old = yield* READ_ONCE(rb, 'pg_vec');
  yield* WRITE_ONCE(rb, 'pg_vec', pg_vec);
  yield* spin_unlock_bh(po.sk.sk_receive_queue.lock);

  if (closing && (yield* READ_ONCE(po, 'tp_version')) === TPACKET_V3) {
    yield* prb_shutdown_retire_blk_timer(po);
  }
  yield* release_sock(po.sk);

  yield* kfree(old);
  return 0;
}

/** setsockopt(PACKET_RX_RING) */
export function* packet_rx_ring(po: packet_sock, tp_block_nr: number): Op<number> {
  return yield* packet_set_ring(po, tp_block_nr, false);
}

/** setsockopt(PACKET_VERSION). It does not change while there is a ring. */
export function* packet_version(po: packet_sock, val: number): Op<number> {
  if ((yield* READ_ONCE(po.rx_ring, 'pg_vec')) !== null) return -EBUSY;
  if (val !== TPACKET_V1 && val !== TPACKET_V2 && val !== TPACKET_V3) return -EINVAL;

  yield* WRITE_ONCE(po, 'tp_version', val);
  return 0;
}

/** socket(AF_PACKET). Gives null if there is no memory. */
export function* packet_create(): Op<packet_sock | null> {
  const po = yield* kzalloc(packet_sock, GFP_KERNEL);
  if (po === null) return null;
  yield* sock_init_data(po.sk);
  return po;
}

/** close(): nobody else uses the socket any more. */
export function* packet_release(po: packet_sock): Op<void> {
  if ((yield* READ_ONCE(po.rx_ring, 'pg_vec')) !== null) yield* packet_set_ring(po, 0, true);

  yield* sock_put(po.sk);
}
