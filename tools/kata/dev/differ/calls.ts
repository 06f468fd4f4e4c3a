// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a client may do with a driver, by the name of its file: as text, so that what is printed is what was run. A call is an
 * expression of the world `w` and the number `i` of the task; its value is what the client learns.
 */

/** The clients of a driver. */
export interface Client {
  /** Functions and the set-up `world()`, before a scenario; `driver` is what is tried. */
  readonly preamble: string;
  readonly calls: readonly string[];
  /** Operations that may fail, in programs with failures. */
  readonly failures: Readonly<Record<string, number>>;
  /** What is left in the end, once the client has let go of everything: an expression of `w`. */
  readonly left: string;
}

const tally: Client = {
  preamble: `function* world() {
  const files = [];
  for (let i = 0; i < 3; i++) files.push(yield* kzalloc(driver.tally_file, GFP_KERNEL));
  return { files };
}
function* write(w, i) {
  yield* driver.tally_write(w.files[i]);
  return w.files[i].pos;
}`,
  calls: ['yield* write(w, i)', 'yield* driver.tally_read()'],
  failures: {},
  left: 'yield* driver.tally_read()',
};

const rbd: Client = {
  preamble: `function* world() {
  const devices = [];
  for (let i = 0; i < 3; i++) devices.push(yield* kzalloc(driver.rbd_device, GFP_KERNEL));
  return { devices };
}
function* map({ devices }, i, options = '') {
  if (devices[i].rbd_client !== null) return 'mapped already';
  return yield* driver.rbd_get_client(devices[i], '10.0.0.1:6789', options);
}
function* use({ devices }, i) {
  const { client, rbd_client } = devices[i];
  if (client === null) return 'no client';
  return [yield* ceph_osdc_start_request(client), rbd_client.client === client].join();
}
function* unmap({ devices }, i) {
  yield* driver.rbd_put_client(devices[i]);
  return devices[i].client === null;
}
function* left(w) {
  for (let i = 0; i < 3; i++) yield* unmap(w, i);
  yield* settle();
  return [allocated(driver.rbd_client), allocated(ceph_client), allocated(ceph_options)].join();
}`,
  calls: [
    'yield* map(w, i)',
    'yield* use(w, i)',
    'yield* unmap(w, i)',
    "yield* map(w, i, 'noshare')",
    "yield* map(w, i, 'nonsense')",
  ],
  failures: { kmalloc: 1, kzalloc: 1, ceph_create_client: 1, ceph_open_session: 1 },
  left: 'yield* left(w)',
};

const dm: Client = {
  preamble: `function* world() {
  return { devices: [[], [], []], disks: [[], [], []] };
}
function* create({ devices }, i, minor) {
  const result = { value: null };
  const ret =
    minor === undefined
      ? yield* driver.dm_create(result)
      : yield* driver.dm_create_with_minor(minor, result);
  if (ret !== 0) return ret;
  devices[i].push(result.value);
  return use(result.value);
}
function use(md) {
  const { first_minor, disk_name } = driver.dm_disk(md);
  return [md.name, first_minor, disk_name].join();
}
function* find({ devices }, i, minor) {
  const md = yield* driver.dm_get_md(MKDEV(253, minor));
  if (md === null) return 'nothing';
  devices[i].push(md);
  return use(md);
}
function* put({ devices }, i) {
  const md = devices[i].pop();
  if (md === undefined) return 'nothing';
  yield* driver.dm_put(md);
  return alive(md);
}
function* open({ disks }, i, minor) {
  const bdev = yield* open_by_devnum(MKDEV(253, minor));
  if (IS_ERR(bdev)) return PTR_ERR(bdev);
  disks[i].push(bdev);
  return bdev.bd_disk.disk_name;
}
function* close({ disks }, i) {
  const bdev = disks[i].pop();
  if (bdev === undefined) return 'nothing';
  yield* blkdev_put(bdev);
  return 'closed';
}
function* left(w) {
  for (let i = 0; i < 3; i++) {
    while (w.disks[i].length > 0) yield* close(w, i);
    while (w.devices[i].length > 0) yield* put(w, i);
  }
  yield* settle();
  return [allocated(driver.mapped_device), allocated(gendisk), allocated(request_queue)].join();
}`,
  calls: [
    'yield* create(w, i)',
    'yield* find(w, i, 0)',
    'yield* put(w, i)',
    'yield* open(w, i, 0)',
    'yield* close(w, i)',
    'yield* create(w, i, 0)',
    'yield* create(w, i, 8)',
  ],
  failures: { kmalloc: 1, idr_pre_get: 1, blk_alloc_queue: 1, mempool_create: 1, alloc_disk: 1 },
  left: 'yield* left(w)',
};

const CLIENTS: Readonly<Record<string, Client>> = { 'tally.ts': tally, 'rbd.ts': rbd, 'dm.ts': dm };

/** Which drivers have clients. */
export const WITH_CLIENTS: readonly string[] = Object.keys(CLIENTS);

/** The clients of the driver in a file of that name; null if nobody has written any. */
export function clientOf(driver: string): Client | null {
  return CLIENTS[driver] ?? null;
}
