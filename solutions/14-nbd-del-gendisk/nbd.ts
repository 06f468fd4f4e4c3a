// SPDX-License-Identifier: GPL-2.0-only
/**
 * drivers/block/nbd.c as commit 68c9417b193d ("nbd: do del_gendisk() asynchronously for NBD_DESTROY_ON_DISCONNECT", 2021) left it,
 * but for nbd_cleanup(), which unregisters the netlink family first, as later versions do.
 *
 * nbd: the network block device. What is read from a disk comes from a server; user space connects the disk to the server by
 * netlink. Sockets, requests and the threads that wait for answers are left out.
 */
import {
  add_disk,
  alloc_workqueue,
  blk_cleanup_disk,
  blk_mq_alloc_disk,
  blk_mq_alloc_tag_set,
  blk_mq_free_tag_set,
  blk_mq_tag_set,
  type block_device,
  complete,
  type completion,
  container_of,
  DECLARE_COMPLETION_ONSTACK,
  DECLARE_STRUCT_ONSTACK,
  DEFINE_BLOCK_DEVICE_OPERATIONS,
  DEFINE_GENL_FAMILY,
  DEFINE_IDR,
  DEFINE_MODULE,
  DEFINE_MUTEX,
  del_gendisk,
  destroy_workqueue,
  EBUSY,
  EEXIST,
  EINVAL,
  EIO,
  ENOMEM,
  ENOSPC,
  ENXIO,
  flush_workqueue,
  type gendisk,
  type genl_info,
  genl_register_family,
  genl_unregister_family,
  genlmsg_reply,
  GFP_KERNEL,
  idr_alloc,
  idr_destroy,
  idr_find,
  idr_for_each,
  idr_remove,
  INIT_LIST_HEAD,
  INIT_WORK,
  int,
  IS_ERR,
  kfree,
  kzalloc,
  list_add_tail,
  list_del_init,
  list_empty,
  list_first_entry,
  list_head,
  MINORBITS,
  module_put,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_unlock,
  NBD_ATTR_CLIENT_FLAGS,
  NBD_ATTR_DEVICE_LIST,
  NBD_ATTR_INDEX,
  NBD_CFLAG_DESTROY_ON_DISCONNECT,
  NBD_CFLAG_DISCONNECT_ON_CLOSE,
  NBD_CMD_CONNECT,
  NBD_CMD_DISCONNECT,
  NBD_CMD_STATUS,
  NBD_DEVICE_CONNECTED,
  NBD_DEVICE_INDEX,
  NBD_GENL_FAMILY_NAME,
  NBD_MAJOR,
  nla_get_u32,
  type nlattrs,
  type Op,
  type out,
  printk,
  ptr,
  PTR_ERR,
  queue_work,
  refcount_dec_and_mutex_lock,
  refcount_inc,
  refcount_inc_not_zero,
  refcount_read,
  refcount_set,
  refcount_t,
  register_blkdev,
  set_bit,
  static_var,
  struct,
  type StructOf,
  test_and_clear_bit,
  test_and_set_bit,
  test_bit,
  try_module_get,
  unregister_blkdev,
  wait_for_completion,
  WARN_ON,
  work_struct,
  type workqueue_struct,
  WQ_HIGHPRI,
  WQ_MEM_RECLAIM,
  WQ_UNBOUND,
} from '#lib';

export const THIS_MODULE = DEFINE_MODULE('nbd');

/* index -> nbd_device, and the lock of all that happens to it */
const nbd_index_idr = DEFINE_IDR<nbd_device>('nbd_index_idr');
const nbd_index_mutex = DEFINE_MUTEX('nbd_index_mutex');

/* takes down the devices that go when they are disconnected */
const nbd_del_wq = static_var<workqueue_struct | null>('nbd_del_wq', null);

/* module parameter: how many devices there are from the beginning */
export const nbds_max = static_var('nbds_max', 2);

