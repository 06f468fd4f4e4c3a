// SPDX-License-Identifier: GPL-2.0-only
/** Finding or making the superblock that a context asks for. After fs/super.c of 5.17. */
import {
  ENOMEM,
  ERR_PTR,
  type errptr,
  IS_ERR,
  list_add,
  list_for_each_entry,
  mayFail,
  PTR_ERR,
  READ_ONCE,
  spin_lock,
  spin_unlock,
} from '../kernel';
import { failurePoint } from '../kernel/may-fail';
import { composite, type Handle, type Op } from '../machine';
import { dget } from './dcache';
import type { fs_context } from './fs_context';
import { supersOf } from './operations';
import {
  alloc_super,
  deactivate_locked_super,
  destroy_unused_super,
  grab_super,
  SB_ACTIVE,
  sb_lock,
  super_block,
} from './super';

const SET_ANON = failurePoint('set_anon_super');

/** Whether a superblock matches the context. Called with sb_lock held. */
export type TestSuper = (sb: super_block, fc: fs_context) => Op<boolean>;
/** Fills a new superblock, whose s_umount is held for writing: at least `s_root`. Returns 0 or a negative error. */
export type FillSuper = (sb: super_block, fc: fs_context) => Op<number>;

/** Finds the first match. Nobody removes superblocks from the list while sb_lock is held. */
function* find(fc: fs_context, test: TestSuper): Op<super_block | null> {
  for (const sb of list_for_each_entry(supersOf(fc.fs_type), super_block, 's_instances')) {
    if (yield* test(sb, fc)) return sb;
  }
  return null;
}

/**
 * Finds a superblock of the context's type, or makes one. s_umount is then held for writing. If the superblock is being shut down,
 * it waits for that and then searches again. A new superblock takes over `fc.s_fs_info`.
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
 * const sb = yield* sget_fc(fc, null);
 * if (IS_ERR(sb)) return;
 * yield* deactivate_locked_super(sb);
 * yield* put_fs_context(fc);
 * @param test whether a superblock matches; NULL always makes a new one
 * @returns the superblock, or ERR_PTR(-ENOMEM) where `kzalloc` or `set_anon_super` may fail
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering none
 * @divergence always a superblock without a device: `set_anon_super` is not a parameter
 */
export function sget_fc(fc: fs_context, test: TestSuper | null): Op<super_block | errptr> {
  return composite('sget_fc', sget(fc, test));
}

function* sget(fc: fs_context, test: TestSuper | null): Op<super_block | errptr> {
  let s: super_block | null = null;
  for (;;) {
    yield* spin_lock(sb_lock);
    const old = test === null ? null : yield* find(fc, test);
    if (old !== null) {
      if (!(yield* grab_super(old))) continue;
      if (s !== null) yield* destroy_unused_super(s);
      return old;
    }
    if (s !== null) break;
    yield* spin_unlock(sb_lock);
    s = yield* alloc_super(fc.fs_type, fc.sb_flags);
    if (s === null) return ERR_PTR(-ENOMEM);
  }
  s.s_fs_info = fc.s_fs_info;
  if (yield* mayFail(SET_ANON)) {
    s.s_fs_info = null;
    yield* spin_unlock(sb_lock);
    yield* destroy_unused_super(s);
    return ERR_PTR(-ENOMEM);
  }
  fc.s_fs_info = null;
  list_add(s.s_instances, supersOf(fc.fs_type));
  yield* spin_unlock(sb_lock);
  return s;
}

function* vfs_get_super(fc: fs_context, test: TestSuper | null, fill_super: FillSuper): Op<number> {
  const sb = yield* sget_fc(fc, test);
  if (IS_ERR(sb)) return PTR_ERR(sb);
  if (sb.s_root === null) {
    const error = yield* fill_super(sb, fc);
    if (error !== 0) {
      yield* deactivate_locked_super(sb);
      return error;
    }
    sb.s_flags |= SB_ACTIVE;
  }
  if (sb.s_root !== null) yield* dget(sb.s_root);
  fc.root = sb.s_root;
  return 0;
}

function* test_keyed_super(sb: super_block, fc: fs_context): Op<boolean> {
  return (yield* READ_ONCE(sb, 's_fs_info')) === fc.s_fs_info;
}

/**
 * Finds the superblock whose s_fs_info is this key. There is at most one. If there is none, it is made and filled.
 *
 * @param fill_super fills a new superblock; returns 0 or a negative error number
 * @returns 0, -ENOMEM as sget_fc(), or the error of fill_super(), after kill_sb() has cleaned up
 * @kernel include/linux/fs_context.h
 * @context process context; may sleep
 * @ordering none
 */
export function get_tree_keyed(fc: fs_context, fill_super: FillSuper, key: Handle): Op<number> {
  return composite('get_tree_keyed', keyed(fc, fill_super, key));
}

function* keyed(fc: fs_context, fill_super: FillSuper, key: Handle): Op<number> {
  fc.s_fs_info = key;
  return yield* vfs_get_super(fc, test_keyed_super, fill_super);
}

/**
 * Makes a new superblock, even if there are others.
 *
 * @param fill_super fills the superblock; returns 0 or a negative error number
 * @returns 0, -ENOMEM as sget_fc(), or the error of fill_super(), after kill_sb() has cleaned up
 * @kernel include/linux/fs_context.h
 * @context process context; may sleep
 * @ordering none
 */
export function get_tree_nodev(fc: fs_context, fill_super: FillSuper): Op<number> {
  return composite('get_tree_nodev', vfs_get_super(fc, null, fill_super));
}
