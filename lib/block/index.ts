// SPDX-License-Identifier: GPL-2.0-only
/** The block layer under a driver, in its form of 2006: what a driver may use of it. */
export { blk_alloc_queue, blk_cleanup_queue, request_queue } from './blkdev';
export { type block_device, type inode } from './block-dev-2006';
export {
  add_disk,
  alloc_disk,
  type block_device_operations,
  DEFINE_BLOCK_DEVICE_OPERATIONS,
  del_gendisk,
  gendisk,
  get_disk,
  put_disk,
} from './genhd-2006';
export { type dev_t, format_dev_t, MAJOR, MINOR, MINORBITS, MKDEV } from './kdev_t';
