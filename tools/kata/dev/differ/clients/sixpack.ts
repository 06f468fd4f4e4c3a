// SPDX-License-Identifier: GPL-2.0-only
/** Clients of sixpack.ts: a terminal that has sent the first byte of a frame, whose line has room in an interrupt. */
import type { Part } from './client';

export const sixpack: Part = {
  text: `interface World {
  readonly tty: StructOf<typeof driver.tty_struct>;
  readonly sent: number[];
}
function* interrupt(_irq: number, tty: object | null): Op<number> {
  yield* driver.tty_wakeup(tty as World['tty']);
  return IRQ_HANDLED;
}
function* world(): Op<World> {
  const tty = yield* driver.alloc_tty_struct();
  if (tty === null) throw new Error('set-up code has no memory');
  const sent: number[] = [];
  tty.ops.write = function* (_tty, frame) {
    sent.push(frame);
    return 1;
  };
  yield* driver.sixpack_open(tty);
  yield* driver.dev_queue_xmit(0, 7, 2);
  yield* request_irq(4, interrupt, 0, 'serial', tty);
  return { tty, sent };
}
function* name({ tty }: World): Op<number> {
  const arg = yield* user_alloc(driver.ifreq);
  const err = yield* driver.sixpack_ioctl(tty, driver.SIOCGIFNAME, arg);
  return err === 0 ? yield* user_read(arg, 'ifr_ifindex') : err;
}
function* close({ tty }: World): Op<string> {
  yield* driver.sixpack_close(tty);
  return 'closed';
}
function* receive({ tty }: World): Op<string> {
  yield* driver.sixpack_receive_buf(tty, 3);
  return 'received';
}
function* left({ tty, sent }: World): Op<string> {
  yield* raise_irq(4);
  yield* settle();
  const stats = yield* driver.dev_get_stats(0);
  const counted = [stats?.tx_packets, stats?.rx_bytes];
  yield* driver.sixpack_close(tty);
  yield* free_irq(4, tty);
  yield* driver.free_tty_struct(tty);
  return [...sent, ...counted, allocated(driver.net_device)].join();
}`,
  calls: [
    'yield* name(w)',
    'yield* close(w)',
    'yield* raise_irq(4)',
    'yield* receive(w)',
    'yield* driver.sixpack_ioctl(w.tty, 0, 0)',
  ],
  failures: { put_user: 1 },
  left: 'yield* left(w)',
};
