// SPDX-License-Identifier: GPL-2.0-only
/** Clients of the drivers of public reports: a touchscreen, a Bluetooth card, a pool of cells, a socket's ring and its transport. */
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

export const vsock: Part = {
  text: `interface World {
  readonly vsk: StructOf<typeof driver.vsock_sock>;
}
function* world(): Op<World> {
  yield* driver.vsock_init();
  for (const t of [driver.vsock_loopback, driver.vhost_transport]) {
    t.send_pkt = function* (asking, op) {
      if (op === driver.VIRTIO_VSOCK_OP_REQUEST) asking.sk.sk_err = ECONNRESET;
    };
  }
  const vsk = yield* driver.vsock_create();
  if (vsk === null) throw new Error('set-up code has no memory');
  yield* driver.vsock_stream_connect(vsk, driver.VMADDR_CID_LOCAL);
  return { vsk };
}
function* packet({ vsk }: World, op: number): Op<string> {
  const pkt = yield* kmalloc(driver.virtio_vsock_pkt, GFP_KERNEL);
  if (pkt === null) throw new Error('the peer has no memory');
  pkt.op = op;
  pkt.len = 1;
  pkt.buf_alloc = 2;
  yield* driver.virtio_transport_recv_pkt(driver.vsock_loopback, vsk, pkt);
  return 'delivered';
}
function* left({ vsk }: World): Op<string> {
  const text = [vsk.buffer_size, vsk.buffer_max_size, yield* driver.vsock_poll(vsk)].join();
  yield* driver.vsock_release(vsk);
  return text;
}`,
  calls: [
    'yield* driver.vsock_stream_setsockopt(w.vsk, driver.SO_VM_SOCKETS_BUFFER_SIZE, 6)',
    'yield* driver.vsock_poll(w.vsk)',
    'yield* driver.vsock_stream_connect(w.vsk, driver.VMADDR_CID_HOST)',
    'yield* packet(w, driver.VIRTIO_VSOCK_OP_CREDIT_UPDATE)',
    'yield* driver.vsock_stream_connect(w.vsk, 3)',
    'yield* driver.vsock_stream_setsockopt(w.vsk, driver.SO_VM_SOCKETS_BUFFER_MAX_SIZE, 3)',
  ],
  left: 'yield* left(w)',
};
