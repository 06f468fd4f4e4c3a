// SPDX-License-Identifier: GPL-2.0-only
/**
 * Mounts of the kernel's own. After include/linux/mount.h, fs/mount.h and fs/namespace.c of 5.17, without tree, namespaces,
 * propagation or writers. A mount whose `mnt_ns` is set is long-term: while a put sees it set, another reference still exists, so
 * the put cannot be the last one and only changes its CPU's count. Making the mount short-term and waiting for a grace period ends
 * that; then the sum decides, under the mount lock.
 */
import {
  alloc_percpu,
  atomic_inc,
  container_of,
  DECLARE_WORK,
  DEFINE_POINTER,
  DEFINE_SPINLOCK,
  EINVAL,
  ENOMEM,
  ERR_PTR,
  type errptr,
  for_each_possible_cpu,
  free_percpu,
  GFP_KERNEL,
  IS_ERR,
  IS_ERR_OR_NULL,
  kfree,
  kzalloc,
  list_add_tail,
  list_del,
  list_head,
  llist_add,
  llist_del_all,
  llist_for_each_entry_safe,
  LLIST_HEAD,
  llist_node,
  per_cpu,
  type percpu_int,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  READ_ONCE,
  schedule_work,
  smp_mb,
  spin_lock,
  spin_unlock,
  synchronize_rcu,
  synchronize_rcu_expedited,
  this_cpu_add,
  up_write,
  WARN_ON,
  WRITE_ONCE,
} from '../kernel';
import { callRcuUncounted } from '../kernel/rcupdate';
import { int, ptr } from '../kernel/types';
import { type Branded, composite, type Op, struct, type StructOf } from '../machine';
import { type dentry, dget, dput } from './dcache';
import { type fs_context, fs_context_for_mount, put_fs_context, vfs_get_tree } from './fs_context';
import type { file_system_type } from './operations';
import { deactivate_super, SB_KERNMOUNT, type super_block } from './super';

/** Mount flag: made by the kernel for itself; the last put shuts it down immediately. @kernel include/linux/mount.h */
export const MNT_INTERNAL = 0x4000;
/** Mount flag: the last reference is gone. @kernel include/linux/mount.h */
export const MNT_DOOMED = 0x1000000;

/** The part of a mount that the rest of the kernel sees. @kernel include/linux/mount.h */
export const vfsmount = struct('vfsmount', {
  /** The root of the mounted filesystem; holds a reference. */
  mnt_root: ptr.unchecked<dentry>(),
  /** The superblock of the mounted filesystem; holds an active reference. */
  mnt_sb: ptr.unchecked<super_block>(),
  /** MNT_INTERNAL, MNT_DOOMED. */
  mnt_flags: int,
});
export interface vfsmount extends StructOf<typeof vfsmount> {}

/** The namespace a mount belongs to; here, only MNT_NS_INTERNAL. @kernel fs/mount.h */
export interface mnt_namespace extends Branded<'mnt_namespace'> {}

/** Stands for the namespace of the kernel's own long-term mounts. @kernel fs/mount.h */
export const MNT_NS_INTERNAL = DEFINE_POINTER<mnt_namespace>('MNT_NS_INTERNAL');

/** A mount as the VFS sees it, with its references; drivers see the vfsmount inside. @kernel fs/mount.h */
export const mount = struct('mount', {
  /** The part that the rest of the kernel sees. */
  mnt: vfsmount,
  /** Waits for a grace period before the memory is freed. */
  mnt_rcu: rcu_head,
  /** In the list of mounts that a work will shut down. */
  mnt_llist: llist_node,
  /** References, counted per CPU. */
  mnt_pcp: ptr.unchecked<percpu_int>(),
  /** In the superblock's list of mounts. */
  mnt_instance: list_head,
  /** The namespace it is in. A put that sees one is not the last and reads no other count. */
  mnt_ns: ptr<mnt_namespace>(),
});
export interface mount extends StructOf<typeof mount> {}

const mount_lock = DEFINE_SPINLOCK('mount_lock');
const delayed_mntput_list = LLIST_HEAD('delayed_mntput_list');
const delayed_mntput_work = DECLARE_WORK('delayed_mntput_work', delayed_mntput);

function real_mount(mnt: vfsmount): mount {
  return container_of(mnt, mount, 'mnt');
}

/**
 * Takes the lock of the mount lists.
 *
 * @kernel fs/namespace.c
 * @context any; does not sleep
 * @ordering acquire
 * @divergence a spinlock; in Linux a seqlock, with readers that retry
 */
export function lock_mount_hash(): Op<void> {
  return spin_lock(mount_lock);
}

/** Releases the lock of the mount lists. @kernel fs/namespace.c @context any; does not sleep @ordering release */
export function unlock_mount_hash(): Op<void> {
  return spin_unlock(mount_lock);
}

function* mnt_get_count(m: mount): Op<number> {
  let count = 0;
  for (const cpu of for_each_possible_cpu()) count += yield* per_cpu(m.mnt_pcp, cpu);
  return count;
}

