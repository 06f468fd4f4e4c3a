// SPDX-License-Identifier: GPL-2.0-only
/**
 * drivers/tty/n_hdlc.c as of Linux 4.10, with commit 82f2341c94d2 ("tty: n_hdlc: get rid of racy n_hdlc.tbuf", 2017), with as much of
 * drivers/tty/tty_io.c and tty_ioctl.c as it needs.
 *
 * N_HDLC: a line discipline that sends whole frames. A buffer is free, or it holds a frame that waits to be sent.
 */
import {
  bool,
  clear_bit,
  EAGAIN,
  EBADF,
  EEXIST,
  EINVAL,
  EIO,
  ENFILE,
  ENOIOCTLCMD,
  ERESTARTSYS,
  fn,
  GFP_KERNEL,
  int,
  kfree,
  kmalloc,
  kzalloc,
  lockdep_set_class,
  type Op,
  ptr,
  READ_ONCE,
  set_bit,
  spin_lock_init,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  spinlock_t,
  struct,
  type StructOf,
  test_bit,
  WRITE_ONCE,
} from '#lib';

export const TCXONC = 0x540a;
export const TCOOFF = 0;
export const TCOON = 1;

export const TCFLSH = 0x540b;
export const TCIFLUSH = 0;
export const TCOFLUSH = 1;
export const TCIOFLUSH = 2;

const TTY_DO_WRITE_WAKEUP = 5; /* of tty_struct.flags: tty_wakeup() calls the line discipline */

const DEFAULT_TX_BUF_COUNT = 2;

/** Buffers for individual HDLC frames. */
export const n_hdlc_buf = struct('n_hdlc_buf', {
  link: ptr<n_hdlc_buf>(),
  count: int,
  buf: int /* the frame */,
});
export interface n_hdlc_buf extends StructOf<typeof n_hdlc_buf> {}

export const n_hdlc_buf_list = struct('n_hdlc_buf_list', {
  head: ptr<n_hdlc_buf>(),
  tail: ptr<n_hdlc_buf>(),
  spinlock: spinlock_t,
});
export interface n_hdlc_buf_list extends StructOf<typeof n_hdlc_buf_list> {}

/** What the line discipline knows of a terminal. */
export const n_hdlc = struct('n_hdlc', {
  tbusy: bool /* somebody sends; protected by the lock of tx_buf_list */,
  woke_up: bool /* and is to look again, as somebody else wanted to send */,
  tx_buf_list: n_hdlc_buf_list /* pending transmit frame buffers */,
  tx_free_buf_list: n_hdlc_buf_list /* unused transmit frame buffers */,
});
export interface n_hdlc extends StructOf<typeof n_hdlc> {}

/** What the driver of a line can do. */
export const tty_operations = struct('tty_operations', {
  write:
    fn.unchecked<
      (tty: tty_struct, buf: number, count: number) => Op<number>
    >() /* takes a frame, or not: gives how many bytes it took, or an error */,
});
export interface tty_operations extends StructOf<typeof tty_operations> {}

export const tty_struct = struct('tty_struct', {
  ops: tty_operations,
  flow_lock: spinlock_t,
  stopped: bool /* the line takes nothing; written with flow_lock held */,
  flags: int,
  disc_data: ptr<n_hdlc>(),
});
export interface tty_struct extends StructOf<typeof tty_struct> {}

/* drivers/tty/n_hdlc.c: the line discipline */

/** Throws away what waits to be sent. */
function* flush_tx_queue(tty: tty_struct): Op<void> {
  const n_hdlc = tty.disc_data as n_hdlc; // the ioctl has looked
  let buf: n_hdlc_buf | null;

  while ((buf = yield* n_hdlc_buf_get(n_hdlc.tx_buf_list)) !== null) {
    yield* n_hdlc_buf_put(n_hdlc.tx_free_buf_list, buf);
  }
}

/** Frees what belongs to a terminal. */
function* n_hdlc_release(n_hdlc: n_hdlc): Op<void> {
  let buf: n_hdlc_buf | null;

  /* Release transmit buffers */
  while ((buf = yield* n_hdlc_buf_get(n_hdlc.tx_free_buf_list)) !== null) yield* kfree(buf);
  while ((buf = yield* n_hdlc_buf_get(n_hdlc.tx_buf_list)) !== null) yield* kfree(buf);
  yield* kfree(n_hdlc);
}

