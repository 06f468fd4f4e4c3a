// SPDX-License-Identifier: GPL-2.0-only
/**
 * Contexts: the parameters of a mount while it is being made. After include/linux/fs_context.h and fs/fs_context.c of 5.17, for
 * mounting only, without options. A context owns `fs_private` until it is put, and `s_fs_info` until a superblock takes it over.
 */
import { EBUSY, ENOMEM, ERR_PTR, type errptr, GFP_KERNEL, kfree, kzalloc } from '../kernel';
import { bool, int, ptr } from '../kernel/types';
import { composite, type Handle, type Op, struct, type StructOf } from '../machine';
import { type dentry, dput } from './dcache';
import {
  contextOperationsOf,
  type file_system_type,
  fileSystemOf,
  type fs_context_operations,
} from './operations';
import { deactivate_super, SB_BORN } from './super';

/** A mount that is being made. @kernel include/linux/fs_context.h */
export const fs_context = struct('fs_context', {
  /** Functions of the filesystem for this context. */
  ops: ptr<fs_context_operations>(),
  /** Type of the filesystem to mount. */
  fs_type: ptr.unchecked<file_system_type>(),
  /** For the filesystem. */
  fs_private: ptr<Handle>(),
  /** The root that vfs_get_tree() has found or made; holds a reference. */
  root: ptr<dentry>(),
  /** The future s_fs_info of the superblock. */
  s_fs_info: ptr<Handle>(),
  /** Flags for the superblock: SB_KERNMOUNT. */
  sb_flags: int,
  /** Whether `ops.free` must still be called. */
  need_free: bool,
});
export interface fs_context extends StructOf<typeof fs_context> {}

/**
 * Makes a context, for mounting a filesystem of this type.
 *
 * @example
 * const owner = DEFINE_STATIC('owner', struct('owner', { id: int }));
 * const functions = DEFINE_SUPER_OPERATIONS('functions', {});
 * function* fill_super(sb: super_block) {
 *   sb.s_op = functions;
 *   sb.s_root = yield* d_make_root(yield* new_inode(sb));
 *   return sb.s_root === null ? -ENOMEM : 0;
 * }
 * const context = DEFINE_FS_CONTEXT_OPERATIONS('context', {
 *   get_tree: (fc) => get_tree_keyed(fc, fill_super, owner),
 * });
 * const examplefs = DEFINE_FILE_SYSTEM_TYPE('examplefs', {
 *   *init_fs_context(fc) {
 *     fc.ops = context;
 *     return 0;
 *   },
 *   kill_sb: generic_shutdown_super,
 * });
 * const fc = yield* fs_context_for_mount(examplefs, 0);
 * if (IS_ERR(fc)) return;
 * const mnt = yield* fc_mount(fc);
 * yield* put_fs_context(fc);
 * if (!IS_ERR(mnt)) yield* mntput(mnt);
 * @param sb_flags SB_KERNMOUNT for a mount of the kernel's own, else 0
 * @returns the context, or an error pointer: -ENOMEM if `kzalloc` fails, else the error of init_fs_context()
 * @kernel include/linux/fs_context.h
 * @context process context; may sleep
 * @ordering none
 */
export function fs_context_for_mount(
  fs_type: file_system_type,
  sb_flags: number,
): Op<fs_context | errptr> {
  return composite('fs_context_for_mount', allocContext(fs_type, sb_flags));
}

function* allocContext(fs_type: file_system_type, sb_flags: number): Op<fs_context | errptr> {
  const fc = yield* kzalloc(fs_context, GFP_KERNEL);
  if (fc === null) return ERR_PTR(-ENOMEM);
  fc.fs_type = fs_type;
  fc.sb_flags = sb_flags;
  const ret = yield* fileSystemOf(fs_type).init_fs_context(fc);
  if (ret < 0) {
    yield* put_fs_context(fc);
    return ERR_PTR(ret);
  }
  fc.need_free = true;
  return fc;
}

/**
 * Ends a context: drops its root, lets the filesystem free its data, and frees the context.
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
 *   kill_sb: kill_anon_super,
 * });
 * const fc = yield* fs_context_for_mount(examplefs, SB_KERNMOUNT);
 * if (IS_ERR(fc)) return;
 * const mnt = yield* fc_mount_longterm(fc);
 * yield* put_fs_context(fc);
 * if (IS_ERR(mnt)) return;
 * yield* mnt_make_shortterm(mnt);
 * yield* synchronize_rcu();
 * yield* mntput(mnt);
 * @kernel include/linux/fs_context.h
 * @context process context; may sleep
 * @ordering none
 */
export function put_fs_context(fc: fs_context): Op<void> {
  return composite('put_fs_context', putContext(fc));
}

function* putContext(fc: fs_context): Op<void> {
  const { root, ops } = fc;
  if (root !== null) {
    const sb = root.d_sb;
    fc.root = null;
    yield* dput(root);
    yield* deactivate_super(sb);
  }
  const free = ops === null ? undefined : contextOperationsOf(ops).free;
  if (fc.need_free && free !== undefined) yield* free(fc);
  yield* kfree(fc);
}

/**
 * Finds or makes the superblock of a context; its root is then in `fc.root`, and its s_umount is held for writing.
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
 * yield* up_write(root.d_sb.s_umount);
 * yield* dget(root);
 * yield* dput(root);
 * const mnt = yield* vfs_create_mount(fc);
 * yield* put_fs_context(fc);
 * yield* lock_mount_hash();
 * yield* unlock_mount_hash();
 * if (!IS_ERR(mnt)) yield* mntput(mnt);
 * @returns 0, -EBUSY if the context has a root already, or the error of the filesystem's get_tree()
 * @kernel include/linux/fs_context.h
 * @context process context; may sleep
 * @ordering none
 */
export function vfs_get_tree(fc: fs_context): Op<number> {
  return composite('vfs_get_tree', getTree(fc));
}

function* getTree(fc: fs_context): Op<number> {
  const { ops, root } = fc;
  if (root !== null) return -EBUSY;
  if (ops === null) throw new TypeError("Cannot read properties of null (reading 'get_tree')");
  const error = yield* contextOperationsOf(ops).get_tree(fc);
  if (error < 0) return error;
  const sb = fc.root?.d_sb;
  if (sb !== undefined) sb.s_flags |= SB_BORN;
  return 0;
}
