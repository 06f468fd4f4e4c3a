// SPDX-License-Identifier: GPL-2.0-only
/**
 * net/xdp/xsk.c with what commit 42fddcc7c64b ("xsk: use state member for socket synchronization", 2019) does, by other
 * barriers.
 *
 * AF_XDP: a socket that is bound to one queue of a network device sends and receives past the network stack.
 */
import {
  DEFINE_MUTEX,
  EBUSY,
  EINVAL,
  ENXIO,
  fn,
  int,
  mutex_lock,
  mutex_unlock,
  type Op,
  ptr,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  struct,
  type StructOf,
  WRITE_ONCE,
} from '#lib';

/** A network device, as far as these sockets are concerned. */
export const net_device = struct('net_device', {
  num_queues: int,
  ndo_xsk_wakeup: fn<(queue_id: number) => Op<number>>() /* sends what is in the ring of a queue */,
});
export interface net_device extends StructOf<typeof net_device> {}

const XSK_READY = 0;
const XSK_BOUND = 1;

/** The socket. */
export const xdp_sock = struct('xdp_sock', {
  state: int,
  dev: ptr<net_device>(),
  queue_id: int,
});
export interface xdp_sock extends StructOf<typeof xdp_sock> {}

const control_mutex = DEFINE_MUTEX('control_mutex'); /* stands for xs->mutex of each socket */

/** bind(2): from now on the socket sends and receives through this queue of this device. */
export function* xsk_bind(xs: xdp_sock, dev: net_device, qid: number): Op<number> {
  let err = 0;

  yield* mutex_lock(control_mutex);
  if ((yield* READ_ONCE(xs, 'state')) !== XSK_READY) {
    err = -EBUSY;
  } else if (qid >= dev.num_queues) {
    err = -EINVAL;
  } else {
    yield* WRITE_ONCE(xs, 'dev', dev);
    yield* WRITE_ONCE(xs, 'queue_id', qid);
    /* the last store, after all that a bound socket has; pairs with xsk_is_bound() */
    yield* smp_store_release(xs, 'state', XSK_BOUND);
  }
  yield* mutex_unlock(control_mutex);
  return err;
}

function* xsk_is_bound(xs: xdp_sock): Op<boolean> {
  /* pairs with smp_store_release() in xsk_bind() */
  return (yield* smp_load_acquire(xs, 'state')) === XSK_BOUND;
}

/** sendmsg(2): has the device send what the user has put into the ring. */
export function* xsk_sendmsg(xs: xdp_sock): Op<number> {
  if (!(yield* xsk_is_bound(xs))) return -ENXIO;

  const dev = yield* READ_ONCE(xs, 'dev');
  if (dev === null || dev.ndo_xsk_wakeup === null) return -ENXIO;

  return yield* dev.ndo_xsk_wakeup(yield* READ_ONCE(xs, 'queue_id'));
}

/** A packet has come in on a queue of a device. Called in softirq context; 0 if the socket takes the packet. */
export function* xsk_rcv(xs: xdp_sock, dev: net_device, queue_index: number): Op<number> {
  if (!(yield* xsk_is_bound(xs))) return -EINVAL;
  if ((yield* READ_ONCE(xs, 'dev')) !== dev) return -EINVAL;
  if ((yield* READ_ONCE(xs, 'queue_id')) !== queue_index) return -EINVAL;

  return 0;
}
