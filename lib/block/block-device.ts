// SPDX-License-Identifier: GPL-2.0-only
/** Open block devices. After include/linux/fs.h of 2.6.17 and include/linux/blk_types.h of 5.14. */
import { mutex } from '../kernel';
import { int, ptr } from '../kernel/types';
import { struct, type StructOf } from '../machine';
import type { gendisk } from './gendisk';

/**
 * A block device: the node of a number in /dev. In 2006 it exists even without a disk; in 5.14 it is a part of its disk, and there
 * are no partitions.
 *
 * @kernel include/linux/blk_types.h
 */
export const block_device = struct('block_device', {
  /** Its device number. */
  bd_dev: int,
  /** The disk; in 2006 only while the device is open. */
  bd_disk: ptr.unchecked<gendisk>(),
  /** How many have it open. */
  bd_openers: int,
  /** Capacity, in sectors. Not in 2006. */
  bd_nr_sectors: int,
  /** Held during open and release in 2006. In 5.14 the disk's open_mutex replaces it. */
  bd_mutex: mutex,
});
export interface block_device extends StructOf<typeof block_device> {}
