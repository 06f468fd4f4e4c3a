// SPDX-License-Identifier: GPL-2.0-only
/** Small drivers in the loader's form, for reports whose frames have a driver's names and lines. */

/** The rbd race: the last put frees a client that a get has found. */
export const RBD = `
const rbd_client = struct('rbd_client', { id: int, kref, node: list_head });
const node_lock = DEFINE_SPINLOCK('node_lock');
const rbd_client_list = LIST_HEAD('rbd_client_list');
const device = static_var('rbd_dev', null);

function* boot() {
  const rbdc = yield* kzalloc(rbd_client, GFP_KERNEL);
  yield* kref_init(rbdc.kref);
  INIT_LIST_HEAD(rbdc.node);
  list_add_tail(rbdc.node, rbd_client_list);
  device.value = rbdc;
}

function* rbd_client_release(k) {
  const rbdc = container_of(k, rbd_client, 'kref');
  yield* spin_lock(node_lock);
  list_del(rbdc.node);
  yield* spin_unlock(node_lock);
  yield* kfree(rbdc);
}

function* rbd_put_client() {
  yield* kref_put(device.value.kref, rbd_client_release);
}

function* __rbd_client_find() {
  for (const rbdc of list_for_each_entry(rbd_client_list, rbd_client, 'node')) return rbdc;
  return null;
}

function* rbd_get_client() {
  yield* spin_lock(node_lock);
  const rbdc = yield* __rbd_client_find();
  if (rbdc) yield* kref_get(rbdc.kref);
  yield* spin_unlock(node_lock);
  if (rbdc) rbdc.id += 1;
}
`;

/** Two mutexes taken in both orders, a plain counter read without any, and an allocation that may fail. */
export const NBD = `
const nbd_index_mutex = DEFINE_MUTEX('nbd_index_mutex');
const open_mutex = DEFINE_MUTEX('open_mutex');
const refs = DEFINE_ATOMIC('refs', 1);
const total = static_var('nbd_total_devices', 0);
const stats = struct('stats', { opened: int, closed: int });

function* nbd_put() {
  if (yield* atomic_dec_and_mutex_lock(refs, nbd_index_mutex)) {
    yield* nbd_dev_remove();
    yield* mutex_unlock(nbd_index_mutex);
  }
}
function* nbd_dev_remove() {
  yield* mutex_lock(open_mutex);
  yield* mutex_unlock(open_mutex);
}
function* nbd_open() {
  yield* mutex_lock(open_mutex);
  yield* mutex_lock(nbd_index_mutex);
  total.value += 1;
  yield* mutex_unlock(nbd_index_mutex);
  yield* mutex_unlock(open_mutex);
}
function* nbd_stat() {
  for (let i = 0; i < 14; i++) {
    const s = yield* kzalloc(stats, GFP_KERNEL);
    s.opened = i;
    yield* kfree(s);
  }
  const seen = total.value;
  yield* nbd_note();
  BUG_ON(total.value !== seen);
}
function* nbd_note() {
  yield* atomic_read(refs);
}
function* nbd_null() {
  const s = yield* kzalloc(stats, GFP_KERNEL);
  s.opened = 1;
  yield* kfree(s);
}
`;
