// SPDX-License-Identifier: GPL-2.0-only
// Wrong: the file system still knows its namespace when it ends, and so does everybody who finds it with no reference left. Caught by create-vs-exit and no-memory.
import {
  alloc_percpu,
  container_of,
  d_make_root,
  dec_ucount,
  DEFINE_FILE_SYSTEM_TYPE,
  DEFINE_FS_CONTEXT_OPERATIONS,
  DEFINE_SPINLOCK,
  down_write,
  EACCES,
  ENOMEM,
  ENOSPC,
  ERR_PTR,
  type errptr,
  fc_mount_longterm,
  free_percpu,
  type fs_context,
  fs_context_for_mount,
  get_tree_keyed,
  get_user_ns,
  GFP_KERNEL,
  inc_ucount,
  INIT_LIST_HEAD,
  INIT_RCU_WORK,
  init_rwsem,
  int,
  IS_ERR,
  kfree,
  kill_litter_super,
  kmalloc,
  kzalloc,
  list_add_tail,
  list_del,
  list_for_each_entry_safe,
  list_head,
  mnt_make_shortterm,
  mntput,
  new_inode,
  ns_alloc_inum,
  ns_common,
  ns_free_inum,
  type Op,
  type percpu_int,
  ptr,
  PTR_ERR,
  put_fs_context,
  put_user_ns,
  queue_rcu_work,
  rcu_work,
  refcount_dec_and_lock,
  refcount_inc,
  refcount_set,
  rw_semaphore,
  SB_KERNMOUNT,
  spin_lock,
  spin_unlock,
  struct,
  type StructOf,
  type super_block,
  system_wq,
  to_rcu_work,
  UCOUNT_IPC_NAMESPACES,
  type ucounts,
  up_write,
  type user_namespace,
  type vfsmount,
  type work_struct,
} from '#lib';

const current_euid = 0;
const DFLT_QUEUESMAX = 2; /* kata: 256 */

/** The semaphore sets of a namespace. */
const ipc_ids = struct('ipc_ids', { in_use: int, rwsem: rw_semaphore, sets: list_head });

/** A set of semaphores. */
const sem_array = struct('sem_array', { node: list_head });

/** One IPC namespace. */
export const ipc_namespace = struct('ipc_namespace', {
  sem_ids: ipc_ids,
  percpu_msg_bytes: ptr.unchecked<percpu_int>(),
  mq_sysctls: ptr<ctl_table>(),

  /* the kernel's own mount of the namespace's message queues */
  mq_mnt: ptr.unchecked<vfsmount>(),

  /* queues there are, and may be */
  mq_queues_count: int,
  mq_queues_max: int,

  /* whom it belongs to, and where it is counted */
  user_ns: ptr.unchecked<user_namespace>(),
  ucounts: ptr.unchecked<ucounts>(),

  mnt_rwork: rcu_work,

  ns: ns_common,
});
export interface ipc_namespace extends StructOf<typeof ipc_namespace> {}

/** The sysctls of a namespace. */
const ctl_table = struct('ctl_table', { mode: int });
interface ctl_table extends StructOf<typeof ctl_table> {}

/** What is kept while a file system of queues is being mounted. */
const mqueue_fs_context = struct('mqueue_fs_context', { ipc_ns: ptr.unchecked<ipc_namespace>() });
interface mqueue_fs_context extends StructOf<typeof mqueue_fs_context> {}

/* ipc/mqueue.c */

const mq_lock =
  DEFINE_SPINLOCK('mq_lock'); /* protects mq_queues_count, and s_fs_info with what it points to */

const mqueue_fs_type = DEFINE_FILE_SYSTEM_TYPE('mqueue_fs_type', {
  init_fs_context: mqueue_init_fs_context,
  kill_sb: mqueue_kill_super,
});