/* bits of nbd_config.runtime_flags */
const NBD_RT_HAS_CONFIG_REF = 4;
const NBD_RT_DISCONNECT_ON_CLOSE = 6;

/* bits of nbd_device.flags */
const NBD_DESTROY_ON_DISCONNECT = 0;
const NBD_DISCONNECT_REQUESTED = 1;

/** What a device is connected to, for as long as it is connected or open. */
export const nbd_config = struct('nbd_config', { runtime_flags: int });
export interface nbd_config extends StructOf<typeof nbd_config> {}

/** One device. */
export const nbd_device = struct('nbd_device', {
  tag_set: blk_mq_tag_set,

  index: int,
  config_refs: refcount_t,
  refs: refcount_t,
  config: ptr.unchecked<nbd_config>(),
  config_lock: mutex,
  disk: ptr<gendisk>(),
  recv_workq: ptr<workqueue_struct>(),
  remove_work: work_struct,

  list: list_head,

  destroy_complete: ptr<completion>(),
  flags: int,
});
export interface nbd_device extends StructOf<typeof nbd_device> {}

const nbd_fops = DEFINE_BLOCK_DEVICE_OPERATIONS('nbd_fops', {
  owner: THIS_MODULE,
  open: nbd_open,
  release: nbd_release,
});

const nbd_genl_family = DEFINE_GENL_FAMILY('nbd_genl_family', {
  name: NBD_GENL_FAMILY_NAME,
  module: THIS_MODULE,
  small_ops: [
    { cmd: NBD_CMD_CONNECT, doit: nbd_genl_connect },
    { cmd: NBD_CMD_DISCONNECT, doit: nbd_genl_disconnect },
    { cmd: NBD_CMD_STATUS, doit: nbd_genl_status },
  ],
});

function* nbd_del_disk(nbd: nbd_device): Op<void> {
  const disk = nbd.disk;

  if (disk !== null) {
    yield* del_gendisk(disk);
    yield* blk_cleanup_disk(disk);
    yield* blk_mq_free_tag_set(nbd.tag_set);
  }
}

/*
 * The last thing before the memory goes: who waits for this wants to make a disk of the same name,
 * and the old one must be gone by then with all that belongs to it.
 */
function* nbd_notify_destroy_completion(nbd: nbd_device): Op<void> {
  if ((yield* test_bit(NBD_DESTROY_ON_DISCONNECT, nbd, 'flags')) && nbd.destroy_complete !== null)
    yield* complete(nbd.destroy_complete);
}

function* nbd_dev_remove_work(work: work_struct): Op<void> {
  const nbd = container_of(work, nbd_device, 'remove_work');

  yield* nbd_del_disk(nbd);

  yield* mutex_lock(nbd_index_mutex);
  /*
   * Only when the disk is gone: whoever is given the index again adds a disk of the same name.
   */
  yield* idr_remove(nbd_index_idr, nbd.index);

  yield* nbd_notify_destroy_completion(nbd);
  yield* mutex_unlock(nbd_index_mutex);

  yield* kfree(nbd);
}

/** Takes a device down, now or soon; nbd_index_mutex is held. */
function* nbd_dev_remove(nbd: nbd_device): Op<void> {
  /* del_gendisk() takes the open_mutex: who closes the disk holds it, who opens it holds it and wants ours */
  if (yield* test_bit(NBD_DESTROY_ON_DISCONNECT, nbd, 'flags')) {
    yield* queue_work(nbd_del_wq.value as workqueue_struct, nbd.remove_work); // made by nbd_init()
    return;
  }

  yield* nbd_del_disk(nbd);
  yield* idr_remove(nbd_index_idr, nbd.index);
  yield* nbd_notify_destroy_completion(nbd);
  yield* kfree(nbd);
}

function* nbd_put(nbd: nbd_device): Op<void> {
  if (yield* refcount_dec_and_mutex_lock(nbd.refs, nbd_index_mutex)) {
    yield* nbd_dev_remove(nbd);
    yield* mutex_unlock(nbd_index_mutex);
  }
}

