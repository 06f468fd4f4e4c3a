// SPDX-License-Identifier: GPL-2.0-only
/**
 * Disks. After include/linux/genhd.h, block/genhd.c and fs/partitions/check.c of 2.6.17: no partitions, no request statistics,
 * no sysfs but for the check that two disks do not have one name. The references of the device model are one count.
 */
import {
  container_of,
  DEFINE_MUTEX,
  INIT_LIST_HEAD,
  kfree,
  kref,
  kref_get,
  kref_init,
  kref_put,
  list_add_tail,
  list_del,
  list_for_each_entry,
  LIST_HEAD,
  list_head,
  mutex_lock,
  mutex_unlock,
} from '../kernel';
import { failed, outcomesOf } from '../kernel/may-fail';
import { type module, module_put, try_module_get } from '../kernel/module';
import { int, ptr, text } from '../kernel/types';
import {
  type Branded,
  composite,
  current,
  type Handle,
  here,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  struct,
  type StructOf,
  SyncObject,
} from '../machine';
import type { inode } from './block-dev-2006';
import type { request_queue } from './blkdev';
import { type dev_t, MAJOR, MINOR, MKDEV } from './kdev_t';
import { kobject_uevent } from './uevent';

/** What a driver does when its disk is opened and closed. */
interface Operations {
  readonly owner: module | null;
  /** Runs at every open, not only at the first, with the bd_mutex of the block device held. */
  readonly open?: (inode: inode) => Op<number>;
  readonly release?: (inode: inode) => Op<number>;
}

/** The functions of a disk's driver. @kernel include/linux/fs.h */
export interface block_device_operations extends Branded<'block_device_operations'> {}

class Fops extends SyncObject {
  readonly typeName = 'block_device_operations';
  readonly handle: block_device_operations = makeHandle(this);

  constructor(readonly operations: Operations) {
    super();
  }
}

/**
 * Defines the operations of a disk: `static struct block_device_operations name = { ... }`.
 *
 * @kernel include/linux/fs.h
 * @divergence constant, and open() and release() get no file
 */
export function DEFINE_BLOCK_DEVICE_OPERATIONS(
  name: string,
  operations: Operations,
): block_device_operations {
  return new Fops({ ...operations }).makeStatic(name).handle;
}

/** The functions behind a handle. */
export function operationsOf(fops: block_device_operations): Operations {
  return (objectOf(fops) as Fops).operations; // no other object has such a handle
}

/** A disk. @kernel include/linux/genhd.h */
export const gendisk = struct('gendisk', {
  major: int,
  first_minor: int,
  minors: int,
  disk_name: text,
  fops: ptr<block_device_operations>(),
  queue: ptr<request_queue>(),
  /** The driver's: the block layer neither looks at it nor holds what it points to. */
  private_data: ptr<Handle>(),
  kobj: kref,
  /** Place in the map from device numbers to disks. */
  node: list_head,
});
export interface gendisk extends StructOf<typeof gendisk> {}

const block_subsys_lock = DEFINE_MUTEX('block_subsys_lock');
const bdev_map = LIST_HEAD('bdev_map');

const ALLOC: Kind = {
  name: 'alloc_disk',
  access: 'none',
  outcomes: outcomesOf('alloc_disk'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'alloc_disk', site),
  perform(machine, task, { site }) {
    if (failed('alloc_disk', machine, task)) return null;
    const disk = gendisk.make();
    disk.clear(true);
    machine.allocate(disk, site);
    return disk.handle;
  },
};

function* allocDisk(minors: number): Op<gendisk | null> {
  const disk = yield* request<gendisk | null>(ALLOC, null);
  if (disk === null) return null;
  disk.minors = minors;
  yield* kref_init(disk.kobj);
  INIT_LIST_HEAD(disk.node);
  return disk;
}

/**
 * Makes a disk with one reference, not yet known to anybody.
 *
 * @returns the disk, or NULL where `alloc_disk` may fail
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering none
 */
