// SPDX-License-Identifier: GPL-2.0-only
/** What a driver does with a disk, whichever kernel the disk is of: see gendisk.ts. */
import { composite, here, type Op } from '../machine';
import type { block_device } from './block-device';
import { blkdevPut2006 } from './block-dev-2006';
import { blkdevPut2021 } from './block-dev-2021';
import { putDisk2021 } from './disk-2021';
import { type gendisk, isModern } from './gendisk';
import { addDisk2006, delDisk2006, putDisk2006 } from './genhd-2006';
import { addDisk2021, delDisk2021 } from './genhd-2021';

/**
 * Registers a disk: from now on it can be opened, and user space is told. In 5.14 it is opened at once to look for partitions if
 * it has a capacity.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering release, to whoever opens it
 */
export function add_disk(disk: gendisk): Op<void> {
  return composite('add_disk', isModern(disk) ? addDisk2021(disk) : addDisk2006(disk, here()));
}

/**
 * add_disk() with a parent for the disk's device.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering release, to whoever opens it
 * @divergence the parent and the groups are NULL
 */
export function device_add_disk(_parent: null, disk: gendisk, _groups: null): Op<void> {
  return add_disk(disk);
}

/**
 * Takes a disk away and tells user space. In 5.14 nobody opens it afterwards, and it takes the open_mutex that open() and release()
 * run under. In 2006 who has looked it up before may still be about to open it, and no lock is taken that an open holds.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering none
 */
export function del_gendisk(disk: gendisk): Op<void> {
  return composite('del_gendisk', isModern(disk) ? delDisk2021(disk) : delDisk2006(disk));
}

/**
 * Drops a reference to a disk; the last one frees it. The reference to the module is dropped with module_put().
 *
 * @kernel include/linux/genhd.h
 * @context any; does not sleep
 * @ordering release
 */
export function put_disk(disk: gendisk): Op<void> {
  return composite('put_disk', isModern(disk) ? putDisk2021(disk) : putDisk2006(disk));
}

/**
 * Closes a block device: calls its driver's release() every time. In 2006 the disk is dropped with the last opener, in 5.14 every
 * opener has a reference of its own.
 *
 * @param mode as it was opened; handed on to release()
 * @kernel include/linux/blkdev.h
 * @context process context; may sleep
 * @ordering none
 */
export function blkdev_put(bdev: block_device, mode = 0): Op<void> {
  return composite('blkdev_put', isModern(bdev) ? blkdevPut2021(bdev, mode) : blkdevPut2006(bdev));
}
