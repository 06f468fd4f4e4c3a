// SPDX-License-Identifier: GPL-2.0-only
/**
 * Disks as they were in 2021. After include/linux/genhd.h and block/genhd.c of 5.14: open_mutex is held during open, release and
 * the beginning of del_gendisk(), and protects GENHD_FL_UP, which says whether the disk can be opened. Left out: events, bdi,
 * writeback on removal, and partitions, except for the open with which add_disk() looks for them.
 */
import { IS_ERR, mutex_lock, mutex_unlock, WARN_ON } from '../kernel';
import type { Op } from '../machine';
import { bdev_add, remove_inode_hash } from './bdev-hash';
import { blkdev_get_by_dev, blkdevPut2021, FMODE_READ, GENHD_FL_UP } from './block-dev-2021';
import type { gendisk } from './gendisk';
import { MKDEV } from './kdev_t';
import { device_add, device_del } from './sysfs';
import { kobject_uevent, type uevent } from './uevent';

/**
 * Sets how many sectors a disk has.
 *
 * @param sectors sectors of 512 bytes
 * @kernel include/linux/genhd.h
 * @context any; does not sleep
 * @ordering none
 * @divergence a plain write; the kernel uses a separate lock
 */
export function set_capacity(disk: gendisk, sectors: number): void {
  disk.part0.bd_nr_sectors = sectors;
}

/**
 * How many sectors a disk has.
 *
 * @returns sectors of 512 bytes
 * @kernel include/linux/genhd.h
 * @context any; does not sleep
 * @ordering none
 */
export function get_capacity(disk: gendisk): number {
  return disk.part0.bd_nr_sectors;
}

function event(action: uevent['action'], { major, first_minor, disk_name }: gendisk): uevent {
  return { action, dev: MKDEV(major, first_minor), disk_name };
}

/** A disk with a capacity is opened once to look for partitions: the driver's open() and release() run. */
function* disk_scan_partitions(disk: gendisk): Op<void> {
  if (get_capacity(disk) === 0) return;
  const bdev = yield* blkdev_get_by_dev(MKDEV(disk.major, disk.first_minor), FMODE_READ, null);
  if (!IS_ERR(bdev)) yield* blkdevPut2021(bdev, FMODE_READ);
}

/** add_disk(). It returns no error: a disk whose name is in use is not in sysfs, but can still be opened. */
export function* addDisk2021(disk: gendisk): Op<void> {
  WARN_ON(disk.minors === 0);
  disk.flags |= GENHD_FL_UP;
  disk.part0.bd_dev = MKDEV(disk.major, disk.first_minor);
  yield* bdev_add(disk);
  if ((yield* device_add(disk)) !== 0) return;
  yield* disk_scan_partitions(disk);
  yield* kobject_uevent(event('add', disk));
}

/** del_gendisk(). Openers keep the disk, but nobody can open it any more. */
export function* delDisk2021(disk: gendisk): Op<void> {
  yield* mutex_lock(disk.open_mutex);
  disk.flags &= ~GENHD_FL_UP;
  yield* mutex_unlock(disk.open_mutex);
  yield* remove_inode_hash(disk);
  if (get_capacity(disk) !== 0) set_capacity(disk, 0);
  yield* kobject_uevent(event('remove', disk));
  yield* device_del(disk);
}
