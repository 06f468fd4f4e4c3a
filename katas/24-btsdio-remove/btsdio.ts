// SPDX-License-Identifier: GPL-2.0-only
/**
 * drivers/bluetooth/btsdio.c as of Linux 6.2, before commit 73f7b171b7c0 ("Bluetooth: btsdio: fix use after free bug in
 * btsdio_remove due to race condition", 2023), with as much of net/bluetooth/hci_core.c and of the SDIO bus as it needs.
 *
 * Bluetooth over an SDIO bus: frames are queued, and a work writes them to the bus.
 */
import {
  alloc_skb,
  bool,
  container_of,
  EALREADY,
  EIO,
  ENETDOWN,
  ENODEV,
  ENOMEM,
  GFP_KERNEL,
  INIT_WORK,
  int,
  kfree,
  kfree_skb,
  kref,
  kref_get,
  kref_init,
  kref_put,
  kzalloc,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_unlock,
  type Op,
  ptr,
  schedule_work,
  type sk_buff,
  sk_buff_head,
  skb_dequeue,
  skb_queue_head,
  skb_queue_head_init,
  skb_queue_purge,
  skb_queue_tail,
  struct,
  type StructOf,
  work_struct,
} from '#lib';

/** A function of an SDIO card. */
export const sdio_func = struct('sdio_func', {
  host: mutex /* sdio_claim_host(): one at a time uses the bus */,
  enabled: bool,
  broken: bool /* does not take what is written */,
  written: int,
  drvdata: ptr<btsdio_data>(),
  devres: ptr<btsdio_data>() /* devm_kzalloc(): freed by the bus after the driver's remove */,
});
export interface sdio_func extends StructOf<typeof sdio_func> {}

export const hci_dev = struct('hci_dev', {
  dev: kref,
  req_lock: mutex,
  up: bool,
  unregistered: bool,
  byte_tx: int,
  err_tx: int,
  driver_data: ptr.unchecked<btsdio_data>(),
});
export interface hci_dev extends StructOf<typeof hci_dev> {}

export const btsdio_data = struct('btsdio_data', {
  hdev: ptr.unchecked<hci_dev>(),
  func: ptr.unchecked<sdio_func>(),
  work: work_struct,
  txq: sk_buff_head,
});
export interface btsdio_data extends StructOf<typeof btsdio_data> {}

/* drivers/mmc/core: the bus */

/** Writes to the function; its caller has claimed the host. */
function sdio_writesb(func: sdio_func, count: number): number {
  if (!func.enabled || func.broken) return -EIO;
  func.written += count;
  return 0;
}

/* drivers/bluetooth/btsdio.c: the driver */

function* btsdio_tx_packet(data: btsdio_data, skb: sk_buff): Op<number> {
  const err = sdio_writesb(data.func, skb.len);
  if (err < 0) return err;

  data.hdev.byte_tx += skb.len;
  yield* kfree_skb(skb);
  return 0;
}

/** Writes the frames that are queued. */
function* btsdio_work(work: work_struct): Op<void> {
  const data = container_of(work, btsdio_data, 'work');

  yield* mutex_lock(data.func.host);
  for (;;) {
    const skb = yield* skb_dequeue(data.txq);
    if (skb === null) break;
    if ((yield* btsdio_tx_packet(data, skb)) < 0) {
      data.hdev.err_tx++;
      yield* skb_queue_head(data.txq, skb); /* for the next time */
      break;
    }
  }
  yield* mutex_unlock(data.func.host);
}

function* btsdio_open(hdev: hci_dev): Op<number> {
  const { func } = hdev.driver_data;

  yield* mutex_lock(func.host);
  func.enabled = true;
  yield* mutex_unlock(func.host);
  return 0;
}

function* btsdio_close(hdev: hci_dev): Op<void> {
  const { func } = hdev.driver_data;

  yield* mutex_lock(func.host);
  func.enabled = false;
  yield* mutex_unlock(func.host);
}

function* btsdio_flush(hdev: hci_dev): Op<void> {
  yield* skb_queue_purge(hdev.driver_data.txq);
}

/** A frame is to be sent. The device is up, and stays so meanwhile. */
function* btsdio_send_frame(hdev: hci_dev, skb: sk_buff): Op<number> {
  const data = hdev.driver_data;

  yield* skb_queue_tail(data.txq, skb);
  yield* schedule_work(data.work);
  return 0;
}

