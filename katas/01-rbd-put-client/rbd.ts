// SPDX-License-Identifier: GPL-2.0-only
/**
 * drivers/block/rbd.c as it stood before commit d23a4b3fd6ef ("rbd: fix safety of rbd_put_client()", 2012).
 *
 * rbd: RADOS block device. Each mapped device uses an rbd_client, which wraps a connection to a ceph cluster; devices mapped
 * with the same options share one.
 */
import {
  container_of,
  DEFINE_SPINLOCK,
  ENOMEM,
  ERR_PTR,
  type errptr,
  GFP_KERNEL,
  INIT_LIST_HEAD,
  int,
  IS_ERR,
  kfree,
  kmalloc,
  kref,
  kref_get,
  kref_init,
  kref_put,
  kzalloc,
  list_add_tail,
  list_del,
  list_for_each_entry,
  LIST_HEAD,
  list_head,
  mayFail,
  type Op,
  PTR_ERR,
  ptr,
  spin_lock,
  spin_unlock,
  struct,
  type StructOf,
  EIO,
} from '#lib';

/* Option flags of a ceph client. */
export const CEPH_OPT_NOSHARE = 1 << 1; /* don't share client with other sbs */

/** struct ceph_options: what a client was asked to connect to. */
export const ceph_options = struct('ceph_options', { flags: int, mon_addr: int });
export interface ceph_options extends StructOf<typeof ceph_options> {}

/** struct ceph_client: a session with a cluster; owns its options. */
export const ceph_client = struct('ceph_client', { options: ptr<ceph_options>() });
export interface ceph_client extends StructOf<typeof ceph_client> {}

/** struct rbd_options: per-client settings of rbd itself. */
export const rbd_options = struct('rbd_options', { notify_timeout: int });
export interface rbd_options extends StructOf<typeof rbd_options> {}

/* an instance of the client.  multiple devices may share an rbd client. */
export const rbd_client = struct('rbd_client', {
  client: ptr<ceph_client>(),
  rbd_opts: ptr<rbd_options>(),
  kref: kref,
  node: list_head,
});
export interface rbd_client extends StructOf<typeof rbd_client> {}

/* a single device */
export const rbd_device = struct('rbd_device', {
  client: ptr<ceph_client>(),
  rbd_client: ptr<rbd_client>(),
});
export interface rbd_device extends StructOf<typeof rbd_device> {}

export const node_lock = DEFINE_SPINLOCK('node_lock'); /* protects client get/put */
export const rbd_client_list = LIST_HEAD('rbd_client_list'); /* clients */
