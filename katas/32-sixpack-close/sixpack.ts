// SPDX-License-Identifier: GPL-2.0-only
/**
 * drivers/net/hamradio/6pack.c as of Linux 5.5-rc1, before commit 5c9934b6767b ("6pack,mkiss: fix possible deadlock", 2019), with as much
 * of drivers/tty/tty_io.c and net/core/dev.c as it needs.
 *
 * 6pack: a line discipline that makes a network interface of a terminal. At the other end of the line is the modem of a radio.
 */
import {
  clear_bit,
  complete,
  completion,
  DEFINE_MUTEX,
  DEFINE_RWLOCK,
  EBUSY,
  EFAULT,
  ENOBUFS,
  ENODEV,
  ENOIOCTLCMD,
  ENOMEM,
  ENXIO,
  fn,
  GFP_KERNEL,
  init_completion,
  int,
  kfree,
  kmalloc,
  kzalloc,
  list_add_tail,
  list_del,
  list_for_each_entry,
  LIST_HEAD,
  list_head,
  mutex_lock,
  mutex_unlock,
  type Op,
  ptr,
  put_user,
  read_lock,
  read_unlock,
  refcount_dec_and_test,
  refcount_inc,
  refcount_set,
  refcount_t,
  set_bit,
  spin_lock_bh,
  spin_lock_init,
  spin_unlock_bh,
  spinlock_t,
  struct,
  type StructOf,
  test_bit,
  type user,
  wait_for_completion,
  write_lock_bh,
  write_unlock_bh,
} from '#lib';

export const SIOCGIFNAME = 0x8910;

const TTY_DO_WRITE_WAKEUP = 5; /* of tty_struct.flags: tty_wakeup() calls the line discipline */
const __QUEUE_STATE_DRV_XOFF = 0; /* of net_device.state: no more frames for now */

/** A buffer for a frame. */
export const sp_buff = struct('sp_buff', { frame: int });
export interface sp_buff extends StructOf<typeof sp_buff> {}

/** What the line discipline knows of a terminal: the private part of its network interface. */
export const sixpack = struct('sixpack', {
  tty: ptr<tty_struct>(),
  dev: ptr<net_device>(),
  xbuff: ptr<sp_buff>() /* transmitter buffer */,
  xhead: int /* next byte to send */,
  xleft: int /* bytes left in the transmitter buffer */,
  refcnt: refcount_t,
  dead: completion,
  lock: spinlock_t,
});
export interface sixpack extends StructOf<typeof sixpack> {}

export const net_device_stats = struct('net_device_stats', { tx_packets: int, rx_bytes: int });
export interface net_device_stats extends StructOf<typeof net_device_stats> {}

export const net_device = struct('net_device', {
  dev_list: list_head,
  ifindex: int /* the number in its name: sp0, sp1, ... */,
  state: int,
  stats: net_device_stats,
  priv: sixpack,
});
export interface net_device extends StructOf<typeof net_device> {}

/** Where SIOCGIFNAME puts the number of an interface. */
export const ifreq = struct('ifreq', { ifr_ifindex: int });
export interface ifreq extends StructOf<typeof ifreq> {}

/** What the driver of a line can do. */
export const tty_operations = struct('tty_operations', {
  write:
    fn.unchecked<
      (tty: tty_struct, frame: number, count: number) => Op<number>
    >() /* takes as many bytes of a frame as it has room for, and gives their number; does not sleep */,
});
export interface tty_operations extends StructOf<typeof tty_operations> {}

export const tty_struct = struct('tty_struct', {
  ops: tty_operations,
  flags: int,
  disc_data: ptr<sixpack>(),
});
export interface tty_struct extends StructOf<typeof tty_struct> {}

/* drivers/net/hamradio/6pack.c: the line discipline */

/** Puts a frame into the buffer, and sends as much of it as the line takes. */
function* sp_encaps(sp: sixpack, tty: tty_struct, frame: number, len: number): Op<void> {
  const xbuff = sp.xbuff as sp_buff; // sixpack_open() has made it

  xbuff.frame = frame;
  yield* set_bit(TTY_DO_WRITE_WAKEUP, tty, 'flags');
  const actual = yield* tty.ops.write(tty, xbuff.frame, len);
  sp.xleft = len - actual;
  sp.xhead = actual;
}