function* btsdio_probe(func: sdio_func): Op<number> {
  const data = yield* kzalloc(btsdio_data, GFP_KERNEL);
  if (data === null) return -ENOMEM;
  func.devres = data;

  data.func = func;
  yield* INIT_WORK(data.work, btsdio_work);
  yield* skb_queue_head_init(data.txq);

  const hdev = yield* hci_alloc_dev();
  if (hdev === null) return -ENOMEM;
  hdev.driver_data = data;
  data.hdev = hdev;

  func.drvdata = data;
  return 0;
}

function* btsdio_remove(func: sdio_func): Op<void> {
  const data = func.drvdata;
  if (data === null) return;

  // TODO(kata): the story of the README happens from here to the end of this function.
  const { hdev } = data;

  func.drvdata = null;

  yield* hci_unregister_dev(hdev);

  yield* hci_free_dev(hdev);
}

/* net/bluetooth/hci_core.c: what is common to all Bluetooth devices */

function* hci_alloc_dev(): Op<hci_dev | null> {
  const hdev = yield* kzalloc(hci_dev, GFP_KERNEL);
  if (hdev === null) return null;
  yield* kref_init(hdev.dev);
  yield* mutex_init(hdev.req_lock);
  return hdev;
}

function* bt_host_release(dev: kref): Op<void> {
  yield* kfree(container_of(dev, hci_dev, 'dev'));
}

/** A user takes a reference to a device. */
export function* hci_dev_hold(hdev: hci_dev): Op<void> {
  yield* kref_get(hdev.dev);
}

export function* hci_dev_put(hdev: hci_dev): Op<void> {
  yield* kref_put(hdev.dev, bt_host_release);
}

function* hci_free_dev(hdev: hci_dev): Op<void> {
  yield* hci_dev_put(hdev);
}

/** hciconfig up */
export function* hci_dev_open(hdev: hci_dev): Op<number> {
  let err: number;
  yield* mutex_lock(hdev.req_lock);
  if (hdev.unregistered) err = -ENODEV;
  else if (hdev.up) err = -EALREADY;
  else err = yield* btsdio_open(hdev);
  if (err === 0) hdev.up = true;
  yield* mutex_unlock(hdev.req_lock);
  return err;
}

/** hciconfig down. No frame comes after it. */
export function* hci_dev_close(hdev: hci_dev): Op<void> {
  yield* mutex_lock(hdev.req_lock);
  if (hdev.up) {
    hdev.up = false;
    yield* btsdio_flush(hdev);
    yield* btsdio_close(hdev);
  }
  yield* mutex_unlock(hdev.req_lock);
}

/** A user who has a reference sends a frame. */
export function* hci_send_frame(hdev: hci_dev, len: number): Op<number> {
  const skb = yield* alloc_skb(len, GFP_KERNEL);
  if (skb === null) return -ENOMEM;

  yield* mutex_lock(hdev.req_lock);
  const err = hdev.up ? yield* btsdio_send_frame(hdev, skb) : -ENETDOWN;
  yield* mutex_unlock(hdev.req_lock);
  if (err < 0) yield* kfree_skb(skb);
  return err;
}

/** No frame comes after it, and nobody opens the device again. */
function* hci_unregister_dev(hdev: hci_dev): Op<void> {
  yield* mutex_lock(hdev.req_lock);
  hdev.unregistered = true;
  yield* mutex_unlock(hdev.req_lock);

  yield* hci_dev_close(hdev);
}

/* drivers/mmc/core/sdio_bus.c: the bus calls the driver */

function* devres_release_all(func: sdio_func): Op<void> {
  const data = func.devres;
  func.devres = null;
  yield* kfree(data);
}

/** A function has been found. Afterwards its data, if it has any, name the device. */
export function* sdio_bus_probe(func: sdio_func): Op<number> {
  const err = yield* btsdio_probe(func);
  if (err < 0) yield* devres_release_all(func);
  return err;
}

/** The card is pulled out, or the module unloaded. */
export function* sdio_bus_remove(func: sdio_func): Op<void> {
  yield* btsdio_remove(func);
  yield* devres_release_all(func);
}
