// SPDX-License-Identifier: GPL-2.0-only
/** How a disk of 5.14 ends. After block/genhd.c: its device ends with its last reference, its queue when the driver says so. */
import { container_of, kfree, type kref, kref_put } from '../kernel';
import { composite, current, here, type Op } from '../machine';
import { needTags } from './blk-mq';
import { blk_cleanup_queue } from './blkdev';
import { gendisk } from './gendisk';

/** It may sleep, so the last reference must not be dropped in atomic context. */
function* disk_release(kobj: kref): Op<void> {
  current.machine.mightSleep(current.machine.task, 'disk_release', here());
  const disk = container_of(kobj, gendisk, 'kobj');
  yield* kfree(disk.part0);
  yield* kfree(disk);
}

/** put_disk(). */
export function* putDisk2021(disk: gendisk): Op<void> {
  yield* kref_put(disk.kobj, disk_release);
}

function* cleanupDisk(disk: gendisk): Op<void> {
  const { queue } = disk;
  if (queue !== null) {
    if (queue.tag_set !== null) needTags(queue.tag_set); // every request in progress has one
    yield* blk_cleanup_queue(queue);
  }
  yield* putDisk2021(disk);
}

/**
 * Ends the queue of a disk and drops the driver's reference to the disk. Openers may still hold it.
 *
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering release
 * @divergence frees the queue immediately; the kernel frees it with the disk
 */
export function blk_cleanup_disk(disk: gendisk): Op<void> {
  return composite('blk_cleanup_disk', cleanupDisk(disk));
}