function* nbd_disconnect(nbd: nbd_device): Op<void> {
  yield* set_bit(NBD_DISCONNECT_REQUESTED, nbd, 'flags');
}

/** Drops a reference to the configuration; the last one ends it, and drops what it holds of the device. */
function* nbd_config_put(nbd: nbd_device): Op<void> {
  if (yield* refcount_dec_and_mutex_lock(nbd.config_refs, nbd.config_lock)) {
    yield* kfree(nbd.config);
    nbd.config = null as never; /* who comes next makes a new one */

    if (nbd.recv_workq !== null) yield* destroy_workqueue(nbd.recv_workq);
    nbd.recv_workq = null;

    yield* mutex_unlock(nbd.config_lock);
    yield* nbd_put(nbd);
    yield* module_put(THIS_MODULE);
  }
}

function* nbd_start_device(nbd: nbd_device): Op<number> {
  const flags = WQ_MEM_RECLAIM | WQ_HIGHPRI | WQ_UNBOUND;
  nbd.recv_workq = yield* alloc_workqueue(`knbd${nbd.index}-recv`, flags, 0);
  if (nbd.recv_workq === null) {
    printk('Could not allocate knbd recv work queue.');
    return -ENOMEM;
  }
  return 0;
}

function* nbd_alloc_config(): Op<nbd_config | null> {
  const config = yield* kzalloc(nbd_config, GFP_KERNEL);
  if (config === null) return null;
  yield* try_module_get(THIS_MODULE);
  return config;
}

function* nbd_open(bdev: block_device, _mode: number): Op<number> {
  yield* mutex_lock(nbd_index_mutex);
  const nbd = bdev.bd_disk.private_data as nbd_device | null; // void * in C
  const ret = nbd === null ? -ENXIO : yield* nbd_get_for_open(nbd);
  yield* mutex_unlock(nbd_index_mutex);
  return ret;
}

/** The middle of nbd_open(). */
function* nbd_get_for_open(nbd: nbd_device): Op<number> {
  if (!(yield* refcount_inc_not_zero(nbd.refs))) return -ENXIO;
  if (yield* refcount_inc_not_zero(nbd.config_refs)) return 0;

  let ret = 0;
  yield* mutex_lock(nbd.config_lock);
  if (!(yield* refcount_inc_not_zero(nbd.config_refs))) {
    const config = yield* nbd_alloc_config();
    if (config === null) {
      ret = -ENOMEM;
    } else {
      nbd.config = config;
      yield* refcount_set(nbd.config_refs, 1);
      yield* refcount_inc(nbd.refs);
    }
  }
  yield* mutex_unlock(nbd.config_lock);
  return ret;
}

function* nbd_release(disk: gendisk, _mode: number): Op<void> {
  const nbd = disk.private_data as nbd_device; // void * in C

  if (
    (yield* test_bit(NBD_RT_DISCONNECT_ON_CLOSE, nbd.config, 'runtime_flags')) &&
    disk.part0.bd_openers === 0
  )
    yield* nbd_disconnect_and_put(nbd);

  yield* nbd_config_put(nbd);
  yield* nbd_put(nbd);
}

