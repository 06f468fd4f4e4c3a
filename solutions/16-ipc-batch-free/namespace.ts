// SPDX-License-Identifier: GPL-2.0-only
/**
 * ipc/namespace.c, and of ipc/mqueue.c what it needs, of 5.17, after "ipc,namespace: batch free ipc_namespace structures" (commit
 * da27f796a832, 2023). At the limit it is a little stricter than the patch that goes with it.
 *
 * An IPC namespace has a file system of its own for its message queues, mounted for as long as the namespace lives.
 */
import {
  d_make_root,
  dec_ucount,
  DECLARE_WORK,
  DEFINE_FILE_SYSTEM_TYPE,
  DEFINE_FS_CONTEXT_OPERATIONS,
  DEFINE_SPINLOCK,
  EACCES,
  ENOMEM,
  ENOSPC,
  ERR_PTR,
  type errptr,
  fc_mount_longterm,
  flush_work,
  type fs_context,
  fs_context_for_mount,
  get_tree_keyed,
  get_user_ns,
  GFP_KERNEL,
  inc_ucount,
  int,
  IS_ERR,
  kfree,
  kill_litter_super,
  kzalloc,
  llist_add,
  llist_del_all,
  llist_for_each_entry,
  llist_for_each_entry_safe,
  LLIST_HEAD,
  llist_node,
  mnt_make_shortterm,
  mntput,
  new_inode,
  ns_alloc_inum,
  ns_common,
  ns_free_inum,
  type Op,
  ptr,
  PTR_ERR,
  put_fs_context,
  put_user_ns,
  refcount_dec_and_lock,
  refcount_inc,
  refcount_set,
  SB_KERNMOUNT,
  schedule_work,
  spin_lock,
  spin_unlock,
  struct,
  type StructOf,
  type super_block,
  synchronize_rcu,
  UCOUNT_IPC_NAMESPACES,
  type ucounts,
  type user_namespace,
  type vfsmount,
  WRITE_ONCE,
} from '#lib';

const current_euid = 0;
const DFLT_QUEUESMAX = 2; /* kata: 256 */

/** One IPC namespace. */
export const ipc_namespace = struct('ipc_namespace', {
  /* the kernel's own mount of the namespace's message queues */
  mq_mnt: ptr.unchecked<vfsmount>(),

  /* queues there are, and may be */
  mq_queues_count: int,
  mq_queues_max: int,

  /* whom it belongs to, and where it is counted */
  user_ns: ptr.unchecked<user_namespace>(),
  ucounts: ptr.unchecked<ucounts>(),

  mnt_llist: llist_node,

  ns: ns_common,
});
export interface ipc_namespace extends StructOf<typeof ipc_namespace> {}

/* ipc/mqueue.c */

const mq_lock =
  DEFINE_SPINLOCK('mq_lock'); /* protects mq_queues_count, and s_fs_info with what it points to */

const mqueue_fs_type = DEFINE_FILE_SYSTEM_TYPE('mqueue_fs_type', {
  init_fs_context: mqueue_init_fs_context,
  kill_sb: kill_litter_super,
});

const mqueue_fs_context_ops = DEFINE_FS_CONTEXT_OPERATIONS('mqueue_fs_context_ops', {
  get_tree: mqueue_get_tree,
});

function* mqueue_fill_super(sb: super_block): Op<number> {
  const inode = yield* new_inode(sb);
  if (inode === null) return -ENOMEM;

  const root = yield* d_make_root(inode);
  if (root === null) return -ENOMEM;
  sb.s_root = root;
  return 0;
}

/** Each namespace has one superblock, which is found by the namespace. */
function* mqueue_get_tree(fc: fs_context): Op<number> {
  const ns = fc.fs_private as ipc_namespace; // void * in C
  return yield* get_tree_keyed(fc, mqueue_fill_super, ns);
}

function* mqueue_init_fs_context(fc: fs_context): Op<number> {
  fc.ops = mqueue_fs_context_ops;
  return 0;
}