function* alloc_vfsmnt(): Op<mount | null> {
  const m = yield* kzalloc(mount, GFP_KERNEL);
  if (m === null) return null;
  const pcp = yield* alloc_percpu();
  if (pcp === null) {
    yield* kfree(m);
    return null;
  }
  m.mnt_pcp = pcp;
  yield* this_cpu_add(pcp, 1);
  return m;
}

/**
 * Makes a mount of a context whose superblock has been found, with one reference.
 *
 * @returns the mount, or an error pointer: -EINVAL without a root, -ENOMEM if `kzalloc` or `alloc_percpu` fails
 * @kernel include/linux/mount.h
 * @context process context; may sleep
 * @ordering none
 */
export function vfs_create_mount(fc: fs_context): Op<vfsmount | errptr> {
  return composite('vfs_create_mount', createMount(fc));
}

function* createMount(fc: fs_context): Op<vfsmount | errptr> {
  const { root } = fc;
  if (root === null) return ERR_PTR(-EINVAL);
  const m = yield* alloc_vfsmnt();
  if (m === null) return ERR_PTR(-ENOMEM);
  const { mnt } = m;
  const sb = root.d_sb;
  if (fc.sb_flags & SB_KERNMOUNT) mnt.mnt_flags = MNT_INTERNAL;
  yield* atomic_inc(sb.s_active);
  mnt.mnt_sb = sb;
  yield* dget(root);
  mnt.mnt_root = root;
  yield* lock_mount_hash();
  list_add_tail(m.mnt_instance, sb.s_mounts);
  yield* unlock_mount_hash();
  return mnt;
}

/**
 * vfs_get_tree() and vfs_create_mount() in one. The caller must still put the context.
 *
 * @returns the mount, or an error pointer with the error of either: -EINVAL, -ENOMEM, or an error of the filesystem's
 * @kernel include/linux/mount.h
 * @context process context; may sleep
 * @ordering none
 */
export function fc_mount(fc: fs_context): Op<vfsmount | errptr> {
  return composite('fc_mount', mounting(fc));
}

function* mounting(fc: fs_context): Op<vfsmount | errptr> {
  const err = yield* vfs_get_tree(fc);
  if (err !== 0 || fc.root === null) return ERR_PTR(err);
  yield* up_write(fc.root.d_sb.s_umount);
  return yield* vfs_create_mount(fc);
}

/**
 * fc_mount() of a long-term mount. Ended with kern_unmount(), or with mnt_make_shortterm(), a grace period and mntput().
 *
 * @returns the mount, or an error pointer like fc_mount(): -EINVAL, -ENOMEM, or an error of the filesystem's
 * @kernel include/linux/mount.h
 * @context process context; may sleep
 * @ordering none
 */
export function fc_mount_longterm(fc: fs_context): Op<vfsmount | errptr> {
  return composite('fc_mount_longterm', mountingLongTerm(fc));
}

function* mountingLongTerm(fc: fs_context): Op<vfsmount | errptr> {
  const mnt = yield* fc_mount(fc);
  if (!IS_ERR(mnt)) real_mount(mnt).mnt_ns = MNT_NS_INTERNAL;
  return mnt;
}

/**
 * Mounts a filesystem for the kernel's own use, long-term. Ended with kern_unmount().
 *
 * @example
 * const functions = DEFINE_SUPER_OPERATIONS('functions', {});
 * function* fill_super(sb: super_block) {
 *   sb.s_op = functions;
 *   sb.s_root = yield* d_make_root(yield* new_inode(sb));
 *   return sb.s_root === null ? -ENOMEM : 0;
 * }
 * const context = DEFINE_FS_CONTEXT_OPERATIONS('context', {
 *   get_tree: (fc) => get_tree_nodev(fc, fill_super),
 * });
 * const examplefs = DEFINE_FILE_SYSTEM_TYPE('examplefs', {
 *   *init_fs_context(fc) {
 *     fc.ops = context;
 *     return 0;
 *   },
 *   kill_sb: kill_litter_super,
 * });
 * const mnt = yield* kern_mount(examplefs);
 * const other = yield* kern_mount(examplefs);
 * if (IS_ERR(mnt) || IS_ERR(other)) return;
 * yield* mntget(mnt);
 * yield* mntput(mnt);
 * yield* kern_unmount(mnt);
 * yield* kern_unmount_array([other], 1);
 * @returns the mount, or an error pointer with the error of a step: -ENOMEM, -EINVAL without a
 *   root, or an error of the filesystem's
 * @kernel include/linux/mount.h
 * @context process context; may sleep
 * @ordering none
 */
export function kern_mount(type: file_system_type): Op<vfsmount | errptr> {
  return composite('kern_mount', kernMount(type));
}

function* kernMount(type: file_system_type): Op<vfsmount | errptr> {
  const fc = yield* fs_context_for_mount(type, SB_KERNMOUNT);
  if (IS_ERR(fc)) return fc;
  const mnt = yield* fc_mount_longterm(fc);
  yield* put_fs_context(fc);
  return mnt;
}