/** Sends a frame. The rest of it follows when the line says that it has room. */
function* sp_xmit(frame: number, len: number, dev: net_device): Op<void> {
  const sp = dev.priv;

  yield* spin_lock_bh(sp.lock);
  /* We were not busy, so we are now... :-) */
  yield* netif_stop_queue(dev);
  if (sp.tty !== null) yield* sp_encaps(sp, sp.tty, frame, len);
  yield* spin_unlock_bh(sp.lock);
}

/** Close the low-level part of the 6pack channel. */
function* sp_close(dev: net_device): Op<void> {
  const sp = dev.priv;

  yield* spin_lock_bh(sp.lock);
  /* TTY discipline is running. */
  if (sp.tty !== null) yield* clear_bit(TTY_DO_WRITE_WAKEUP, sp.tty, 'flags');
  yield* netif_stop_queue(dev);
  yield* spin_unlock_bh(sp.lock);
}

/*
 * There is a potential race on dereferencing tty->disc_data: the tty layer provides no locking at all. One cpu could be running
 * sixpack_receive_buf while another calls sixpack_close, which zeroes tty->disc_data and frees the memory that sixpack_receive_buf is
 * using. A rwlock in the tty struct would be the best way to fix this. For now we use a single global rwlock for all ttys.
 */
const disc_data_lock = DEFINE_RWLOCK('disc_data_lock');

function* sp_get(tty: tty_struct): Op<sixpack | null> {
  yield* read_lock(disc_data_lock);
  const sp = tty.disc_data;
  if (sp !== null) yield* refcount_inc(sp.refcnt);
  yield* read_unlock(disc_data_lock);

  return sp;
}

function* sp_put(sp: sixpack): Op<void> {
  if (yield* refcount_dec_and_test(sp.refcnt)) yield* complete(sp.dead);
}

/** The driver of the line has room for more. If we have more to send, we send it here. Callers may hold spinlocks, or be an interrupt. */
function* sixpack_write_wakeup(tty: tty_struct): Op<void> {
  const sp = yield* sp_get(tty);

  if (sp === null) return;
  const dev = sp.dev as net_device; // set before anybody can find sp
  const xbuff = sp.xbuff as sp_buff;
  if (sp.xleft <= 0) {
    /* Now serial buffer is almost free & we can start transmission of another packet */
    dev.stats.tx_packets++;
    yield* clear_bit(TTY_DO_WRITE_WAKEUP, tty, 'flags');
    yield* netif_wake_queue(dev);
  } else {
    const actual = yield* tty.ops.write(tty, xbuff.frame, sp.xleft);
    sp.xleft -= actual;
    sp.xhead += actual;
  }

  yield* sp_put(sp);
}

/** Bytes have come from the line. Called by a worker, one call at a time. */
export function* sixpack_receive_buf(tty: tty_struct, count: number): Op<void> {
  if (count === 0) return;

  const sp = yield* sp_get(tty);
  if (sp === null) return;

  const dev = sp.dev as net_device; // set before anybody can find sp
  dev.stats.rx_bytes += count;

  yield* sp_put(sp);
}

/** A terminal gets this line discipline. Nobody uses it yet. Gives 0, or an error. May sleep. */
export function* sixpack_open(tty: tty_struct): Op<number> {
  const dev = yield* kzalloc(net_device, GFP_KERNEL);
  if (dev === null) return -ENOMEM;

  const sp = dev.priv;
  sp.dev = dev;

  yield* spin_lock_init(sp.lock);
  yield* refcount_set(sp.refcnt, 1);
  yield* init_completion(sp.dead);

  const xbuff = yield* kmalloc(sp_buff, GFP_KERNEL);
  if (xbuff === null) {
    yield* kfree(dev);
    return -ENOBUFS;
  }

  sp.tty = tty;
  sp.xbuff = xbuff;

  /* Done.  We have linked the TTY line to a channel. */
  tty.disc_data = sp;

  /* Now we're ready to register. */
  yield* register_netdev(dev);
  return 0;
}

/** Close down a 6pack channel: the terminal gets another line discipline, or is closed. May sleep. */
export function* sixpack_close(tty: tty_struct): Op<void> {
  // TODO(kata): the story of the README happens here, and in sp_get().
  yield* write_lock_bh(disc_data_lock);
  const sp = tty.disc_data;
  tty.disc_data = null;
  yield* write_unlock_bh(disc_data_lock);
  if (sp === null) return;

  /*
   * We have now ensured that nobody can start using sp from now on, but we have to wait for all existing users to finish.
   */
  if (!(yield* refcount_dec_and_test(sp.refcnt))) yield* wait_for_completion(sp.dead);

  const dev = sp.dev as net_device; // set before anybody can find sp
  /* We must stop the queue to avoid potentially scribbling on the free buffers. */
  yield* netif_stop_queue(dev);

  /* Free all 6pack frame buffers. */
  yield* kfree(sp.xbuff);

  yield* unregister_netdev(dev);
}

