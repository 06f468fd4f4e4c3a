// SPDX-License-Identifier: GPL-2.0-only
// Right: every put takes the lock, whether or not its reference is the last.
import {
  atomic_dec_and_test,
  atomic_inc,
  atomic_set,
  atomic_t,
  DEFINE_SPINLOCK,
  down_write,
  EACCES,
  ENOMEM,
  ENOSPC,
  ERR_PTR,
  type errptr,
  GFP_KERNEL,
  init_rwsem,
  int,
  IS_ERR,
  kfree,
  kmalloc,
  kzalloc,
  type Op,
  ptr,
  PTR_ERR,
  refcount_dec_and_test,
  refcount_inc,
  refcount_set,
  refcount_t,
  rw_semaphore,
  spin_lock,
  spin_unlock,
  struct,
  type StructOf,
  up_write,
} from '#lib';

const DFLT_QUEUESMAX = 2; /* kata: 256 */

const S_IFREG = 0x8000;
const S_IFDIR = 0x4000;

/** What all kinds of namespaces have in common. */
const ns_common = struct('ns_common', { count: refcount_t });

/** One IPC namespace: tasks in it see each other's queues. */
export const ipc_namespace = struct('ipc_namespace', {
  /* the namespace's own mount of its queues */
  mq_mnt: ptr.unchecked<vfsmount>(),

  /* queues there are, and may be */
  mq_queues_count: int,
  mq_queues_max: int,

  ns: ns_common,
});
export interface ipc_namespace extends StructOf<typeof ipc_namespace> {}

/** The file system of a namespace's queues. It lives for as long as somebody has it mounted. */
export const super_block = struct('super_block', {
  s_active: atomic_t,
  s_umount: rw_semaphore,
  s_root: ptr.unchecked<inode>(),
  s_fs_info: ptr<ipc_namespace>() /* no reference */,
});
export interface super_block extends StructOf<typeof super_block> {}

/** A queue, or the directory of all of them. */
export const inode = struct('inode', { i_sb: ptr.unchecked<super_block>(), i_mode: int });
export interface inode extends StructOf<typeof inode> {}

/** A place where a file system is mounted. */
export const vfsmount = struct('vfsmount', {
  mnt_root: ptr.unchecked<inode>(),
  mnt_sb: ptr.unchecked<super_block>(),
});
export interface vfsmount extends StructOf<typeof vfsmount> {}

const mq_lock = DEFINE_SPINLOCK('mq_lock'); /* protects mq_queues_count, s_fs_info */

/* ipc/mqueue.c */

/** Takes a reference to the namespace of a queue's file system, if there is one left. Caller holds mq_lock. */
function* __get_ns_from_inode(inode: inode): Op<ipc_namespace | null> {
  return yield* get_ipc_ns(inode.i_sb.s_fs_info);
}

function* get_ns_from_inode(inode: inode): Op<ipc_namespace | null> {
  yield* spin_lock(mq_lock);
  const ns = yield* __get_ns_from_inode(inode);
  yield* spin_unlock(mq_lock);
  return ns;
}

function* mqueue_get_inode(sb: super_block, mode: number): Op<inode | null> {
  const node = yield* kmalloc(inode, GFP_KERNEL);
  if (node === null) return null;
  node.i_sb = sb;
  node.i_mode = mode;
  return node;
}

/** Makes a queue in the directory `dir`, whichever namespace the caller is in. */
export function* mqueue_create(dir: inode): Op<inode | errptr> {
  yield* spin_lock(mq_lock);
  const ipc_ns = yield* __get_ns_from_inode(dir);
  if (ipc_ns === null) {
    yield* spin_unlock(mq_lock);
    return ERR_PTR(-EACCES);
  }
  if (ipc_ns.mq_queues_count >= ipc_ns.mq_queues_max) {
    yield* spin_unlock(mq_lock);
    yield* put_ipc_ns(ipc_ns);
    return ERR_PTR(-ENOSPC);
  }
  ipc_ns.mq_queues_count++;
  yield* spin_unlock(mq_lock);

  const node = yield* mqueue_get_inode(dir.i_sb, S_IFREG);
  if (node === null) {
    yield* spin_lock(mq_lock);
    ipc_ns.mq_queues_count--;
    yield* spin_unlock(mq_lock);
    yield* put_ipc_ns(ipc_ns);
    return ERR_PTR(-ENOMEM);
  }

  yield* put_ipc_ns(ipc_ns);
  return node;
}

