// SPDX-License-Identifier: GPL-2.0-only
/** Clients of nbd.ts: netlink, who opens and closes nbd0, and rmmod. There is one device to begin with. */
import type { Part } from './client';

export const nbd: Part = {
  text: `interface World {
  readonly disks: block_device[];
}
function* world(): Op<World> {
  driver.nbds_max.value = 1;
  if ((yield* driver.nbd_init()) !== 0) throw new Error('set-up code has no memory');
  return { disks: [] };
}
function* genl(cmd: number, attrs: nlattrs): Op<string> {
  const info: genl_info = { attrs, reply: null };
  const ret = yield* genl_rcv(NBD_GENL_FAMILY_NAME, cmd, info);
  return info.reply === null ? String(ret) : [ret, JSON.stringify(info.reply)].join();
}
function connect(index: number, flags: number): Op<string> {
  return genl(NBD_CMD_CONNECT, {
    [NBD_ATTR_CLIENT_FLAGS]: flags,
    ...(index === -1 ? {} : { [NBD_ATTR_INDEX]: index }),
  });
}
function disconnect(index = 0): Op<string> {
  return genl(NBD_CMD_DISCONNECT, { [NBD_ATTR_INDEX]: index });
}
function* open({ disks }: World): Op<string | number> {
  const bdev = yield* blkdev_get_by_dev(MKDEV(NBD_MAJOR, 0), FMODE_READ, null);
  if (IS_ERR(bdev)) return PTR_ERR(bdev);
  disks.push(bdev);
  return bdev.bd_disk.disk_name;
}
function* close({ disks }: World): Op<string> {
  const bdev = disks.pop();
  if (bdev === undefined) return 'nothing';
  yield* blkdev_put(bdev, FMODE_READ);
  return 'closed';
}
function* rmmod(): Op<number> {
  return yield* delete_module(driver.THIS_MODULE, driver.nbd_cleanup);
}
function* left(w: World): Op<string> {
  while (w.disks.length > 0) yield* close(w);
  const status = yield* genl(NBD_CMD_STATUS, {});
  for (let index = 0; index < 2; index++) yield* disconnect(index);
  yield* settle();
  const types = [driver.nbd_device, driver.nbd_config, gendisk, request_queue];
  return [status, ...types.map((type) => allocated(type))].join();
}`,
  calls: [
    'yield* connect(0, NBD_CFLAG_DESTROY_ON_DISCONNECT)',
    'yield* disconnect()',
    'yield* open(w)',
    'yield* close(w)',
    'yield* rmmod()',
    'yield* connect(0, 0)',
    'yield* connect(-1, NBD_CFLAG_DESTROY_ON_DISCONNECT)',
    'yield* connect(0, NBD_CFLAG_DISCONNECT_ON_CLOSE)',
    'yield* genl(NBD_CMD_STATUS, {})',
  ],
  failures: {
    kzalloc: 1,
    blk_mq_alloc_tag_set: 1,
    idr_alloc: 1,
    blk_mq_alloc_disk: 1,
    alloc_workqueue: 1,
  },
  mayKeep: {
    nbd_device: 2,
    blk_mq_tags: 2,
    gendisk: 2,
    block_device: 2,
    request_queue: 2,
    workqueue_struct: 1,
  },
  left: 'yield* left(w)',
};