/**
 * Takes a reference to a mount.
 *
 * @kernel include/linux/mount.h
 * @context any, with a reference; does not sleep
 * @ordering none
 */
export function mntget(mnt: vfsmount): Op<void> {
  return this_cpu_add(real_mount(mnt).mnt_pcp, 1);
}

/**
 * Drops a reference to a mount. The last one ends the mount: immediately if it is internal, so that the filesystem is shut down
 * when this returns, else later.
 *
 * @param mnt the mount, or NULL
 * @kernel include/linux/mount.h
 * @context process context; may sleep
 * @ordering full when it takes the slow path, none otherwise
 * @divergence a worker does the deferred part; Linux prefers to do it on the task's return to user space
 */
export function mntput(mnt: vfsmount | null): Op<void> {
  return composite('mntput', putting(mnt));
}

function* putting(mnt: vfsmount | null): Op<void> {
  if (mnt !== null) yield* mntput_no_expire(real_mount(mnt));
}

function* mntput_no_expire(m: mount): Op<void> {
  yield* rcu_read_lock();
  if ((yield* READ_ONCE(m, 'mnt_ns')) !== null) {
    /* long-term: this cannot be the last one, a reference is still owed */
    yield* this_cpu_add(m.mnt_pcp, -1);
    yield* rcu_read_unlock();
    return;
  }
  yield* lock_mount_hash();
  yield* smp_mb();
  yield* this_cpu_add(m.mnt_pcp, -1);
  const count = yield* mnt_get_count(m);
  if (count !== 0 || (m.mnt.mnt_flags & MNT_DOOMED) !== 0) {
    WARN_ON(count < 0);
    yield* rcu_read_unlock();
    yield* unlock_mount_hash();
    return;
  }
  m.mnt.mnt_flags |= MNT_DOOMED;
  yield* rcu_read_unlock();
  list_del(m.mnt_instance);
  yield* unlock_mount_hash();
  if (m.mnt.mnt_flags & MNT_INTERNAL) {
    yield* cleanup_mnt(m);
  } else if (yield* llist_add(m.mnt_llist, delayed_mntput_list)) {
    yield* schedule_work(delayed_mntput_work);
  }
}

function* delayed_mntput(): Op<void> {
  const node = yield* llist_del_all(delayed_mntput_list);
  for (const m of llist_for_each_entry_safe(node, mount, 'mnt_llist')) yield* cleanup_mnt(m);
}

function* cleanup_mnt(m: mount): Op<void> {
  yield* dput(m.mnt.mnt_root);
  yield* deactivate_super(m.mnt.mnt_sb);
  yield* callRcuUncounted(m.mnt_rcu, delayed_free_vfsmnt);
}

function* delayed_free_vfsmnt(head: rcu_head): Op<void> {
  const m = container_of(head, mount, 'mnt_rcu');
  yield* free_percpu(m.mnt_pcp);
  yield* kfree(m);
}

/**
 * Makes a long-term mount short-term. Puts that began earlier may not see this, but none of them is left after a grace period;
 * then mntput() drops the remaining reference. NULL and error pointers are allowed.
 *
 * @param mnt the result of fc_mount_longterm()
 * @kernel include/linux/mount.h
 * @context any; does not sleep
 * @ordering none
 * @divergence a marked store; Linux has a plain one
 */
export function mnt_make_shortterm(mnt: vfsmount | errptr | null): Op<void> {
  return composite('mnt_make_shortterm', shortTerm(mnt));
}

function* shortTerm(mnt: vfsmount | errptr | null): Op<void> {
  if (!IS_ERR_OR_NULL(mnt)) yield* WRITE_ONCE(real_mount(mnt), 'mnt_ns', null);
}

/**
 * Ends a mount of kern_mount(). If there is no other reference, the filesystem is shut down when this returns, and callers rely on
 * that. Waits for a grace period. NULL and error pointers are allowed.
 *
 * @param mnt the result of kern_mount()
 * @kernel include/linux/mount.h
 * @context process context; may sleep
 * @ordering as synchronize_rcu()
 */
export function kern_unmount(mnt: vfsmount | errptr | null): Op<void> {
  return composite('kern_unmount', unmounting(mnt));
}

function* unmounting(mnt: vfsmount | errptr | null): Op<void> {
  if (IS_ERR_OR_NULL(mnt)) return;
  yield* mnt_make_shortterm(mnt);
  yield* synchronize_rcu();
  yield* mntput(mnt);
}

/**
 * kern_unmount() of several mounts, with one grace period for all.
 *
 * @param num how many of them, from the first
 * @kernel include/linux/mount.h
 * @context process context; may sleep
 * @ordering as synchronize_rcu()
 */
export function kern_unmount_array(mnt: readonly vfsmount[], num: number): Op<void> {
  return composite('kern_unmount_array', unmountingAll(mnt.slice(0, num)));
}

function* unmountingAll(mounts: readonly vfsmount[]): Op<void> {
  for (const mnt of mounts) yield* mnt_make_shortterm(mnt);
  yield* synchronize_rcu_expedited();
  for (const mnt of mounts) yield* mntput(mnt);
}