function* mq_create_mount(ns: ipc_namespace): Op<vfsmount | errptr> {
  const fc = yield* fs_context_for_mount(mqueue_fs_type, SB_KERNMOUNT);
  if (IS_ERR(fc)) return fc;

  fc.fs_private = ns;
  const mnt = yield* fc_mount_longterm(fc);
  yield* put_fs_context(fc);
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

/** From now on who comes along the file system finds no namespace. Caller holds mq_lock. */
function* mq_clear_sbinfo(ns: ipc_namespace): Op<void> {
  yield* WRITE_ONCE(ns.mq_mnt.mnt_sb, 's_fs_info', null);
}

/** Counts a queue in, for who has this file system mounted: in the namespace or elsewhere. */
export function* mqueue_create(sb: super_block): Op<number> {
  yield* spin_lock(mq_lock);
  const ipc_ns = yield* get_ipc_ns(sb.s_fs_info as ipc_namespace | null); // void * in C
  if (ipc_ns === null) {
    yield* spin_unlock(mq_lock);
    return -EACCES;
  }
  const error = ipc_ns.mq_queues_count < ipc_ns.mq_queues_max ? 0 : -ENOSPC;
  if (error === 0) ipc_ns.mq_queues_count++;
  yield* spin_unlock(mq_lock);

  /* kata: here the queue would be made */
  yield* put_ipc_ns(ipc_ns);
  return error;
}

/* ipc/namespace.c */

function* inc_ipc_namespaces(ns: user_namespace): Op<ucounts | null> {
  return yield* inc_ucount(ns, current_euid, UCOUNT_IPC_NAMESPACES);
}

function* dec_ipc_namespaces(ucounts: ucounts): Op<void> {
  yield* dec_ucount(ucounts, UCOUNT_IPC_NAMESPACES);
}

/** Makes an IPC namespace; it is the caller's, who puts it in the end. */
export function* create_ipc_ns(user_ns: user_namespace): Op<ipc_namespace | errptr> {
  /* what the limit counts may have ended already, and not be gone yet */
  let ucounts = yield* inc_ipc_namespaces(user_ns);
  if (ucounts === null) {
    yield* flush_work(free_ipc_work);
    ucounts = yield* inc_ipc_namespaces(user_ns);
    if (ucounts === null) return ERR_PTR(-ENOSPC);
  }

  const ns = yield* kzalloc(ipc_namespace, GFP_KERNEL);
  if (ns === null) return yield* fail_dec(ucounts, -ENOMEM);

  let err = yield* ns_alloc_inum(ns.ns);
  if (err !== 0) return yield* fail_free(ns, ucounts, err);

  yield* refcount_set(ns.ns.count, 1);
  yield* get_user_ns(user_ns);
  ns.user_ns = user_ns;
  ns.ucounts = ucounts;

  err = yield* mq_init_ns(ns);
  if (err !== 0) return yield* fail_put(ns, ucounts, err);
  return ns;
}

/* The error exits of create_ipc_ns(), each of which falls through to the next. */

function* fail_put(ns: ipc_namespace, ucounts: ucounts, err: number): Op<errptr> {
  yield* put_user_ns(ns.user_ns);
  yield* ns_free_inum(ns.ns);
  return yield* fail_free(ns, ucounts, err);
}

function* fail_free(ns: ipc_namespace, ucounts: ucounts, err: number): Op<errptr> {
  yield* kfree(ns);
  return yield* fail_dec(ucounts, err);
}

function* fail_dec(ucounts: ucounts, err: number): Op<errptr> {
  yield* dec_ipc_namespaces(ucounts);
  return ERR_PTR(err);
}

/* The caller has made the mount short-term, and waited for a grace period since. */
function* free_ipc_ns(ns: ipc_namespace): Op<void> {
  yield* mntput(ns.mq_mnt);

  yield* dec_ipc_namespaces(ns.ucounts);
  yield* put_user_ns(ns.user_ns);
  yield* ns_free_inum(ns.ns);
  yield* kfree(ns);
}

const free_ipc_list = LLIST_HEAD('free_ipc_list');

function* free_ipc(): Op<void> {
  const node = yield* llist_del_all(free_ipc_list);

  for (const n of llist_for_each_entry(node, ipc_namespace, 'mnt_llist')) {
    yield* mnt_make_shortterm(n.mq_mnt);
  }

  /* wait for the last users of all these mounts to have gone away */
  yield* synchronize_rcu();

  for (const n of llist_for_each_entry_safe(node, ipc_namespace, 'mnt_llist')) {
    yield* free_ipc_ns(n);
  }
}

/* The task that drops the last reference does not wait for the grace period: a worker does. */
const free_ipc_work = DECLARE_WORK('free_ipc_work', free_ipc);

/** Takes a reference: the caller has one, or holds mq_lock and has found the namespace with it. NULL is fine. */
export function* get_ipc_ns(ns: ipc_namespace | null): Op<ipc_namespace | null> {
  if (ns !== null) yield* refcount_inc(ns.ns.count);
  return ns;
}

/*
 * Drops a reference. The last one goes under mq_lock, under which those who come along the file system take theirs.
 */
export function* put_ipc_ns(ns: ipc_namespace): Op<void> {
  if (yield* refcount_dec_and_lock(ns.ns.count, mq_lock)) {
    yield* mq_clear_sbinfo(ns);
    yield* spin_unlock(mq_lock);

    /* even if the list is not empty: who filled it may not have come to queue the work */
    yield* llist_add(ns.mnt_llist, free_ipc_list);
    yield* schedule_work(free_ipc_work);
  }
}
