// SPDX-License-Identifier: GPL-2.0-only
/**
 * Superblocks: one per mounted filesystem, even if it is mounted several times. After include/linux/fs.h and fs/super.c of 5.17,
 * without devices, freezing, remounting or user namespaces. `s_active` counts mounts; at 0 the filesystem's kill_sb() shuts it
 * down. `s_count` keeps the memory for tasks that wait for the end of that. get-tree.ts finds and makes superblocks.
 */
import {
  atomic_add_unless,
  atomic_dec_and_test,
  atomic_inc_not_zero,
  atomic_read,
  atomic_set,
  atomic_t,
  DEFINE_SPINLOCK,
  down_write,
  down_write_nested,
  GFP_KERNEL,
  INIT_LIST_HEAD,
  init_rwsem,
  kfree,
  kzalloc,
  list_del_init,
  list_empty,
  list_head,
  rw_semaphore,
  SINGLE_DEPTH_NESTING,
  spin_lock,
  spin_unlock,
  up_write,
  WARN,
} from '../kernel';
import { int, ptr } from '../kernel/types';
import { composite, type Handle, type Op, struct, type StructOf } from '../machine';
import { type dentry, dput } from './dcache';
import {
  type file_system_type,
  fileSystemOf,
  type super_operations,
  superOperationsOf,
} from './operations';

/** Superblock flag: mounted by the kernel, for its own use. @kernel include/linux/fs.h */
export const SB_KERNMOUNT = 1 << 22;
/** Superblock flag: complete, so that other mounts may find and share it. @kernel include/linux/fs.h */
export const SB_BORN = 1 << 29;
/** Superblock flag: fill_super() has filled it. @kernel include/linux/fs.h */
export const SB_ACTIVE = 1 << 30;

/** A mounted filesystem. @kernel include/linux/fs.h */
export const super_block = struct('super_block', {
  /** Type of the filesystem. */
  s_type: ptr.unchecked<file_system_type>(),
  /** The filesystem's functions. */
  s_op: ptr<super_operations>(),
  /** SB_ACTIVE, SB_BORN, SB_KERNMOUNT. */
  s_flags: int,
  /** Its root; NULL before it is filled and after it is shut down. */
  s_root: ptr<dentry>(),
  /** Held for writing while it is being filled and while it is being shut down. */
  s_umount: rw_semaphore,
  /** References to the memory; under sb_lock. */
  s_count: int,
  /** References that keep it mounted; the last one shuts it down. */
  s_active: atomic_t,
  /** The subject of the filesystem, as a pointer: a keyed filesystem is found by it. */
  s_fs_info: ptr<Handle>(),
  /** In the list of its type. */
  s_instances: list_head,
  /** Its mounts. */
  s_mounts: list_head,
});
export interface super_block extends StructOf<typeof super_block> {}

/** Protects the lists of superblocks of all types, and `s_count`. @kernel fs/super.c */
export const sb_lock = DEFINE_SPINLOCK('sb_lock');

/** alloc_super(): a superblock that no other task knows yet, with s_umount held for writing. */
export function* alloc_super(type: file_system_type, flags: number): Op<super_block | null> {
  const s = yield* kzalloc(super_block, GFP_KERNEL);
  if (s === null) return null;
  INIT_LIST_HEAD(s.s_instances);
  INIT_LIST_HEAD(s.s_mounts);
  yield* init_rwsem(s.s_umount);
  /* who makes one may wait for another that is being taken down */
  yield* down_write_nested(s.s_umount, SINGLE_DEPTH_NESTING);
  s.s_type = type;
  s.s_flags = flags;
  s.s_count = 1;
  yield* atomic_set(s.s_active, 1);
  return s;
}

/** destroy_unused_super(): frees a superblock that no other task has seen. */
export function* destroy_unused_super(s: super_block): Op<void> {
  yield* up_write(s.s_umount);
  yield* kfree(s);
}

