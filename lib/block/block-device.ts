// SPDX-License-Identifier: GPL-2.0-only
/** What an open block device is. After include/linux/fs.h of 2.6.17 and include/linux/blk_types.h of 5.14. */
import { mutex } from '../kernel';
import { int, ptr } from '../kernel/types';
import { struct, type StructOf } from '../machine';
import type { gendisk } from './gendisk';

/**
 * A block device: what /dev has for a number. In 2006 it is there whether there is a disk behind it or not; in 5.14 it is a part
 * of its disk, and no partition is one.
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
  /** Held over open and release in 2006. In 5.14 the disk's open_mutex has its place, and this one is not used. */
  bd_mutex: mutex,
});
export interface block_device extends StructOf<typeof block_device> {}
