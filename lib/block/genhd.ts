// SPDX-License-Identifier: GPL-2.0-only
/** The functions of both kernels for a driver's disk; see gendisk.ts. */
import { composite, here, type Op } from '../machine';
import type { block_device } from './block-device';
import { blkdevPut2006 } from './block-dev-2006';
import { blkdevPut2021 } from './block-dev-2021';
import { putDisk2021 } from './disk-2021';
import { type gendisk, isModern } from './gendisk';
import { addDisk2006, delDisk2006, putDisk2006 } from './genhd-2006';
import { addDisk2021, delDisk2021 } from './genhd-2021';

/**
 * Registers a disk: from now on it can be opened, and user space gets a uevent. In 5.14 a disk with a capacity is opened
 * immediately to look for partitions.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering release, to the tasks that open it
 */
export function add_disk(disk: gendisk): Op<void> {
  return composite('add_disk', isModern(disk) ? addDisk2021(disk) : addDisk2006(disk, here()));
}

/**
 * add_disk() with a parent for the disk's device.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering release, to the tasks that open it
 * @divergence the parent and the groups are NULL
 */
export function device_add_disk(_parent: null, disk: gendisk, _groups: null): Op<void> {
  return add_disk(disk);
}

/**
 * Removes a disk and sends a uevent. In 5.14 it takes the open_mutex, under which open() and release() run, and nobody can open
 * the disk afterwards. In 2006 it takes no lock that an open holds, so a task that has found the disk before may still open it.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering none
 */
export function del_gendisk(disk: gendisk): Op<void> {
  return composite('del_gendisk', isModern(disk) ? delDisk2021(disk) : delDisk2006(disk));
}

/**
 * Drops a reference to a disk; the last one frees it. module_put() drops the reference to the module.
 *
 * @kernel include/linux/genhd.h
 * @context any; in 5.14 the last one may sleep, and must not be dropped in atomic context
 * @ordering release
 */
export function put_disk(disk: gendisk): Op<void> {
  return composite('put_disk', isModern(disk) ? putDisk2021(disk) : putDisk2006(disk));
}

/**
 * Closes a block device: calls its driver's release() every time. In 2006 the last close drops the disk; in 5.14 every opener has
 * its own reference.
 *
 * @param mode the mode of the open; passed to release()
 * @kernel include/linux/blkdev.h
 * @context process context; may sleep
 * @ordering none
 */
export function blkdev_put(bdev: block_device, mode = 0): Op<void> {
  return composite('blkdev_put', isModern(bdev) ? blkdevPut2021(bdev, mode) : blkdevPut2006(bdev));
}
