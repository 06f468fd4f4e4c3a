// SPDX-License-Identifier: GPL-2.0-only
/** Clients of the small drivers: a count, a daemon that is woken, a buffer that is read, a socket that is bound. */
import type { Part } from './client';

export const tally: Part = {
  text: `interface World {
  readonly files: StructOf<typeof driver.tally_file>[];
}
function* world(): Op<World> {
  const files = [];
  for (let i = 0; i < 3; i++) {
    const file = yield* kzalloc(driver.tally_file, GFP_KERNEL);
    if (file !== null) files.push(file);
  }
  return { files };
}
function* write({ files }: World, i: number): Op<number> {
  const file = files[i];
  if (file === undefined) return -1;
  yield* driver.tally_write(file);
  return file.pos;
}`,
  calls: ['yield* write(w, i)', 'yield* driver.tally_read()'],
  left: 'yield* driver.tally_read()',
};

export const compaction: Part = {
  text: `interface World {
  readonly pgdat: StructOf<typeof driver.pglist_data>;
}
function* world(): Op<World> {
  const pgdat = yield* kzalloc(driver.pglist_data, GFP_KERNEL);
  if (pgdat === null) throw new Error('set-up code has no memory');
  yield* driver.pgdat_init(pgdat);
  return { pgdat };
}
function* ask({ pgdat }: World, order: number): Op<string> {
  yield* driver.wakeup_kcompactd(pgdat, order);
  return 'asked';
}
function* daemon({ pgdat }: World): Op<number> {
  yield* driver.kcompactd(pgdat);
  return pgdat.compacted;
}
function* left({ pgdat }: World): Op<string> {
  const text = [pgdat.compacted, pgdat.compactions].join();
  yield* kfree(pgdat);
  return text;
}`,
  calls: ['yield* ask(w, 3)', 'yield* daemon(w)', 'yield* ask(w, 1)', 'yield* ask(w, 0)'],
  left: 'yield* left(w)',
};

export const buffer: Part = {
  text: `interface World {
  readonly bh: StructOf<typeof driver.buffer_head>;
}
const queue_lock = DEFINE_SPINLOCK('queue_lock');
function* world(): Op<World> {
  const bh = yield* driver.alloc_buffer_head();
  if (bh === null) throw new Error('set-up code has no memory');
  return { bh };
}
function* read({ bh }: World): Op<string | number> {
  const found = yield* driver.sb_bread(bh);
  return found === null ? 'nothing' : yield* READ_ONCE(found, 'b_data');
}
function* readAhead({ bh }: World): Op<string> {
  yield* driver.sb_breadahead(bh);
  return 'begun';
}
function* serve({ bh }: World, works: boolean): Op<string> {
  yield* wait_for_completion(bh.b_submitted);
  if (works) yield* WRITE_ONCE(bh, 'b_data', 42);
  yield* spin_lock(queue_lock);
  yield* driver.end_buffer_read_sync(bh, works);
  yield* spin_unlock(queue_lock);
  return 'served';
}
function* left({ bh }: World): Op<number> {
  const { b_state } = bh;
  yield* kfree(bh);
  return b_state;
}`,
  calls: [
    'yield* read(w)',
    'yield* readAhead(w)',
    'yield* serve(w, true)',
    'yield* serve(w, false)',
  ],
  left: 'yield* left(w)',
};

export const xsk: Part = {
  text: `interface World {
  readonly xs: StructOf<typeof driver.xdp_sock>;
  readonly eth0: StructOf<typeof driver.net_device>;
  readonly eth1: StructOf<typeof driver.net_device>;
}
const rx_lock = DEFINE_SPINLOCK('rx_lock');
function* device(base: number): Op<StructOf<typeof driver.net_device>> {
  const dev = yield* kzalloc(driver.net_device, GFP_KERNEL);
  if (dev === null) throw new Error('set-up code has no memory');
  dev.num_queues = 4;
  dev.ndo_xsk_wakeup = function* (queue_id) {
    return base + queue_id;
  };
  return dev;
}
function* world(): Op<World> {
  const xs = yield* kzalloc(driver.xdp_sock, GFP_KERNEL);
  if (xs === null) throw new Error('set-up code has no memory');
  return { xs, eth0: yield* device(10), eth1: yield* device(20) };
}
function* receive({ xs }: World, dev: StructOf<typeof driver.net_device>, queue: number): Op<number> {
  yield* spin_lock(rx_lock);
  const ret = yield* driver.xsk_rcv(xs, dev, queue);
  yield* spin_unlock(rx_lock);
  return ret;
}
function* left({ xs, eth0, eth1 }: World): Op<string> {
  const text = [xs.dev === eth0, xs.dev === eth1, xs.queue_id].join();
  for (const memory of [xs, eth0, eth1]) yield* kfree(memory);
  return text;
}`,
  calls: [
    'yield* driver.xsk_bind(w.xs, w.eth0, 3)',
    'yield* driver.xsk_sendmsg(w.xs)',
    'yield* receive(w, w.eth0, 3)',
    'yield* receive(w, w.eth0, 0)',
    'yield* driver.xsk_bind(w.xs, w.eth1, 0)',
    'yield* driver.xsk_bind(w.xs, w.eth0, 4)',
  ],
  left: 'yield* left(w)',
};