/** Perform I/O control on an active 6pack channel. Gives 0, or an error. May sleep. */
export function* sixpack_ioctl(tty: tty_struct, cmd: number, arg: user<ifreq>): Op<number> {
  let err: number;

  const sp = yield* sp_get(tty);
  if (sp === null) return -ENXIO;
  const dev = sp.dev as net_device; // set before anybody can find sp

  switch (cmd) {
    case SIOCGIFNAME:
      err = (yield* put_user(dev.ifindex, arg, 'ifr_ifindex')) !== 0 ? -EFAULT : 0;
      break;
    default:
      err = -ENOIOCTLCMD;
  }

  yield* sp_put(sp);
  return err;
}

/* drivers/tty/tty_io.c: what is common to all line disciplines */

/** Gives a terminal without a line discipline, or null. The driver of its line fills in the operations. May sleep. */
export function* alloc_tty_struct(): Op<tty_struct | null> {
  return yield* kzalloc(tty_struct, GFP_KERNEL);
}

/** Frees a terminal that is closed. Nobody calls a function with it any more. May sleep. */
export function* free_tty_struct(tty: tty_struct): Op<void> {
  yield* kfree(tty);
}

/** The driver of a line calls it when it has room, also in an interrupt, and with spinlocks held. Does not sleep. */
export function* tty_wakeup(tty: tty_struct): Op<void> {
  if (yield* test_bit(TTY_DO_WRITE_WAKEUP, tty, 'flags')) yield* sixpack_write_wakeup(tty);
}

/* net/core/dev.c: network interfaces, which are up from the beginning to the end */

const rtnl_mutex = DEFINE_MUTEX('rtnl_mutex');
const dev_base_head = LIST_HEAD('dev_base_head');

/** Finds an interface by the number in its name. The caller holds rtnl_mutex. */
function __dev_get_by_index(ifindex: number): net_device | null {
  for (const dev of list_for_each_entry(dev_base_head, net_device, 'dev_list')) {
    if (dev.ifindex === ifindex) return dev;
  }
  return null;
}

/** Gives an interface the first free number, and makes it known. */
function* register_netdev(dev: net_device): Op<void> {
  let ifindex = 0;

  yield* mutex_lock(rtnl_mutex);
  while (__dev_get_by_index(ifindex) !== null) ifindex++;
  dev.ifindex = ifindex;
  list_add_tail(dev.dev_list, dev_base_head);
  yield* mutex_unlock(rtnl_mutex);
}

/** Closes and frees an interface. */
function* unregister_netdev(dev: net_device): Op<void> {
  yield* mutex_lock(rtnl_mutex);
  list_del(dev.dev_list);
  yield* sp_close(dev);
  yield* mutex_unlock(rtnl_mutex);
  yield* kfree(dev);
}

function* netif_stop_queue(dev: net_device): Op<void> {
  yield* set_bit(__QUEUE_STATE_DRV_XOFF, dev, 'state');
}

function* netif_wake_queue(dev: net_device): Op<void> {
  yield* clear_bit(__QUEUE_STATE_DRV_XOFF, dev, 'state');
}

/** Sends a frame by an interface. Gives 0, -EBUSY while another one is sent, or -ENODEV. May sleep. */
export function* dev_queue_xmit(ifindex: number, frame: number, len: number): Op<number> {
  let err = 0;

  yield* mutex_lock(rtnl_mutex);
  const dev = __dev_get_by_index(ifindex);
  if (dev === null) err = -ENODEV;
  else if (yield* test_bit(__QUEUE_STATE_DRV_XOFF, dev, 'state')) err = -EBUSY;
  else yield* sp_xmit(frame, len, dev);
  yield* mutex_unlock(rtnl_mutex);
  return err;
}

/** What an interface has counted, or null if there is no such interface. May sleep. */
export function* dev_get_stats(ifindex: number): Op<net_device_stats | null> {
  yield* mutex_lock(rtnl_mutex);
  const dev = __dev_get_by_index(ifindex);
  yield* mutex_unlock(rtnl_mutex);
  return dev === null ? null : dev.stats;
}
