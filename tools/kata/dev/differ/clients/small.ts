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

export const pvclock: Part = {
  text: `interface World {
  readonly src: StructOf<typeof driver.pvclock_vcpu_time_info>;
}
function* world(): Op<World> {
  const src = yield* kzalloc(driver.pvclock_vcpu_time_info, GFP_KERNEL);
  if (src === null) throw new Error('set-up code has no memory');
  const w: World = { src };
  yield* update(w, 2, 100);
  return w;
}
function* update({ src }: World, version: number, tsc: number): Op<string> {
  yield* WRITE_ONCE(src, 'version', version - 1);
  yield* smp_wmb();
  yield* WRITE_ONCE(src, 'tsc_timestamp', tsc);
  yield* WRITE_ONCE(src, 'system_time', tsc + 900);
  yield* smp_wmb();
  yield* WRITE_ONCE(src, 'version', version);
  return 'updated';
}
function* left({ src }: World): Op<number> {
  const time = yield* driver.pvclock_clocksource_read(src, 500);
  yield* kfree(src);
  return time;
}`,
  calls: ['yield* driver.pvclock_clocksource_read(w.src, 250)', 'yield* update(w, 4, 200)'],
  left: 'yield* left(w)',
};

export const fanout: Part = {
  text: `interface World {
  readonly f: StructOf<typeof driver.packet_fanout>;
  readonly sockets: readonly StructOf<typeof driver.packet_sock>[];
  readonly linked: boolean[];
}
function* world(): Op<World> {
  const f = yield* kzalloc(driver.packet_fanout, GFP_KERNEL);
  if (f === null) throw new Error('set-up code has no memory');
  yield* spin_lock_init(f.lock);
  const sockets = [];
  for (let num = 1; num <= 3; num++) {
    const po = yield* kzalloc(driver.packet_sock, GFP_KERNEL);
    if (po === null) throw new Error('set-up code has no memory');
    po.num = num;
    sockets.push(po);
  }
  return { f, sockets, linked: [false, false, false] };
}
function* join({ f, sockets, linked }: World, i: number): Op<string> {
  const po = sockets[i];
  if (po === undefined || linked[i] === true) return 'nothing';
  linked[i] = true;
  yield* driver.__fanout_link(po, f);
  return 'joined';
}
function* leave({ f, sockets, linked }: World, i: number): Op<string> {
  const po = sockets[i];
  if (po === undefined || linked[i] !== true) return 'nothing';
  linked[i] = false;
  yield* driver.__fanout_unlink(po, f);
  return 'left';
}
function* receive({ f }: World, cpu: number): Op<number> {
  yield* rcu_read_lock();
  const po = yield* driver.packet_rcv_fanout(f, cpu);
  const num = po === null ? 0 : po.num;
  yield* rcu_read_unlock();
  return num;
}
function* left(w: World): Op<number> {
  const num = yield* receive(w, 0);
  for (let i = 0; i < 3; i++) yield* leave(w, i);
  yield* synchronize_rcu();
  for (const memory of [...w.sockets, w.f]) yield* kfree(memory);
  return num;
}`,
  calls: [
    'yield* join(w, i)',
    'yield* receive(w, 0)',
    'yield* leave(w, i)',
    'yield* receive(w, 1)',
  ],
  left: 'yield* left(w)',
};