/** Ends a queue that has been unlinked and that nobody has open any more. */
export function* mqueue_evict_inode(inode: inode): Op<void> {
  if (inode.i_mode !== S_IFDIR) {
    const ipc_ns = yield* get_ns_from_inode(inode);

    yield* spin_lock(mq_lock);
    if (ipc_ns !== null) ipc_ns.mq_queues_count--;
    yield* spin_unlock(mq_lock);
    if (ipc_ns !== null) yield* put_ipc_ns(ipc_ns);
  }
  yield* kfree(inode);
}

/** Mounts a new file system for a namespace's queues. */
function* mq_create_mount(ns: ipc_namespace): Op<vfsmount | errptr> {
  const mnt = yield* kzalloc(vfsmount, GFP_KERNEL);
  if (mnt === null) return ERR_PTR(-ENOMEM);

  const sb = yield* kzalloc(super_block, GFP_KERNEL);
  if (sb === null) {
    yield* kfree(mnt);
    return ERR_PTR(-ENOMEM);
  }
  yield* atomic_set(sb.s_active, 1);
  yield* init_rwsem(sb.s_umount);
  sb.s_fs_info = ns;

  const root = yield* mqueue_get_inode(sb, S_IFDIR);
  if (root === null) {
    yield* kfree(sb);
    yield* kfree(mnt);
    return ERR_PTR(-ENOMEM);
  }
  sb.s_root = root;
  mnt.mnt_sb = sb;
  mnt.mnt_root = root;
  return mnt;
}

function* mq_init_ns(ns: ipc_namespace): Op<number> {
  ns.mq_queues_count = 0;
  ns.mq_queues_max = DFLT_QUEUESMAX;

  const m = yield* mq_create_mount(ns);
  if (IS_ERR(m)) return PTR_ERR(m);
  ns.mq_mnt = m;
  return 0;
}

/** The file system may live on, the namespace does not. Caller holds mq_lock. */
function mq_clear_sbinfo(ns: ipc_namespace): void {
  ns.mq_mnt.mnt_sb.s_fs_info = null;
}

function* mq_put_mnt(ns: ipc_namespace): Op<void> {
  yield* mntput(ns.mq_mnt);
}

/* ipc/namespace.c */

/** Makes an IPC namespace; it is the caller's, who puts it in the end. */
export function* create_ipc_ns(): Op<ipc_namespace | errptr> {
  const ns = yield* kzalloc(ipc_namespace, GFP_KERNEL);
  if (ns === null) return ERR_PTR(-ENOMEM);
  yield* refcount_set(ns.ns.count, 1);

  const err = yield* mq_init_ns(ns);
  if (err < 0) {
    yield* kfree(ns);
    return ERR_PTR(err);
  }
  return ns;
}

function* free_ipc_ns(ns: ipc_namespace): Op<void> {
  yield* mq_put_mnt(ns);
  yield* kfree(ns);
}

/** Takes a reference: the caller has one, or is sure that there is one for the moment. NULL is fine. */
export function* get_ipc_ns(ns: ipc_namespace | null): Op<ipc_namespace | null> {
  if (ns !== null) yield* refcount_inc(ns.ns.count);
  return ns;
}

/** Drops a reference to a namespace. */
export function* put_ipc_ns(ns: ipc_namespace): Op<void> {
  yield* spin_lock(mq_lock);
  const last = yield* refcount_dec_and_test(ns.ns.count);
  if (last) mq_clear_sbinfo(ns);
  yield* spin_unlock(mq_lock);
  if (last) yield* free_ipc_ns(ns);
}

/* fs/namespace.c and fs/super.c, as far as they matter here */

/** Mounts a file system in another place, too. The caller has it mounted, and puts the new mount in the end. */
export function* clone_mnt(old: vfsmount): Op<vfsmount | errptr> {
  const mnt = yield* kzalloc(vfsmount, GFP_KERNEL);
  if (mnt === null) return ERR_PTR(-ENOMEM);
  yield* atomic_inc(old.mnt_sb.s_active);
  mnt.mnt_sb = old.mnt_sb;
  mnt.mnt_root = old.mnt_root;
  return mnt;
}

/** Unmounts; the last mount takes the file system with it. */
export function* mntput(mnt: vfsmount): Op<void> {
  const sb = mnt.mnt_sb;
  yield* kfree(mnt);
  yield* deactivate_super(sb);
}

function* deactivate_super(s: super_block): Op<void> {
  if (!(yield* atomic_dec_and_test(s.s_active))) return;
  yield* down_write(s.s_umount);
  yield* mqueue_evict_inode(s.s_root);
  yield* up_write(s.s_umount);
  yield* kfree(s);
}
