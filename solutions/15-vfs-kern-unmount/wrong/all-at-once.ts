// SPDX-License-Identifier: GPL-2.0-only
// Wrong: mounts of user space are taken down by whoever puts them, too, whatever that one holds. Caught by put-under-lock.
import {
  alloc_percpu,
  atomic_inc,
  call_rcu,
  container_of,
  deactivate_super,
  dget,
  dput,
  EINVAL,
  ENOMEM,
  ERR_PTR,
  type errptr,
  type file_system_type,
  for_each_possible_cpu,
  free_percpu,
  type fs_context,
  fs_context_for_mount,
  GFP_KERNEL,
  IS_ERR,
  IS_ERR_OR_NULL,
  kfree,
  kzalloc,
  list_add_tail,
  list_del,
  list_head,
  llist_node,
  lock_mount_hash,
  MNT_DOOMED,
  MNT_INTERNAL,
  type mnt_namespace,
  MNT_NS_INTERNAL,
  type Op,
  per_cpu,
  type percpu_int,
  ptr,
  put_fs_context,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  READ_ONCE,
  SB_KERNMOUNT,
  smp_mb,
  struct,
  type StructOf,
  synchronize_rcu,
  synchronize_rcu_expedited,
  this_cpu_add,
  unlock_mount_hash,
  up_write,
  vfs_get_tree,
  vfsmount,
  WARN_ON,
  WRITE_ONCE,
} from '#lib';

/** A mount; what the rest of the kernel sees of it is the vfsmount in it. */
export const mount = struct('mount', {
  mnt: vfsmount,
  mnt_rcu: rcu_head,
  mnt_llist: llist_node,

  /* how many references there are: the sum over all CPUs */
  mnt_pcp: ptr.unchecked<percpu_int>(),

  /* in the list of the superblock */
  mnt_instance: list_head,

  /* while this is not NULL, a reference is owed: that of kern_mount() */
  mnt_ns: ptr<mnt_namespace>(),
});
export interface mount extends StructOf<typeof mount> {}

function real_mount(mnt: vfsmount): mount {
  return container_of(mnt, mount, 'mnt');
}

function* mnt_add_count(mnt: mount, n: number): Op<void> {
  yield* this_cpu_add(mnt.mnt_pcp, n);
}

/** Adds the counts of all CPUs up, one after the other. */
function* mnt_get_count(mnt: mount): Op<number> {
  let count = 0;
  for (const cpu of for_each_possible_cpu()) {
    count += yield* per_cpu(mnt.mnt_pcp, cpu);
  }
  return count;
}

function* alloc_vfsmnt(): Op<mount | null> {
  const mnt = yield* kzalloc(mount, GFP_KERNEL);
  if (mnt === null) return null;

  const mnt_pcp = yield* alloc_percpu();
  if (mnt_pcp === null) {
    yield* kfree(mnt);
    return null;
  }
  mnt.mnt_pcp = mnt_pcp;
  yield* mnt_add_count(mnt, 1);
  return mnt;
}

function* free_vfsmnt(mnt: mount): Op<void> {
  yield* free_percpu(mnt.mnt_pcp);
  yield* kfree(mnt);
}

/* call_rcu callback: whoever walks a path under RCU may still look at a mount that has gone */
function* delayed_free_vfsmnt(head: rcu_head): Op<void> {
  yield* free_vfsmnt(container_of(head, mount, 'mnt_rcu'));
}

/** Makes a mount of a file system that vfs_get_tree() has found. */
function* vfs_create_mount(fc: fs_context): Op<vfsmount | errptr> {
  const { root } = fc;
  if (root === null) return ERR_PTR(-EINVAL);

  const mnt = yield* alloc_vfsmnt();
  if (mnt === null) return ERR_PTR(-ENOMEM);

  if (fc.sb_flags & SB_KERNMOUNT) mnt.mnt.mnt_flags = MNT_INTERNAL;

  const sb = root.d_sb;
  yield* atomic_inc(sb.s_active);
  mnt.mnt.mnt_sb = sb;
  yield* dget(root);
  mnt.mnt.mnt_root = root;

  yield* lock_mount_hash();
  list_add_tail(mnt.mnt_instance, sb.s_mounts);
  yield* unlock_mount_hash();
  return mnt.mnt;
}

