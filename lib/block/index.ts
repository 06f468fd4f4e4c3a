// SPDX-License-Identifier: GPL-2.0-only
/** The block layer under a driver, as in 2006 and in 2021: the part that a driver may use. @module */
export {
  blk_mq_alloc_disk,
  blk_mq_alloc_tag_set,
  blk_mq_free_tag_set,
  blk_mq_tag_set,
} from './blk-mq';
export { blk_alloc_queue, blk_cleanup_queue, request_queue } from './blkdev';
export type { inode } from './block-dev-2006';
export type { block_device } from './block-device';
export { blk_cleanup_disk } from './disk-2021';
export {
  type block_device_operations,
  DEFINE_BLOCK_DEVICE_OPERATIONS,
  gendisk,
  type Operations2006,
  type Operations2021,
} from './gendisk';
export { add_disk, del_gendisk, device_add_disk, put_disk } from './genhd';
export { alloc_disk, get_disk } from './genhd-2006';
export { get_capacity, set_capacity } from './genhd-2021';
export { type dev_t, format_dev_t, MAJOR, MINOR, MINORBITS, MKDEV } from './kdev_t';
export { register_blkdev, unregister_blkdev } from './major-names';
export * from './nbd-netlink';
