// SPDX-License-Identifier: GPL-2.0-only
/**
 * Disks as they were in 2006. After include/linux/genhd.h, block/genhd.c and fs/partitions/check.c of 2.6.17. There are no
 * partitions, no request statistics, and no sysfs except for the check that disk names are unique. The references of the device
 * model are one count.
 */
import {
  container_of,
  DEFINE_MUTEX,
  INIT_LIST_HEAD,
  kfree,
  type kref,
  kref_get,
  kref_init,
  kref_put,
  list_add_tail,
  list_del,
  list_for_each_entry,
  LIST_HEAD,
  mutex_lock,
  mutex_unlock,
} from '../kernel';
import { failed, outcomesOf } from '../kernel/may-fail';
import { module_put, try_module_get } from '../kernel/module';
import { composite, current, type Kind, makeStruct, objectOf, type Op, request } from '../machine';
import { gendisk, type Operations2006, operationsOf } from './gendisk';
import { type dev_t, MAJOR, MINOR, MKDEV } from './kdev_t';
import { sysfsDuplicate } from './sysfs';
import { kobject_uevent } from './uevent';

const block_subsys_lock = DEFINE_MUTEX('block_subsys_lock');
const bdev_map = LIST_HEAD('bdev_map');

const ALLOC: Kind<null, [], gendisk | null> = {
  name: 'alloc_disk',
  access: 'none',
  outcomes: outcomesOf('alloc_disk'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'alloc_disk', site),
  perform(machine, task, { site }) {
    if (failed('alloc_disk', machine, task)) return null;
    const disk = makeStruct(gendisk);
    disk.clear(true);
    machine.allocate(disk, site);
    return disk.handle;
  },
};

function* allocDisk(minors: number): Op<gendisk | null> {
  const disk = yield* request(ALLOC, null);
  if (disk === null) return null;
  disk.minors = minors;
  yield* kref_init(disk.kobj);
  INIT_LIST_HEAD(disk.node);
  return disk;
}

/**
 * Makes a disk with one reference. No other task knows it yet.
 *
 * @example
 * const THIS_MODULE = DEFINE_MODULE('dm_mod');
 * const dm_blk_dops = DEFINE_BLOCK_DEVICE_OPERATIONS('dm_blk_dops', {
 *   owner: THIS_MODULE,
 *   *open(inode: inode) {
 *     return 0;
 *   },
 * });
 * const disk = yield* alloc_disk(1);
 * const queue = yield* blk_alloc_queue(GFP_KERNEL);
 * if (disk === null || queue === null) return;
 * yield* register_blkdev(253, 'device-mapper'); // => 0
 * disk.major = 253;
 * disk.first_minor = 0;
 * disk.disk_name = 'dm-0';
 * disk.fops = dm_blk_dops;
 * disk.queue = queue;
 * yield* add_disk(disk);
 * (yield* get_disk(disk)) === disk; // => true
 * yield* put_disk(disk);
 * yield* module_put(THIS_MODULE);
 * yield* del_gendisk(disk);
 * yield* put_disk(disk);
 * yield* blk_cleanup_queue(queue);
 * yield* unregister_blkdev(253, 'device-mapper');
 * @param minors how many minor numbers the disk has: for itself and its partitions
 * @returns the disk, or NULL if `alloc_disk` fails
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

/** add_disk(). */
export function* addDisk2006(disk: gendisk, site: string): Op<void> {
  const dev = MKDEV(disk.major, disk.first_minor);
  yield* mutex_lock(block_subsys_lock);
  for (const other of list_for_each_entry(bdev_map, gendisk, 'node')) {
    if (!sameNumber(other, dev)) continue;
    const message = sysfsDuplicate(disk.disk_name);
    current.machine.complain({ check: 'sysfs', message, object: objectOf(disk), site });
  }
  list_add_tail(disk.node, bdev_map);
  yield* mutex_unlock(block_subsys_lock);
  yield* kobject_uevent({ action: 'add', dev, disk_name: disk.disk_name });
}

/** del_gendisk(): takes no lock that an open holds, so a task that has found the disk before may still open it. */
export function* delDisk2006(disk: gendisk): Op<void> {
  yield* mutex_lock(block_subsys_lock);
  list_del(disk.node);
  yield* mutex_unlock(block_subsys_lock);
  const dev = MKDEV(disk.major, disk.first_minor);
  yield* kobject_uevent({ action: 'remove', dev, disk_name: disk.disk_name });
}

/**
 * Takes a reference to a disk, and one to the module of its driver.
 *
 * @returns the disk, or NULL if the module is being unloaded
 * @kernel include/linux/genhd.h
 * @context any; does not sleep
 * @ordering none
 */
export function get_disk(disk: gendisk): Op<gendisk | null> {
  return composite('get_disk', getDisk(disk));
}

function* getDisk(disk: gendisk): Op<gendisk | null> {
  if (disk.fops === null) return null;
  if (!(yield* try_module_get(operationsOf<Operations2006>(disk.fops).owner))) return null;
  yield* kref_get(disk.kobj);
  return disk;
}

function* disk_release(kobj: kref): Op<void> {
  yield* kfree(container_of(kobj, gendisk, 'kobj'));
}

/** put_disk(). */
export function* putDisk2006(disk: gendisk): Op<void> {
  yield* kref_put(disk.kobj, disk_release);
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
  const owner = disk.fops === null ? null : operationsOf<Operations2006>(disk.fops).owner;
  yield* putDisk2006(disk);
  if (owner !== null) yield* module_put(owner);
}
