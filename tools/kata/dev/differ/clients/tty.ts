// SPDX-License-Identifier: GPL-2.0-only
/** Clients of a line discipline: a terminal whose line is stopped, with a frame that waits. */
import type { Part } from './client';

export const frames: Part = {
  text: `interface World {
  readonly tty: StructOf<typeof driver.tty_struct>;
  readonly sent: number[];
}
function* world(): Op<World> {
  const tty = yield* kzalloc(driver.tty_struct, GFP_KERNEL);
  if (tty === null) throw new Error('set-up code has no memory');
  yield* spin_lock_init(tty.flow_lock);
  const sent: number[] = [];
  tty.ops.write = function* (of, buf, count) {
    if (yield* READ_ONCE(of, 'stopped')) return 0;
    sent.push(buf);
    return count;
  };
  yield* driver.n_hdlc_tty_open(tty);
  yield* driver.n_hdlc_tty_ioctl(tty, driver.TCXONC, driver.TCOOFF);
  yield* driver.n_hdlc_tty_write(tty, 1, 11);
  return { tty, sent };
}
function* wakeup({ tty }: World): Op<string> {
  yield* driver.tty_wakeup(tty);
  return 'woken';
}
function* left({ tty, sent }: World): Op<string> {
  yield* driver.n_hdlc_tty_ioctl(tty, driver.TCXONC, driver.TCOON);
  yield* driver.tty_wakeup(tty);
  yield* settle();
  const text = sent.join();
  yield* driver.n_hdlc_tty_close(tty);
  yield* kfree(tty);
  return text;
}`,
  calls: [
    'yield* driver.n_hdlc_tty_ioctl(w.tty, driver.TCFLSH, driver.TCOFLUSH)',
    'yield* driver.n_hdlc_tty_ioctl(w.tty, driver.TCXONC, driver.TCOON)',
    'yield* driver.n_hdlc_tty_write(w.tty, 2, 12)',
    'yield* driver.n_hdlc_tty_ioctl(w.tty, driver.TCXONC, driver.TCOOFF)',
    'yield* wakeup(w)',
  ],
  left: 'yield* left(w)',
};