/** Makes a device with the given index, or with a free one for -1: its index, or an error. nbd_index_mutex is held. */
function* nbd_dev_add(wanted: number): Op<number> {
  const nbd = yield* kzalloc(nbd_device, GFP_KERNEL);
  if (nbd === null) return -ENOMEM;

  nbd.tag_set.nr_hw_queues = 1;
  nbd.tag_set.queue_depth = 128;
  nbd.tag_set.driver_data = nbd;
  yield* INIT_WORK(nbd.remove_work, nbd_dev_remove_work);
  nbd.destroy_complete = null;

  let err = yield* blk_mq_alloc_tag_set(nbd.tag_set);
  if (err !== 0) return yield* out_free_nbd(nbd, err);

  let index = wanted;
  if (index >= 0) {
    err = yield* idr_alloc(nbd_index_idr, nbd, index, index + 1, GFP_KERNEL);
    if (err === -ENOSPC) err = -EEXIST;
  } else {
    err = yield* idr_alloc(nbd_index_idr, nbd, 0, 0, GFP_KERNEL);
    if (err >= 0) index = err;
  }
  if (err < 0) return yield* out_free_tags(nbd, err);
  nbd.index = index;

  const disk = yield* blk_mq_alloc_disk(nbd.tag_set, null);
  if (IS_ERR(disk)) return yield* out_free_idr(nbd, PTR_ERR(disk));
  nbd.disk = disk;

  yield* mutex_init(nbd.config_lock);
  yield* refcount_set(nbd.config_refs, 0);
  yield* refcount_set(nbd.refs, 1);
  INIT_LIST_HEAD(nbd.list);
  disk.major = NBD_MAJOR;
  disk.first_minor = index;
  disk.minors = 1;
  disk.fops = nbd_fops;
  disk.private_data = nbd;
  disk.disk_name = `nbd${index}`;
  yield* add_disk(disk);
  return index;
}

/* The error exits of nbd_dev_add(), each of which falls through to the next. */

function* out_free_idr(nbd: nbd_device, err: number): Op<number> {
  yield* idr_remove(nbd_index_idr, nbd.index);
  return yield* out_free_tags(nbd, err);
}

function* out_free_tags(nbd: nbd_device, err: number): Op<number> {
  yield* blk_mq_free_tag_set(nbd.tag_set);
  return yield* out_free_nbd(nbd, err);
}

function* out_free_nbd(nbd: nbd_device, err: number): Op<number> {
  yield* kfree(nbd);
  return err;
}

function* find_free_cb(_id: number, nbd: nbd_device, found: out<nbd_device | null>): Op<number> {
  if ((yield* refcount_read(nbd.config_refs)) === 0) {
    found.value = nbd;
    return 1;
  }
  return 0;
}

/** Finds the device a connect is about, or makes it: 0 or an error. nbd_index_mutex is held. */
function* nbd_find_or_add(index: number, found: out<nbd_device | null>): Op<number> {
  if (index === -1) {
    if ((yield* idr_for_each(nbd_index_idr, find_free_cb, found)) !== 0) return 0;
  } else {
    found.value = yield* idr_find(nbd_index_idr, index);
    if (found.value !== null) return 0;
  }
  const new_index = yield* nbd_dev_add(index);
  if (new_index < 0) {
    printk('nbd: failed to add new device');
    return new_index;
  }
  found.value = yield* idr_find(nbd_index_idr, new_index);
  return found.value === null ? -EINVAL : 0;
}

/** Netlink: connects the device with the given index, or any that is free. */
function* nbd_genl_connect(info: genl_info): Op<number> {
  const destroy_complete = yield* DECLARE_COMPLETION_ONSTACK('destroy_complete');
  const found: out<nbd_device | null> = { value: null };
  const index = nla_get_u32(info.attrs[NBD_ATTR_INDEX] ?? -1);

  for (;;) {
    yield* mutex_lock(nbd_index_mutex);
    const err = yield* nbd_find_or_add(index, found);
    const nbd = found.value;
    if (err !== 0 || nbd === null) {
      yield* mutex_unlock(nbd_index_mutex);
      return err;
    }

    if (
      (yield* test_bit(NBD_DESTROY_ON_DISCONNECT, nbd, 'flags')) &&
      (yield* test_bit(NBD_DISCONNECT_REQUESTED, nbd, 'flags'))
    ) {
      nbd.destroy_complete = destroy_complete;
      yield* mutex_unlock(nbd_index_mutex);

      /* until nothing is left of it */
      yield* wait_for_completion(destroy_complete);
      continue;
    }

    if (!(yield* refcount_inc_not_zero(nbd.refs))) {
      yield* mutex_unlock(nbd_index_mutex);
      if (index === -1) continue;
      printk(`nbd: device at index ${index} is going down`);
      return -EINVAL;
    }
    yield* mutex_unlock(nbd_index_mutex);

    yield* mutex_lock(nbd.config_lock);
    if ((yield* refcount_read(nbd.config_refs)) !== 0) {
      yield* mutex_unlock(nbd.config_lock);
      yield* nbd_put(nbd);
      if (index === -1) continue;
      printk(`nbd: nbd${index} already in use`);
      return -EBUSY;
    }
    return yield* nbd_configure(nbd, info);
  }
}

