// SPDX-License-Identifier: GPL-2.0-only
/** Clients of device mapper: of idr.ts, which keeps its minors, and of dm.ts as the katas from 05 to 11 have it. */
import type { Part } from './client';

export const minors: Part = {
  text: `interface World {
  readonly devices: readonly object[];
}
const devices = ['A', 'B', 'C'].map((name) => DEFINE_POINTER<object>(name));
function* world(): Op<World> {
  yield* driver.local_init();
  return { devices };
}
function* take({ devices }: World, i: number, wanted: number): Op<number> {
  return yield* driver.setMinor(wanted, devices[i] ?? driver.MINOR_ALLOCED);
}
function* next(): Op<string> {
  const minor = { value: -1 };
  const ret = yield* driver.next_free_minor(minor);
  return [ret, minor.value].join();
}
function* find({ devices }: World, minor: number): Op<string | number> {
  const found = yield* driver.findMinor(minor);
  return found === null ? 'nothing' : devices.indexOf(found);
}
function* free(minor: number): Op<string> {
  if ((yield* driver.findMinor(minor)) === null) return 'nothing';
  yield* driver.free_minor(minor);
  return 'freed';
}
function* left(w: World): Op<string> {
  const found = [];
  for (let minor = 0; minor < 3; minor++) found.push(yield* find(w, minor));
  for (let minor = 0; minor < 3; minor++) yield* free(minor);
  return found.join();
}`,
  calls: [
    'yield* next()',
    'yield* take(w, i, 0)',
    'yield* find(w, 0)',
    'yield* free(0)',
    'yield* take(w, i, 1)',
  ],
  failures: { kzalloc: 1 },
  mayKeep: { idr_layer: 12 },
  left: 'yield* left(w)',
};

export const dm: Part = {
  text: `type Device = StructOf<typeof driver.mapped_device>;
interface World {
  readonly devices: readonly Device[][];
  readonly disks: readonly block_device[][];
}
function* world(): Op<World> {
  return { devices: [[], [], []], disks: [[], [], []] };
}
function* create({ devices }: World, i: number, minor?: number): Op<string | number> {
  const result: out<Device | null> = { value: null };
  const ret =
    minor === undefined
      ? yield* driver.dm_create(result)
      : yield* driver.dm_create_with_minor(minor, result);
  if (ret !== 0 || result.value === null) return ret;
  devices[i]?.push(result.value);
  return use(result.value);
}
function use(md: Device): string {
  const { first_minor, disk_name } = driver.dm_disk(md);
  return [md.name, first_minor, disk_name].join();
}
function* find({ devices }: World, i: number, minor: number): Op<string> {
  const md = yield* driver.dm_get_md(MKDEV(253, minor));
  if (md === null) return 'nothing';
  devices[i]?.push(md);
  return use(md);
}
function* put({ devices }: World, i: number): Op<string | boolean> {
  const md = devices[i]?.pop();
  if (md === undefined) return 'nothing';
  yield* driver.dm_put(md);
  return alive(md);
}
function* open({ disks }: World, i: number, minor: number): Op<string | number> {
  const bdev = yield* open_by_devnum(MKDEV(253, minor));
  if (IS_ERR(bdev)) return PTR_ERR(bdev);
  disks[i]?.push(bdev);
  return bdev.bd_disk.disk_name;
}
function* close({ disks }: World, i: number): Op<string> {
  const bdev = disks[i]?.pop();
  if (bdev === undefined) return 'nothing';
  yield* blkdev_put(bdev);
  return 'closed';
}
function* left(w: World): Op<string> {
  for (let i = 0; i < 3; i++) {
    while ((w.disks[i] ?? []).length > 0) yield* close(w, i);
    while ((w.devices[i] ?? []).length > 0) yield* put(w, i);
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

/** What dmsetup does with devices that have a name. */
export const named: Part = {
  text: `function ask(name: string, uuid = '') {
  return { name, uuid, dev: MKDEV(253, 0), target_count: 1 };
}
function* info(name: string, uuid = ''): Op<string> {
  const param = ask(name, uuid);
  const ret = yield* driver.dev_status(param);
  return [ret, param.name, param.uuid, param.dev].join();
}
function* removed(): Op<string> {
  const results = [];
  for (const name of ['root', 'swap']) results.push(yield* driver.dev_remove(ask(name)));
  return results.join();
}`,
  calls: [
    "yield* driver.dev_create(ask('root', 'LVM-1'), 0)",
    "yield* driver.dev_remove(ask('root'))",
    "yield* info('root')",
    "yield* info('', 'LVM-1')",
    "yield* info('')",
    "yield* driver.dev_rename(ask('root'), 'swap')",
    "yield* driver.table_load(ask('root'))",
    "yield* driver.table_clear(ask('root'))",
  ],
  left: 'yield* removed()',
};

/** The module of which the devices are. */
export const unloaded: Part = {
  text: `function* rmmod(): Op<number> {
  return yield* delete_module(driver.THIS_MODULE, driver.dm_exit);
}`,
  calls: ['yield* rmmod()'],
};

/** Events, requests, and who waits for them. */
export const eventful: Part = {
  text: `function* have({ devices }: World, i: number, call: (md: Device) => Op<unknown>): Op<string> {
  const md = devices[i]?.at(-1);
  return md === undefined ? 'nothing' : String(yield* call(md));
}`,
  calls: [
    'yield* have(w, i, driver.event_callback)',
    'yield* have(w, i, driver.dm_get_event_nr)',
    'yield* have(w, i, driver.dm_request)',
    'yield* have(w, i, driver.dm_suspend)',
    'yield* have(w, i, (md) => driver.dm_wait_event(md, 0))',
  ],
  failures: { mempool_alloc: 1 },
};
