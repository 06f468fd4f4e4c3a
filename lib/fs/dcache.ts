// SPDX-License-Identifier: GPL-2.0-only
/** The root of a filesystem: an inode and its dentry. After include/linux/fs.h and dcache.h, without names, tree or hash. */
import {
  atomic_dec_and_test,
  atomic_inc,
  atomic_set,
  atomic_t,
  GFP_KERNEL,
  kfree,
  kzalloc,
} from '../kernel';
import { ptr } from '../kernel/types';
import { composite, type Handle, type Op, struct, type StructOf } from '../machine';
import { superOperationsOf } from './operations';
import type { super_block } from './super';

/** A file of a filesystem, with one reference. @kernel include/linux/fs.h */
export const fs_inode = struct('inode', {
  /** The superblock it belongs to. */
  i_sb: ptr.unchecked<super_block>(),
  /** For the filesystem. */
  i_private: ptr<Handle>(),
});
export interface fs_inode extends StructOf<typeof fs_inode> {}

/** The root of a filesystem, which leads to its inode. @kernel include/linux/dcache.h */
export const dentry = struct('dentry', {
  /** References. */
  d_count: atomic_t,
  /** Its inode. */
  d_inode: ptr.unchecked<fs_inode>(),
  /** The superblock it belongs to. */
  d_sb: ptr.unchecked<super_block>(),
});
export interface dentry extends StructOf<typeof dentry> {}

/**
 * Makes an inode of a filesystem.
 *
 * @returns the inode, or NULL if `kzalloc` fails
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering none
 */
export function new_inode(sb: super_block): Op<fs_inode | null> {
  return composite('new_inode', newInode(sb));
}

function* newInode(sb: super_block): Op<fs_inode | null> {
  const inode = yield* kzalloc(fs_inode, GFP_KERNEL);
  if (inode !== null) inode.i_sb = sb;
  return inode;
}

/**
 * Drops the reference to an inode and frees it, after telling the filesystem. NULL is allowed.
 *
 * @example
 * const functions = DEFINE_SUPER_OPERATIONS('functions', {});
 * function* fill_super(sb: super_block) {
 *   sb.s_op = functions;
 *   yield* iput(yield* new_inode(sb));
 *   return -EINVAL;
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
 * errname(PTR_ERR(mnt)); // => '-EINVAL'
 * @param inode the inode, or NULL
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering none
 * @divergence there is only one reference, and no cache that keeps the inode
 */
export function iput(inode: fs_inode | null): Op<void> {
  return composite('iput', iputFinal(inode));
}

function* iputFinal(inode: fs_inode | null): Op<void> {
  if (inode === null) return;
  const { s_op } = inode.i_sb;
  const evict = s_op === null ? undefined : superOperationsOf(s_op).evict_inode;
  if (evict !== undefined) yield* evict(inode);
  yield* kfree(inode);
}

/**
 * Makes the root of a filesystem. It takes over the inode, even if it fails.
 *
 * @param root_inode the inode; may be NULL, from a failed new_inode()
 * @returns the root, with one reference; NULL if there was no inode, or if `kzalloc` fails
 * @kernel include/linux/dcache.h
 * @context process context; may sleep
 * @ordering none
 */
export function d_make_root(root_inode: fs_inode | null): Op<dentry | null> {
  return composite('d_make_root', makeRoot(root_inode));
}

function* makeRoot(root_inode: fs_inode | null): Op<dentry | null> {
  if (root_inode === null) return null;
  const root = yield* kzalloc(dentry, GFP_KERNEL);
  if (root === null) {
    yield* iput(root_inode);
    return null;
  }
  yield* atomic_set(root.d_count, 1);
  root.d_inode = root_inode;
  root.d_sb = root_inode.i_sb;
  return root;
}

/**
 * Takes a reference to a dentry.
 *
 * @kernel include/linux/dcache.h
 * @context any, with a reference; does not sleep
 * @ordering none
 */
export function dget(entry: dentry): Op<void> {
  return atomic_inc(entry.d_count);
}

/**
 * Drops a reference to a dentry; the last one drops its inode. NULL is allowed.
 *
 * @param entry the dentry, or NULL
 * @kernel include/linux/dcache.h
 * @context process context; may sleep
 * @ordering none
 * @divergence fully ordered, with an atomic_t; Linux counts with a lockref, whose decrement is relaxed
 */
export function dput(entry: dentry | null): Op<void> {
  return composite('dput', dputLast(entry));
}

function* dputLast(entry: dentry | null): Op<void> {
  if (entry === null || !(yield* atomic_dec_and_test(entry.d_count))) return;
  yield* iput(entry.d_inode);
  yield* kfree(entry);
}