/** The second half of nbd_genl_connect(): the caller has a reference to the device, which the configuration takes over, and its
 * config_lock, which is dropped. */
function* nbd_configure(nbd: nbd_device, info: genl_info): Op<number> {
  if (WARN_ON((nbd.config as nbd_config | null) !== null)) {
    yield* mutex_unlock(nbd.config_lock);
    yield* nbd_put(nbd);
    return -EINVAL;
  }
  const config = yield* nbd_alloc_config();
  if (config === null) {
    yield* mutex_unlock(nbd.config_lock);
    yield* nbd_put(nbd);
    printk("nbd: couldn't allocate config");
    return -ENOMEM;
  }
  nbd.config = config;
  yield* refcount_set(nbd.config_refs, 1);

  const flags = nla_get_u32(info.attrs[NBD_ATTR_CLIENT_FLAGS] ?? 0);
  let put_dev = false;
  if ((flags & NBD_CFLAG_DESTROY_ON_DISCONNECT) !== 0) {
    /*
     * There is one reference that keeps the device around, and one that is ours and goes to the
     * configuration. If the bit was set before, the first one has been dropped already.
     */
    if (!(yield* test_and_set_bit(NBD_DESTROY_ON_DISCONNECT, nbd, 'flags'))) put_dev = true;
  } else if (yield* test_and_clear_bit(NBD_DESTROY_ON_DISCONNECT, nbd, 'flags')) {
    yield* refcount_inc(nbd.refs);
  }
  if ((flags & NBD_CFLAG_DISCONNECT_ON_CLOSE) !== 0)
    yield* set_bit(NBD_RT_DISCONNECT_ON_CLOSE, config, 'runtime_flags');

  const ret = yield* nbd_start_device(nbd);
  yield* mutex_unlock(nbd.config_lock);
  if (ret === 0) {
    yield* set_bit(NBD_RT_HAS_CONFIG_REF, config, 'runtime_flags');
    yield* refcount_inc(nbd.config_refs);
    genlmsg_reply({ [NBD_ATTR_INDEX]: nbd.index }, info);
  }
  yield* nbd_config_put(nbd);
  if (put_dev) yield* nbd_put(nbd);
  return ret;
}

function* nbd_disconnect_and_put(nbd: nbd_device): Op<void> {
  yield* mutex_lock(nbd.config_lock);
  yield* nbd_disconnect(nbd);
  yield* mutex_unlock(nbd.config_lock);
  /* the receivers have gone before the configuration can */
  if (nbd.recv_workq !== null) yield* flush_workqueue(nbd.recv_workq);
  if (yield* test_and_clear_bit(NBD_RT_HAS_CONFIG_REF, nbd.config, 'runtime_flags'))
    yield* nbd_config_put(nbd);
}

/** Netlink: disconnects the device with the given index. */
function* nbd_genl_disconnect(info: genl_info): Op<number> {
  const index = nla_get_u32(info.attrs[NBD_ATTR_INDEX] ?? -1);
  yield* mutex_lock(nbd_index_mutex);
  const nbd = index === -1 ? null : yield* idr_find(nbd_index_idr, index);
  if (nbd === null || !(yield* refcount_inc_not_zero(nbd.refs))) {
    yield* mutex_unlock(nbd_index_mutex);
    printk(`nbd: device at index ${index} is not there or going down`);
    return -EINVAL;
  }
  yield* mutex_unlock(nbd_index_mutex);
  if (yield* refcount_inc_not_zero(nbd.config_refs)) {
    yield* nbd_disconnect_and_put(nbd);
    yield* nbd_config_put(nbd);
  }
  yield* nbd_put(nbd);
  return 0;
}