/** The line discipline is changed, or the terminal closed. Nobody uses it any more. */
export function* n_hdlc_tty_close(tty: tty_struct): Op<void> {
  const n_hdlc = tty.disc_data;

  if (n_hdlc === null) return;
  tty.disc_data = null;
  yield* n_hdlc_release(n_hdlc);
}

/** A terminal gets this line discipline. */
export function* n_hdlc_tty_open(tty: tty_struct): Op<number> {
  /* There should not be an existing table for this slot. */
  if (tty.disc_data !== null) return -EEXIST;

  const n_hdlc = yield* n_hdlc_alloc();
  if (n_hdlc === null) return -ENFILE;
  tty.disc_data = n_hdlc;
  return 0;
}

/**
 * Sends frames that wait, until the driver of the line does not accept one. Called when a frame has been added, and when the driver can
 * take more.
 */
function* n_hdlc_send_frames(n_hdlc: n_hdlc, tty: tty_struct): Op<void> {
  do {
    let flags = yield* spin_lock_irqsave(n_hdlc.tx_buf_list.spinlock);
    if (n_hdlc.tbusy) {
      yield* WRITE_ONCE(n_hdlc, 'woke_up', true);
      yield* spin_unlock_irqrestore(n_hdlc.tx_buf_list.spinlock, flags);
      return;
    }
    n_hdlc.tbusy = true;
    yield* WRITE_ONCE(n_hdlc, 'woke_up', false);
    yield* spin_unlock_irqrestore(n_hdlc.tx_buf_list.spinlock, flags);

    let tbuf = yield* n_hdlc_buf_get(n_hdlc.tx_buf_list);
    while (tbuf !== null) {
      /* Send the next block of data to device */
      yield* set_bit(TTY_DO_WRITE_WAKEUP, tty, 'flags');
      let actual = yield* tty.ops.write(tty, tbuf.buf, tbuf.count);

      /* rollback was possible and has been done */
      if (actual === -ERESTARTSYS) {
        yield* n_hdlc_buf_return(n_hdlc.tx_buf_list, tbuf);
        break;
      }
      /* if transmit error, throw frame away by pretending it was accepted by driver */
      if (actual < 0) actual = tbuf.count;

      if (actual === tbuf.count) {
        /* free current transmit buffer */
        yield* n_hdlc_buf_put(n_hdlc.tx_free_buf_list, tbuf);

        /* get next pending transmit buffer */
        tbuf = yield* n_hdlc_buf_get(n_hdlc.tx_buf_list);
      } else {
        /* the buffer was not accepted by driver, return it back into tx queue */
        yield* n_hdlc_buf_return(n_hdlc.tx_buf_list, tbuf);
        break;
      }
    }

    if (tbuf === null) yield* clear_bit(TTY_DO_WRITE_WAKEUP, tty, 'flags');

    /* Clear the re-entry flag */
    flags = yield* spin_lock_irqsave(n_hdlc.tx_buf_list.spinlock);
    n_hdlc.tbusy = false;
    yield* spin_unlock_irqrestore(n_hdlc.tx_buf_list.spinlock, flags);
  } while (yield* READ_ONCE(n_hdlc, 'woke_up'));
}

/** The driver of the line can take more. Callers may hold spinlocks, or be an interrupt. */
function* n_hdlc_tty_wakeup(tty: tty_struct): Op<void> {
  const n_hdlc = tty.disc_data;

  if (n_hdlc === null) return;
  yield* n_hdlc_send_frames(n_hdlc, tty);
}

/** write(), one at a time: a frame. Gives its length, or -EAGAIN if there is no buffer for it. May sleep. */
export function* n_hdlc_tty_write(tty: tty_struct, data: number, count: number): Op<number> {
  const n_hdlc = tty.disc_data;

  /* Verify pointers */
  if (n_hdlc === null) return -EIO;

  const tbuf = yield* n_hdlc_buf_get(n_hdlc.tx_free_buf_list);
  if (tbuf === null) return -EAGAIN;

  /* Retrieve the user's buffer */
  tbuf.buf = data;

  /* Send the data */
  tbuf.count = count;
  yield* n_hdlc_buf_put(n_hdlc.tx_buf_list, tbuf);
  yield* n_hdlc_send_frames(n_hdlc, tty);
  return count;
}