const mqueue_fs_context_ops = DEFINE_FS_CONTEXT_OPERATIONS('mqueue_fs_context_ops', {
  free: mqueue_fs_context_free,
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

/* The proposal: what is left of the namespace when its last mount has gone ends with the file system. */
function* mqueue_kill_super(sb: super_block): Op<void> {
  const ns = sb.s_fs_info as ipc_namespace | null; // void * in C
  yield* kill_litter_super(sb);
  // TODO(kata): when does one come here, and what is there to free?
  if (ns !== null) yield* free_ipc_ns(ns);
}

/** Each namespace has one superblock, which is found by the namespace. */
function* mqueue_get_tree(fc: fs_context): Op<number> {
  const ctx = fc.fs_private as mqueue_fs_context; // void * in C
  return yield* get_tree_keyed(fc, mqueue_fill_super, ctx.ipc_ns);
}

function* mqueue_fs_context_free(fc: fs_context): Op<void> {
  const ctx = fc.fs_private as mqueue_fs_context; // void * in C
  yield* put_ipc_ns(ctx.ipc_ns);
  yield* kfree(ctx);
}

function* mqueue_init_fs_context(fc: fs_context): Op<number> {
  const ctx = yield* kzalloc(mqueue_fs_context, GFP_KERNEL);
  if (ctx === null) return -ENOMEM;

  /* kata: the only one to mount is mq_create_mount(), which says for whom */
  fc.fs_private = ctx;
  fc.ops = mqueue_fs_context_ops;
  return 0;
}

function* mq_create_mount(ns: ipc_namespace): Op<vfsmount | errptr> {
  const fc = yield* fs_context_for_mount(mqueue_fs_type, SB_KERNMOUNT);
  if (IS_ERR(fc)) return fc;

  const ctx = fc.fs_private as mqueue_fs_context; // void * in C
  yield* get_ipc_ns(ns);
  ctx.ipc_ns = ns;

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

/* ipc/sem.c, ipc/msg.c, ipc/mq_sysctl.c: what a namespace has besides */

function* sem_init_ns(ns: ipc_namespace): Op<void> {
  ns.sem_ids.in_use = 0;
  INIT_LIST_HEAD(ns.sem_ids.sets);
  yield* init_rwsem(ns.sem_ids.rwsem);
}

/** Makes a set of semaphores, which stays until its namespace ends. */
export function* newary(ns: ipc_namespace): Op<number> {
  const sma = yield* kmalloc(sem_array, GFP_KERNEL);
  if (sma === null) return -ENOMEM;

  yield* down_write(ns.sem_ids.rwsem);
  list_add_tail(sma.node, ns.sem_ids.sets);
  ns.sem_ids.in_use++;
  yield* up_write(ns.sem_ids.rwsem);
  return 0;
}

function* sem_exit_ns(ns: ipc_namespace): Op<void> {
  yield* down_write(ns.sem_ids.rwsem);
  for (const sma of list_for_each_entry_safe(ns.sem_ids.sets, sem_array, 'node')) {
    list_del(sma.node);
    ns.sem_ids.in_use--;
    yield* kfree(sma);
  }
  yield* up_write(ns.sem_ids.rwsem);
}

function* msg_init_ns(ns: ipc_namespace): Op<number> {
  const bytes = yield* alloc_percpu();
  if (bytes === null) return -ENOMEM;
  ns.percpu_msg_bytes = bytes;
  return 0;
}

function* msg_exit_ns(ns: ipc_namespace): Op<void> {
  yield* free_percpu(ns.percpu_msg_bytes);
}

function* setup_mq_sysctls(ns: ipc_namespace): Op<boolean> {
  const table = yield* kmalloc(ctl_table, GFP_KERNEL);
  ns.mq_sysctls = table;
  return table !== null;
}

function* retire_mq_sysctls(ns: ipc_namespace): Op<void> {
  yield* kfree(ns.mq_sysctls);
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
  const ucounts = yield* inc_ipc_namespaces(user_ns);
  if (ucounts === null) return ERR_PTR(-ENOSPC);

  const ns = yield* kzalloc(ipc_namespace, GFP_KERNEL);
  if (ns === null) return yield* fail_dec(ucounts, -ENOMEM);

  let err = yield* ns_alloc_inum(ns.ns);
  if (err !== 0) return yield* fail_free(ns, ucounts, err);

  yield* refcount_set(ns.ns.count, 1);
  yield* get_user_ns(user_ns);
  ns.user_ns = user_ns;
  ns.ucounts = ucounts;

  // TODO(kata): any of these may fail, and so may any step in them.
  err = yield* mq_init_ns(ns);
  if (err !== 0) return yield* fail_put(ns, ucounts, err);

  if (!(yield* setup_mq_sysctls(ns))) return yield* fail_put(ns, ucounts, -ENOMEM);

  err = yield* msg_init_ns(ns);
  if (err !== 0) return yield* fail_sysctls(ns, ucounts, err);

  yield* sem_init_ns(ns);
  return ns;
}

/* The error exits of create_ipc_ns(), each of which falls through to the next. */

function* fail_sysctls(ns: ipc_namespace, ucounts: ucounts, err: number): Op<errptr> {
  yield* retire_mq_sysctls(ns);
  return yield* fail_put(ns, ucounts, err);
}

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

/** Frees a namespace and what it has. Its file system is gone. */
function* free_ipc_ns(ns: ipc_namespace): Op<void> {
  yield* sem_exit_ns(ns);
  yield* msg_exit_ns(ns);
  yield* retire_mq_sysctls(ns);

  yield* dec_ipc_namespaces(ns.ucounts);
  yield* put_user_ns(ns.user_ns);
  yield* ns_free_inum(ns.ns);
  yield* kfree(ns);
}

/* kern_unmount() without the wait: a work puts the mount when a grace period is over. */
function* kern_unmount_rcu(ns: ipc_namespace): Op<void> {
  yield* mnt_make_shortterm(ns.mq_mnt);
  yield* INIT_RCU_WORK(ns.mnt_rwork, mntput_rcu_work);
  yield* queue_rcu_work(system_wq, ns.mnt_rwork);
}

function* mntput_rcu_work(work: work_struct): Op<void> {
  const ns = container_of(to_rcu_work(work), ipc_namespace, 'mnt_rwork');
  yield* mntput(ns.mq_mnt);
}

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
    yield* spin_unlock(mq_lock);

    /* the proposal: nobody waits here, and mqueue_kill_super() does the rest */
    yield* kern_unmount_rcu(ns);
  }
}