function* put_super(s: super_block): Op<void> {
  yield* spin_lock(sb_lock);
  const last = --s.s_count === 0;
  yield* spin_unlock(sb_lock);
  if (last) yield* kfree(s);
}

/**
 * grab_super(): takes a superblock from its list, with s_umount held for writing. Called with sb_lock held, which it releases.
 * Returns false if the superblock was being shut down or never completed; that has ended then.
 */
export function* grab_super(s: super_block): Op<boolean> {
  s.s_count++;
  yield* spin_unlock(sb_lock);
  yield* down_write(s.s_umount);
  const grabbed = (s.s_flags & SB_BORN) !== 0 && (yield* atomic_inc_not_zero(s.s_active));
  if (!grabbed) yield* up_write(s.s_umount);
  yield* put_super(s);
  return grabbed;
}

/**
 * Drops a mount's reference to a superblock. The last one shuts the filesystem down.
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
 * const fc = yield* fs_context_for_mount(examplefs, 0);
 * if (IS_ERR(fc)) return;
 * yield* vfs_get_tree(fc); // => 0
 * const root = fc.root;
 * if (root === null) return;
 * const sb = root.d_sb;
 * yield* up_write(sb.s_umount);
 * yield* atomic_inc(sb.s_active);
 * yield* deactivate_super(sb);
 * yield* put_fs_context(fc);
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering full
 */
export function deactivate_super(s: super_block): Op<void> {
  return composite('deactivate_super', deactivating(s));
}

function* deactivating(s: super_block): Op<void> {
  if (yield* atomic_add_unless(s.s_active, -1, 1)) return;
  yield* down_write(s.s_umount);
  yield* deactivate_locked_super(s);
}

/**
 * Drops a reference to a superblock whose s_umount the caller holds for writing, and releases s_umount. The last one shuts the
 * filesystem down with kill_sb().
 *
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering full
 */
export function deactivate_locked_super(s: super_block): Op<void> {
  return composite('deactivate_locked_super', deactivatingLocked(s));
}

function* deactivatingLocked(s: super_block): Op<void> {
  if (!(yield* atomic_dec_and_test(s.s_active))) {
    yield* up_write(s.s_umount);
    return;
  }
  yield* fileSystemOf(s.s_type).kill_sb(s);
  yield* put_super(s);
}

/**
 * Shuts a superblock down: drops its root, tells the filesystem, removes it from the list of its type, and releases s_umount.
 * Every kill_sb() ends with this.
 *
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering release
 */
export function generic_shutdown_super(s: super_block): Op<void> {
  return composite('generic_shutdown_super', shuttingDown(s));
}

function* shuttingDown(s: super_block): Op<void> {
  const root = s.s_root;
  if (root !== null) {
    const users = yield* atomic_read(root.d_count);
    WARN(users !== 1, 'VFS: Busy inodes after unmount. Self-destruct in 5 seconds.');
    WARN(!list_empty(s.s_mounts), 'VFS: a superblock is taken down with mounts left');
    s.s_flags &= ~SB_ACTIVE;
    s.s_root = null;
    yield* dput(root);
    const put = s.s_op === null ? undefined : superOperationsOf(s.s_op).put_super;
    if (put !== undefined) yield* put(s);
  }
  yield* spin_lock(sb_lock);
  list_del_init(s.s_instances);
  yield* spin_unlock(sb_lock);
  yield* up_write(s.s_umount);
}

/**
 * kill_sb() of filesystems without a device.
 *
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering release
 */
export function kill_anon_super(s: super_block): Op<void> {
  return composite('kill_anon_super', shuttingDown(s));
}

/**
 * kill_sb() of filesystems that keep their files only in memory.
 *
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering release
 * @divergence as kill_anon_super(): the root is the only file
 */
export function kill_litter_super(s: super_block): Op<void> {
  return composite('kill_litter_super', shuttingDown(s));
}