/** ioctl(): throws away what waits, stops the line, or lets it go on. Gives 0, or an error. May sleep. */
export function* n_hdlc_tty_ioctl(tty: tty_struct, cmd: number, arg: number): Op<number> {
  /* Verify the status of the device */
  if (tty.disc_data === null) return -EBADF;

  switch (cmd) {
    case TCFLSH:
      if (arg === TCIOFLUSH || arg === TCOFLUSH) yield* flush_tx_queue(tty);
  }
  return yield* n_tty_ioctl_helper(tty, cmd, arg);
}

function* n_hdlc_alloc(): Op<n_hdlc | null> {
  const hdlc = yield* kzalloc(n_hdlc, GFP_KERNEL);
  if (hdlc === null) return null;

  yield* spin_lock_init(hdlc.tx_free_buf_list.spinlock);
  yield* spin_lock_init(hdlc.tx_buf_list.spinlock);
  /* Linux: each place of initialisation makes a class */
  yield* lockdep_set_class(hdlc.tx_buf_list.spinlock, 'tx_buf_list_key');

  /* allocate free tx buffer list */
  for (let i = 0; i < DEFAULT_TX_BUF_COUNT; i++) {
    const buf = yield* kmalloc(n_hdlc_buf, GFP_KERNEL);
    if (buf !== null) yield* n_hdlc_buf_put(hdlc.tx_free_buf_list, buf);
  }
  return hdlc;
}

/** Puts a buffer back to the head of a list. */
function* n_hdlc_buf_return(list: n_hdlc_buf_list, buf: n_hdlc_buf): Op<void> {
  const flags = yield* spin_lock_irqsave(list.spinlock);
  buf.link = list.head;
  list.head = buf;
  if (list.tail === null) list.tail = buf;
  yield* spin_unlock_irqrestore(list.spinlock, flags);
}

/** Adds a buffer to the tail of a list. */
function* n_hdlc_buf_put(list: n_hdlc_buf_list, buf: n_hdlc_buf): Op<void> {
  const flags = yield* spin_lock_irqsave(list.spinlock);
  buf.link = null;
  if (list.tail !== null) list.tail.link = buf;
  else list.head = buf;
  list.tail = buf;
  yield* spin_unlock_irqrestore(list.spinlock, flags);
}

/** Takes the buffer at the head of a list, or gives null if there is none. */
function* n_hdlc_buf_get(list: n_hdlc_buf_list): Op<n_hdlc_buf | null> {
  const flags = yield* spin_lock_irqsave(list.spinlock);
  const buf = list.head;
  if (buf !== null) list.head = buf.link;
  if (list.head === null) list.tail = null;
  yield* spin_unlock_irqrestore(list.spinlock, flags);
  return buf;
}

/* drivers/tty/tty_io.c and tty_ioctl.c: what is common to all line disciplines */

/** The driver of a line calls it when it can take more, also in an interrupt. Does not sleep. */
export function* tty_wakeup(tty: tty_struct): Op<void> {
  if (yield* test_bit(TTY_DO_WRITE_WAKEUP, tty, 'flags')) yield* n_hdlc_tty_wakeup(tty);
}

function* __stop_tty(tty: tty_struct): Op<void> {
  if (yield* READ_ONCE(tty, 'stopped')) return;
  yield* WRITE_ONCE(tty, 'stopped', true);
}

function* __start_tty(tty: tty_struct): Op<void> {
  if (!(yield* READ_ONCE(tty, 'stopped'))) return;
  yield* WRITE_ONCE(tty, 'stopped', false);
  yield* tty_wakeup(tty);
}

function* n_tty_ioctl_helper(tty: tty_struct, cmd: number, arg: number): Op<number> {
  switch (cmd) {
    case TCXONC:
      if (arg !== TCOOFF && arg !== TCOON) return -EINVAL;
      yield* spin_lock_irq(tty.flow_lock);
      if (arg === TCOOFF) yield* __stop_tty(tty);
      else yield* __start_tty(tty);
      yield* spin_unlock_irq(tty.flow_lock);
      return 0;
    case TCFLSH:
      if (arg !== TCIFLUSH && arg !== TCOFLUSH && arg !== TCIOFLUSH) return -EINVAL;
      return 0;
    default:
      return -ENOIOCTLCMD;
  }
}
