// SPDX-License-Identifier: GPL-2.0-only
// Wrong: no lookup, no race: and no device either. Caught by create-destroy.
import {
  type ceph_client,
  ceph_compare_options,
  ceph_create_client,
  ceph_destroy_client,
  ceph_destroy_options,
  ceph_open_session,
  CEPH_OPT_NOSHARE,
  type ceph_options,
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
  kref_init,
  kref_put,
  list_add_tail,
  list_del,
  list_for_each_entry,
  LIST_HEAD,
  list_head,
  type Op,
  ptr,
  spin_lock,
  spin_unlock,
  struct,
  type StructOf,
} from '#lib';

const RBD_NOTIFY_TIMEOUT_DEFAULT = 10;

/** Settings of rbd itself. */
export const rbd_options = struct('rbd_options', { notify_timeout: int });
export interface rbd_options extends StructOf<typeof rbd_options> {}

/** One client; several devices may share it. */
export const rbd_client = struct('rbd_client', {
  client: ptr<ceph_client>(),
  rbd_opts: ptr<rbd_options>(),
  kref: kref,
  node: list_head,
});
export interface rbd_client extends StructOf<typeof rbd_client> {}

/** One mapped device. */
export const rbd_device = struct('rbd_device', {
  client: ptr<ceph_client>(),
  rbd_client: ptr<rbd_client>(),
});
export interface rbd_device extends StructOf<typeof rbd_device> {}

const node_lock = DEFINE_SPINLOCK('node_lock'); /* protects client get/put */
const rbd_client_list = LIST_HEAD('rbd_client_list');

/** Makes a client and connects it. It then owns opt and rbd_opts; on failure opt is freed and rbd_opts still the caller's. */
function* rbd_client_create(opt: ceph_options, rbd_opts: rbd_options): Op<rbd_client | errptr> {
  const rbdc = yield* kmalloc(rbd_client, GFP_KERNEL);
  if (rbdc === null) {
    yield* ceph_destroy_options(opt);
    return ERR_PTR(-ENOMEM);
  }
  yield* kref_init(rbdc.kref);
  INIT_LIST_HEAD(rbdc.node);

  const client = yield* ceph_create_client(opt);
  if (IS_ERR(client)) {
    yield* kfree(rbdc);
    yield* ceph_destroy_options(opt);
    return client;
  }
  rbdc.client = client; /* from here on opt is the ceph client's */

  const ret = yield* ceph_open_session(client);
  if (ret < 0) {
    yield* ceph_destroy_client(client);
    yield* kfree(rbdc);
    return ERR_PTR(ret);
  }
  rbdc.rbd_opts = rbd_opts;

  yield* spin_lock(node_lock);
  list_add_tail(rbdc.node, rbd_client_list);
  yield* spin_unlock(node_lock);
  return rbdc;
}

/** Finds a client with the same options, unless the options ask for one of their own. Caller holds node_lock. */
function __rbd_client_find(opt: ceph_options): rbd_client | null {
  if (opt.flags & CEPH_OPT_NOSHARE) return null;
  for (const rbdc of list_for_each_entry(rbd_client_list, rbd_client, 'node')) {
    if (rbdc.client !== null && ceph_compare_options(opt, rbdc.client) === 0) return rbdc;
  }
  return null;
}

/** Gives the device a client for these options: one that exists already, or a new one. */
export function* rbd_get_client(
  rbd_dev: rbd_device,
  mon_addr: string,
  options: string,
): Op<number> {
  return -ENOMEM;
}

/** Ends a client that nobody uses any more. */
function* rbd_client_release(kref: kref): Op<void> {
  const rbdc = container_of(kref, rbd_client, 'kref');

  yield* spin_lock(node_lock);
  list_del(rbdc.node);
  yield* spin_unlock(node_lock);

  if (rbdc.client !== null) yield* ceph_destroy_client(rbdc.client);
  yield* kfree(rbdc.rbd_opts);
  yield* kfree(rbdc);
}

/** Drops the device's reference to its client; the last one ends the client. */
export function* rbd_put_client(rbd_dev: rbd_device): Op<void> {
  if (rbd_dev.rbd_client !== null) yield* kref_put(rbd_dev.rbd_client.kref, rbd_client_release);
  rbd_dev.rbd_client = null;
  rbd_dev.client = null;
}