export function alloc_disk(minors: number): Op<gendisk | null> {
  return composite('alloc_disk', allocDisk(minors));
}

function sameNumber(disk: gendisk, dev: dev_t): boolean {
  return disk.major === MAJOR(dev) && disk.first_minor === MINOR(dev);
}

function* addDisk(disk: gendisk, site: string): Op<void> {
  const dev = MKDEV(disk.major, disk.first_minor);
  yield* mutex_lock(block_subsys_lock);
  for (const other of list_for_each_entry(bdev_map, gendisk, 'node')) {
    if (!sameNumber(other, dev)) continue;
    const message = `sysfs: cannot create duplicate filename '/devices/virtual/block/${disk.disk_name}'`;
    current.machine.complain({ check: 'sysfs', message, object: objectOf(disk), site });
  }
  list_add_tail(disk.node, bdev_map);
  yield* mutex_unlock(block_subsys_lock);
  yield* kobject_uevent({ action: 'add', dev, disk_name: disk.disk_name });
}

/**
 * Registers a disk: from now on it can be opened, and user space is told.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering release, to whoever opens it
 */
export function add_disk(disk: gendisk): Op<void> {
  return composite('add_disk', addDisk(disk, here()));
}

function* delDisk(disk: gendisk): Op<void> {
  yield* mutex_lock(block_subsys_lock);
  list_del(disk.node);
  yield* mutex_unlock(block_subsys_lock);
  const dev = MKDEV(disk.major, disk.first_minor);
  yield* kobject_uevent({ action: 'remove', dev, disk_name: disk.disk_name });
}

/**
 * Takes a disk out of the map and tells user space. Who has looked it up before may still be about to open it; takes no lock
 * that an open holds.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering none
 */
export function del_gendisk(disk: gendisk): Op<void> {
  return composite('del_gendisk', delDisk(disk));
}

/**
 * Takes a reference to a disk, and one to the module of its driver.
 *
 * @returns the disk, or NULL if the module is on its way out
 * @kernel include/linux/genhd.h
 * @context any; does not sleep
 * @ordering none
 */
export function get_disk(disk: gendisk): Op<gendisk | null> {
  return composite('get_disk', getDisk(disk));
}

function* getDisk(disk: gendisk): Op<gendisk | null> {
  if (disk.fops === null) return null;
  if (!(yield* try_module_get(operationsOf(disk.fops).owner))) return null;
  yield* kref_get(disk.kobj);
  return disk;
}

function* disk_release(kobj: kref): Op<void> {
  yield* kfree(container_of(kobj, gendisk, 'kobj'));
}

function* putDisk(disk: gendisk): Op<void> {
  yield* kref_put(disk.kobj, disk_release);
}

/**
 * Drops a reference to a disk; the last one frees it. The reference to the module is dropped with module_put().
 *
 * @kernel include/linux/genhd.h
 * @context any; does not sleep
 * @ordering release
 */
export function put_disk(disk: gendisk): Op<void> {
  return composite('put_disk', putDisk(disk));
}

/** Finds a registered disk and takes the references of get_disk(). @kernel include/linux/genhd.h */
export function* get_gendisk(dev: dev_t): Op<gendisk | null> {
  yield* mutex_lock(block_subsys_lock);
  let found: gendisk | null = null;
  for (const disk of list_for_each_entry(bdev_map, gendisk, 'node')) {
    if (sameNumber(disk, dev)) found = disk;
  }
  if (found !== null) found = yield* get_disk(found);
  yield* mutex_unlock(block_subsys_lock);
  return found;
}

/** Drops both references of get_disk(). */
export function* putDiskAndModule(disk: gendisk): Op<void> {
  const owner = disk.fops === null ? null : operationsOf(disk.fops).owner;
  yield* put_disk(disk);
  if (owner !== null) yield* module_put(owner);
}
