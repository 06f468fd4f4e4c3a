// SPDX-License-Identifier: GPL-2.0-only
/** Clients of the drivers of public reports: a touchscreen, a Bluetooth card, a pool of cells, the ring of a socket. */
import type { Part } from './client';

export const touchscreen: Part = {
  text: `interface World {
  readonly hw: StructOf<typeof driver.cyttsp4_controller>;
  readonly cd: StructOf<typeof driver.cyttsp4>;
}
function* world(): Op<World> {
  const hw = yield* kzalloc(driver.cyttsp4_controller, GFP_KERNEL);
  if (hw === null) throw new Error('set-up code has no memory');
  const cd = yield* driver.cyttsp4_probe(hw);
  if (cd === null) throw new Error('set-up code has no memory');
  return { hw, cd };
}
function* touch({ cd }: World): Op<string> {
  yield* driver.cyttsp4_irq(cd);
  return 'touched';
}
function* left({ hw, cd }: World): Op<string> {
  yield* driver.cyttsp4_remove(cd);
  const text = [hw.resets, hw.deep_sleep].join();
  yield* kfree(hw);
  return text;
}`,
  calls: [
    'yield* driver.cyttsp4_core_sleep(w.cd)',
    'yield* driver.cyttsp4_core_wake(w.cd)',
    'yield* touch(w)',
  ],
  left: 'yield* left(w)',
};

export const bluetooth: Part = {
  text: `interface World {
  readonly func: StructOf<typeof driver.sdio_func>;
  readonly hdev: StructOf<typeof driver.hci_dev>;
  removed: boolean;
}
function* world(): Op<World> {
  const func = yield* kzalloc(driver.sdio_func, GFP_KERNEL);
  if (func === null) throw new Error('set-up code has no memory');
  yield* mutex_init(func.host);
  yield* driver.sdio_bus_probe(func);
  const hdev = func.drvdata?.hdev;
  if (hdev === undefined) throw new Error('set-up code has no memory');
  yield* driver.hci_dev_hold(hdev);
  return { func, hdev, removed: false };
}
function* remove(w: World): Op<string> {
  if (w.removed) return 'nothing';
  w.removed = true;
  yield* driver.sdio_bus_remove(w.func);
  return 'removed';
}
function* close({ hdev }: World): Op<string> {
  yield* driver.hci_dev_close(hdev);
  return 'closed';
}
function* left(w: World): Op<number> {
  yield* remove(w);
  const { written } = w.func;
  yield* driver.hci_dev_put(w.hdev);
  yield* kfree(w.func);
  return written;
}`,
  calls: [
    'yield* driver.hci_dev_open(w.hdev)',
    'yield* driver.hci_send_frame(w.hdev, 10)',
    'yield* remove(w)',
    'yield* close(w)',
  ],
  left: 'yield* left(w)',
};

export const sequencer: Part = {
  text: `interface World {
  readonly client: StructOf<typeof driver.snd_seq_client>;
}
function* world(): Op<World> {
  const client = yield* driver.seq_create_client1(1);
  if (client === null) throw new Error('set-up code has no memory');
  return { client };
}
function* left({ client }: World): Op<number> {
  const delivered = yield* atomic_read(client.delivered);
  yield* driver.seq_free_client(client);
  return delivered;
}`,
  calls: [
    'yield* driver.snd_seq_write(w.client, 7)',
    'yield* driver.snd_seq_ioctl_set_client_pool(w.client, 2)',
    'yield* driver.snd_seq_ioctl_set_client_pool(w.client, 1)',
  ],
  left: 'yield* left(w)',
};

export const ring: Part = {
  text: `interface World {
  readonly po: StructOf<typeof driver.packet_sock>;
}
function* world(): Op<World> {
  const po = yield* driver.packet_create();
  if (po === null) throw new Error('set-up code has no memory');
  yield* driver.packet_version(po, driver.TPACKET_V3);
  return { po };
}
function* left({ po }: World): Op<number> {
  const { tp_version } = po;
  yield* driver.packet_release(po);
  return tp_version;
}`,
  calls: [
    'yield* driver.packet_rx_ring(w.po, 1)',
    'yield* driver.packet_version(w.po, driver.TPACKET_V1)',
    'yield* driver.packet_rx_ring(w.po, 0)',
    'yield* driver.packet_version(w.po, driver.TPACKET_V3)',
  ],
  left: 'yield* left(w)',
};
