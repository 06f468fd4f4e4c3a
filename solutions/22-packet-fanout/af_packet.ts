// SPDX-License-Identifier: GPL-2.0-only
/**
 * net/packet/af_packet.c as of Linux 4.1, before commit f98f4514d078 ("packet: read num_members once in packet_rcv_fanout()", 2015).
 *
 * A fanout group: several sockets share the packets of a device, and each packet goes to one of them.
 */
import {
  array,
  BUG_ON,
  int,
  type Op,
  ptr,
  READ_ONCE,
  smp_wmb,
  spin_lock,
  spin_unlock,
  spinlock_t,
  struct,
  type StructOf,
  WRITE_ONCE,
} from '#lib';

const PACKET_FANOUT_MAX = 2;

/** A socket of the group. */
export const packet_sock = struct('packet_sock', { num: int });
export interface packet_sock extends StructOf<typeof packet_sock> {}

export const packet_fanout = struct('packet_fanout', {
  num_members: int,
  lock: spinlock_t,
  arr: array(ptr<packet_sock>(), PACKET_FANOUT_MAX),
});
export interface packet_fanout extends StructOf<typeof packet_fanout> {}

/** A socket joins the group. */
export function* __fanout_link(po: packet_sock, f: packet_fanout): Op<void> {
  yield* spin_lock(f.lock);
  const num = yield* READ_ONCE(f, 'num_members');
  BUG_ON(num >= PACKET_FANOUT_MAX);
  yield* WRITE_ONCE(f.arr, num, po);
  yield* smp_wmb();
  yield* WRITE_ONCE(f, 'num_members', num + 1);
  yield* spin_unlock(f.lock);
}

/** A socket leaves the group. Its caller waits for a grace period before it frees the socket. */
export function* __fanout_unlink(po: packet_sock, f: packet_fanout): Op<void> {
  yield* spin_lock(f.lock);
  const num = yield* READ_ONCE(f, 'num_members');
  let i = 0;
  while (i < num && (yield* READ_ONCE(f.arr, i)) !== po) i++;
  BUG_ON(i >= num);
  yield* WRITE_ONCE(f.arr, i, yield* READ_ONCE(f.arr, num - 1));
  yield* WRITE_ONCE(f, 'num_members', num - 1);
  yield* spin_unlock(f.lock);
}

function fanout_demux_cpu(cpu: number, num: number): number {
  BUG_ON(num === 0); /* the CPU does not divide by zero: divide error */
  return cpu % num;
}

/** A packet has come in on a CPU: the socket that gets it, or null if nobody is left. Called under rcu_read_lock(). */
export function* packet_rcv_fanout(f: packet_fanout, cpu: number): Op<packet_sock | null> {
  /* asked once: what was tested is what divides */
  const num = yield* READ_ONCE(f, 'num_members');
  if (num === 0) return null;

  return yield* READ_ONCE(f.arr, fanout_demux_cpu(cpu, num));
}