/** Mounts what a context describes. */
export function* fc_mount(fc: fs_context): Op<vfsmount | errptr> {
  const err = yield* vfs_get_tree(fc);
  if (err !== 0) return ERR_PTR(err);

  if (fc.root !== null) yield* up_write(fc.root.d_sb.s_umount);
  return yield* vfs_create_mount(fc);
}

/** The same, long-term: it is ended by kern_unmount(). */
export function* fc_mount_longterm(fc: fs_context): Op<vfsmount | errptr> {
  const mnt = yield* fc_mount(fc);
  if (!IS_ERR(mnt)) real_mount(mnt).mnt_ns = MNT_NS_INTERNAL;
  return mnt;
}

/** Mounts a file system for the kernel itself, long-term. */
export function* kern_mount(type: file_system_type): Op<vfsmount | errptr> {
  const fc = yield* fs_context_for_mount(type, SB_KERNMOUNT);
  if (IS_ERR(fc)) return fc;

  const mnt = yield* fc_mount_longterm(fc);
  yield* put_fs_context(fc);
  return mnt;
}

/** Takes down what the last reference has left: the file system as well, if this was its last mount. */
function* cleanup_mnt(mnt: mount): Op<void> {
  yield* dput(mnt.mnt.mnt_root);
  yield* deactivate_super(mnt.mnt.mnt_sb);
  yield* call_rcu(mnt.mnt_rcu, delayed_free_vfsmnt);
}

function* mntput_no_expire(mnt: mount): Op<void> {
  yield* rcu_read_lock();
  if ((yield* READ_ONCE(mnt, 'mnt_ns')) !== null) {
    /* a reference is still owed, so this is not the last one: no need to look at the sum */
    yield* mnt_add_count(mnt, -1);
    yield* rcu_read_unlock();
    return;
  }
  yield* lock_mount_hash();
  /* whoever has not seen the lock taken has counted before: see it */
  yield* smp_mb();
  yield* mnt_add_count(mnt, -1);
  const count = yield* mnt_get_count(mnt);
  if (count !== 0) {
    WARN_ON(count < 0);
    yield* rcu_read_unlock();
    yield* unlock_mount_hash();
    return;
  }
  if (mnt.mnt.mnt_flags & MNT_DOOMED) {
    yield* rcu_read_unlock();
    yield* unlock_mount_hash();
    return;
  }
  mnt.mnt.mnt_flags |= MNT_DOOMED;
  yield* rcu_read_unlock();

  list_del(mnt.mnt_instance);
  yield* unlock_mount_hash();

  yield* cleanup_mnt(mnt);
}

/** Drops a reference. */
export function* mntput(mnt: vfsmount | null): Op<void> {
  if (mnt !== null) yield* mntput_no_expire(real_mount(mnt));
}

/** Takes a reference; the caller has one. */
export function* mntget(mnt: vfsmount | null): Op<vfsmount | null> {
  if (mnt !== null) yield* mnt_add_count(real_mount(mnt), 1);
  return mnt;
}

/** Ends a long-term mount: drops the reference that is owed. */
export function* kern_unmount(mnt: vfsmount | errptr | null): Op<void> {
  /* release long term mount so mount point can be released */
  if (!IS_ERR_OR_NULL(mnt)) {
    yield* WRITE_ONCE(real_mount(mnt), 'mnt_ns', null);
    yield* synchronize_rcu();
    yield* mntput(mnt);
  }
}

/** Ends several, with one grace period for all of them. */
export function* kern_unmount_array(
  mnt: readonly (vfsmount | errptr | null)[],
  num: number,
): Op<void> {
  for (const each of mnt.slice(0, num)) {
    if (!IS_ERR_OR_NULL(each)) yield* WRITE_ONCE(real_mount(each), 'mnt_ns', null);
  }
  yield* synchronize_rcu_expedited();
  for (const each of mnt.slice(0, num)) {
    if (!IS_ERR_OR_NULL(each)) yield* mntput(each);
  }
}