function* status_cb(id: number, nbd: nbd_device, list: nlattrs[]): Op<number> {
  /* it may have changed when the answer arrives; for a status that will do */
  const connected = (yield* refcount_read(nbd.config_refs)) === 0 ? 0 : 1;
  list.push({ [NBD_DEVICE_INDEX]: id, [NBD_DEVICE_CONNECTED]: connected });
  return 0;
}

/** Netlink: lists the device with the given index, or all of them. */
function* nbd_genl_status(info: genl_info): Op<number> {
  const index = nla_get_u32(info.attrs[NBD_ATTR_INDEX] ?? -1);
  const list: nlattrs[] = [];
  yield* mutex_lock(nbd_index_mutex);
  if (index === -1) {
    yield* idr_for_each(nbd_index_idr, status_cb, list);
  } else {
    const nbd = yield* idr_find(nbd_index_idr, index);
    if (nbd !== null) yield* status_cb(index, nbd, list);
  }
  const ret = genlmsg_reply({ [NBD_ATTR_DEVICE_LIST]: list }, info);
  yield* mutex_unlock(nbd_index_mutex);
  return ret;
}

/** What insmod runs. */
export function* nbd_init(): Op<number> {
  if (nbds_max.value > 1 << MINORBITS) return -EINVAL;

  if ((yield* register_blkdev(NBD_MAJOR, 'nbd')) !== 0) return -EIO;

  nbd_del_wq.value = yield* alloc_workqueue('nbd-del', WQ_UNBOUND, 0);
  if (nbd_del_wq.value === null) {
    yield* unregister_blkdev(NBD_MAJOR, 'nbd');
    return -ENOMEM;
  }

  if ((yield* genl_register_family(nbd_genl_family)) !== 0) {
    yield* destroy_workqueue(nbd_del_wq.value);
    yield* unregister_blkdev(NBD_MAJOR, 'nbd');
    return -EINVAL;
  }

  yield* mutex_lock(nbd_index_mutex);
  for (let i = 0; i < nbds_max.value; i++) yield* nbd_dev_add(i);
  yield* mutex_unlock(nbd_index_mutex);
  return 0;
}

function* nbd_exit_cb(_id: number, nbd: nbd_device, list: list_head): Op<number> {
  /* those that are being taken down already need nobody to drop a reference */
  if ((yield* refcount_read(nbd.refs)) !== 0) list_add_tail(nbd.list, list);
  return 0;
}

/** What rmmod runs. */
export function* nbd_cleanup(): Op<void> {
  const del_list = yield* DECLARE_STRUCT_ONSTACK(list_head, 'del_list');
  INIT_LIST_HEAD(del_list);

  /* no command is under way behind this, and none will come: only then nobody has a device but its users */
  yield* genl_unregister_family(nbd_genl_family);

  yield* mutex_lock(nbd_index_mutex);
  yield* idr_for_each(nbd_index_idr, nbd_exit_cb, del_list);
  yield* mutex_unlock(nbd_index_mutex);

  while (!list_empty(del_list)) {
    const nbd = list_first_entry(del_list, nbd_device, 'list');
    list_del_init(nbd.list);
    if ((yield* refcount_read(nbd.refs)) !== 1) printk('nbd: possibly leaking a device');
    yield* nbd_put(nbd);
  }

  /* waits for nbd_dev_remove_work() */
  yield* destroy_workqueue(nbd_del_wq.value as workqueue_struct); // made by nbd_init()

  yield* idr_destroy(nbd_index_idr);
  yield* unregister_blkdev(NBD_MAJOR, 'nbd');
}
