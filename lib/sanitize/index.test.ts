// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  GFP_KERNEL,
  INIT_LIST_HEAD,
  kfree,
  kref,
  kref_get,
  kref_init,
  kref_put,
  kzalloc,
  LIST_HEAD,
  list_add_tail,
  list_del,
  list_for_each_entry,
  list_head,
  int,
  container_of,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
} from '../kernel';
import { type Op, struct, type StructOf } from '../machine';
import { allMonitors } from '.';
import { type Told, told } from './testing/told';

const rbd_client = struct('rbd_client', { users: int, kref: kref, node: list_head });
interface rbd_client extends StructOf<typeof rbd_client> {}

const node_lock = DEFINE_SPINLOCK('node_lock');
const client_mutex = DEFINE_MUTEX('client_mutex');
const rbd_client_list = LIST_HEAD('rbd_client_list');

function* rbd_client_create(): Op<rbd_client> {
  const rbdc = yield* kzalloc(rbd_client, GFP_KERNEL);
  if (rbdc === null) throw new Error('kzalloc failed');
  yield* kref_init(rbdc.kref);
  INIT_LIST_HEAD(rbdc.node);
  yield* spin_lock(node_lock);
  list_add_tail(rbdc.node, rbd_client_list);
  yield* spin_unlock(node_lock);
  return rbdc;
}

function* rbd_get_client(): Op<rbd_client> {
  yield* spin_lock(node_lock);
  for (const rbdc of list_for_each_entry(rbd_client_list, rbd_client, 'node')) {
    yield* kref_get(rbdc.kref);
    yield* spin_unlock(node_lock);
    return rbdc;
  }
  yield* spin_unlock(node_lock);
  return yield* rbd_client_create();
}

function* rbd_client_release_unlocked(ref: kref): Op<void> {
  const rbdc = container_of(ref, rbd_client, 'kref');
  yield* spin_lock(node_lock);
  list_del(rbdc.node);
  yield* spin_unlock(node_lock);
  yield* kfree(rbdc);
}

function* rbd_client_release(ref: kref): Op<void> {
  const rbdc = container_of(ref, rbd_client, 'kref');
  list_del(rbdc.node);
  yield* kfree(rbdc);
}

function* rbd_put_client_unlocked(rbdc: rbd_client): Op<void> {
  yield* kref_put(rbdc.kref, rbd_client_release_unlocked);
}

function* rbd_put_client(rbdc: rbd_client): Op<void> {
  yield* spin_lock(node_lock);
  yield* kref_put(rbdc.kref, rbd_client_release);
  yield* spin_unlock(node_lock);
}

function* rbd_use_client(rbdc: rbd_client): Op<void> {
  yield* mutex_lock(client_mutex);
  rbdc.users++;
  yield* mutex_unlock(client_mutex);
}

function run(put: (rbdc: rbd_client) => Op<void>): Told {
  return told(dpor, allMonitors(), (machine) => {
    const first = machine.runNow(rbd_client_create());
    machine.spawn('rbd-put', () => put(first));
    machine.spawn('rbd-get', function* rbd_add(): Op<void> {
      const rbdc = yield* rbd_get_client();
      yield* rbd_use_client(rbdc);
      yield* put(rbdc);
    });
  });
}

describe('all detectors', () => {
  it('find what is wrong with a put that drops to zero without the lock', () => {
    expect(run(rbd_put_client_unlocked).kinds).toMatchInlineSnapshot(`
      [
        "(slab-use-after-free)",
        "refcount",
        "slab-use-after-free",
      ]
    `);
  });

  it('are silent about the put that holds it', () => {
    expect(run(rbd_put_client).kinds).toEqual([]);
  });

  it('come in a fixed order', () => {
    expect(allMonitors().map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "lockdep",
        "odebug",
        "kasan",
        "kmsan",
        "kcsan",
        "atomic-sleep",
        "complaints",
        "hung-task",
        "soft-lockup",
        "kmemleak",
      ]
    `);
  });
});
