// SPDX-License-Identifier: GPL-2.0-only
/**
 * fs/f2fs/acl.c as of Linux 3.18, before commit dd802406e396 ("f2fs: avoid double lock for cp_rwsem", 2014), with as much of dir.c,
 * namei.c, data.c, checkpoint.c and xattr.c beside it, and of mm/vmscan.c, as it needs.
 *
 * F2FS: a checkpoint writes down the whole file system. Operations keep it out until each of them is complete.
 */
import {
  bool,
  container_of,
  DEFINE_SPINLOCK,
  down_read,
  down_write,
  EEXIST,
  ENOMEM,
  ERR_PTR,
  type errptr,
  fn,
  GFP_KERNEL,
  gfpflags_allow_blocking,
  INIT_LIST_HEAD,
  init_rwsem,
  int,
  IS_ERR,
  kfree,
  kmalloc,
  kzalloc,
  list_add_tail,
  list_del,
  list_empty,
  list_first_entry,
  list_for_each_entry,
  LIST_HEAD,
  list_head,
  list_move_tail,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  type Op,
  ptr,
  PTR_ERR,
  READ_ONCE,
  rw_semaphore,
  spin_lock,
  spin_lock_init,
  spin_unlock,
  spinlock_t,
  static_var,
  struct,
  type StructOf,
  up_read,
  up_write,
  WRITE_ONCE,
} from '#lib';

/* include/linux/gfp.h */

/** The allocation may call into file systems, to have them write pages. It is one of the bits of GFP_KERNEL. */
export const __GFP_FS = 0x80;
export const GFP_NOFS = GFP_KERNEL & ~__GFP_FS;

/** Of writepage(): the page was not written, and is still locked. */
export const AOP_WRITEPAGE_ACTIVATE = 0x80000;

const NULL_ADDR = 0;

/** A page of the page cache. */
export const page = struct('page', {
  lock: mutex /* PG_locked */,
  dirty: bool /* PG_dirty */,
  uptodate: bool /* PG_uptodate */,
  data: int,
  lru: list_head,
});
export interface page extends StructOf<typeof page> {}

export const posix_acl = struct('posix_acl', { a_perm: int });
export interface posix_acl extends StructOf<typeof posix_acl> {}

/** An ACL as it is on the device. */
export const f2fs_acl_header = struct('f2fs_acl_header', { e_perm: int });
export interface f2fs_acl_header extends StructOf<typeof f2fs_acl_header> {}

/** A file or a directory, with its node. */
export const inode = struct('inode', {
  i_ino: int,
  i_sb: ptr<f2fs_sb_info>(),
  i_mutex: mutex,
  i_sem: rw_semaphore,
  i_list: list_head /* in f2fs_sb_info.nodes */,
  i_dentry: list_head /* in the i_entries of its directory */,
  i_entries: list_head /* of a directory: the files in it */,
  i_xattr: int /* the ACL; of a directory: the one for new files in it. 0: none */,
  i_addr: int /* the block on the device: the data in it */,
  i_page: page /* the only page */,
});
export interface inode extends StructOf<typeof inode> {}

/** What a checkpoint has found. */
export const f2fs_checkpoint = struct('f2fs_checkpoint', {
  checkpoint_ver: int,
  valid_inode_count: int,
  valid_block_count: int,
  nodes: int,
  dentries: int,
  acls: int,
  blocks: int,
});

/** A mounted file system. */
export const f2fs_sb_info = struct('f2fs_sb_info', {
  cp_mutex: mutex /* one checkpoint at a time */,
  cp_rwsem: rw_semaphore /* keeps a checkpoint out of operations */,
  ckpt: f2fs_checkpoint,
  stat_lock: spinlock_t /* protects the counts and the list */,
  total_valid_inode_count: int,
  total_valid_block_count: int,
  nodes: list_head,
  free_sections: int,
  s_root: ptr<inode>(),
  submit_bio: fn<(inode: inode, data: number) => Op<void>>() /* the device: may sleep */,
});
export interface f2fs_sb_info extends StructOf<typeof f2fs_sb_info> {}

/* mm/vmscan.c, mm/page_alloc.c */

/* pages that may be reclaimed, of all file systems, the oldest first */
const inactive_list = LIST_HEAD('inactive_list');
const lru_lock = DEFINE_SPINLOCK('lru_lock');

const short_of_memory = static_var('short_of_memory', false);

/** Memory is used up, or there is enough of it again. */
export function* set_memory_short(on: boolean): Op<void> {
  yield* WRITE_ONCE(short_of_memory, 'value', on);
}

/** Calls ->writepage(). */
function* pageout(page: page): Op<void> {
  page.dirty = false; /* clear_page_dirty_for_io() */
  const res = yield* f2fs_write_data_page(page, true);
  if (res === AOP_WRITEPAGE_ACTIVATE) yield* mutex_unlock(page.lock);
}

/** Has the oldest page written if it is dirty, so that its memory can be used. */
function* shrink_inactive_list(): Op<void> {
  yield* spin_lock(lru_lock);
  if (list_empty(inactive_list)) {
    yield* spin_unlock(lru_lock);
    return;
  }
  const oldest = list_first_entry(inactive_list, page, 'lru');
  list_move_tail(oldest.lru, inactive_list);
  yield* spin_unlock(lru_lock);

  if (yield* mutex_trylock(oldest.lock)) {
    if (oldest.dirty) yield* pageout(oldest);
    else yield* mutex_unlock(oldest.lock);
  }
}

/**
 * Whether there is memory. A task that may sleep makes some if there is not. Pages that are clean are there always; for others it may
 * have to enter a file system.
 */
export function* __alloc_pages(gfp_mask: number): Op<boolean> {
  if (!(yield* READ_ONCE(short_of_memory, 'value'))) return true;
  if (!gfpflags_allow_blocking(gfp_mask)) return false;
  if ((gfp_mask & __GFP_FS) !== 0) yield* shrink_inactive_list();
  return true;
}

/* fs/f2fs/f2fs.h */

function* f2fs_lock_op(sbi: f2fs_sb_info): Op<void> {
  yield* down_read(sbi.cp_rwsem);
}

function* f2fs_unlock_op(sbi: f2fs_sb_info): Op<void> {
  yield* up_read(sbi.cp_rwsem);
}

function* f2fs_lock_all(sbi: f2fs_sb_info): Op<void> {
  yield* down_write(sbi.cp_rwsem);
}

function* f2fs_unlock_all(sbi: f2fs_sb_info): Op<void> {
  yield* up_write(sbi.cp_rwsem);
}

function F2FS_I_SB(inode: inode): f2fs_sb_info {
  return inode.i_sb as f2fs_sb_info; // set before anybody else knows the inode
}

function has_not_enough_free_secs(sbi: f2fs_sb_info): boolean {
  return sbi.free_sections === 0;
}

/* fs/f2fs/checkpoint.c */

/** Writes down what there is. Nobody is in the middle of an operation. */
function* do_checkpoint(sbi: f2fs_sb_info): Op<void> {
  const { ckpt } = sbi;

  ckpt.nodes = ckpt.dentries = ckpt.acls = ckpt.blocks = 0;
  for (const node of list_for_each_entry(sbi.nodes, inode, 'i_list')) {
    ckpt.nodes++;
    if (node.i_xattr !== 0) ckpt.acls++;
    if (node.i_addr !== NULL_ADDR) ckpt.blocks++;
    if (!list_empty(node.i_dentry)) ckpt.dentries++;
  }
  ckpt.valid_inode_count = sbi.total_valid_inode_count;
  ckpt.valid_block_count = sbi.total_valid_block_count;
  ckpt.checkpoint_ver++;
}

export function* write_checkpoint(sbi: f2fs_sb_info): Op<void> {
  yield* mutex_lock(sbi.cp_mutex);
  yield* f2fs_lock_all(sbi); /* block_operations() */
  yield* do_checkpoint(sbi);
  yield* f2fs_unlock_all(sbi); /* unblock_operations() */
  yield* mutex_unlock(sbi.cp_mutex);
}

/* fs/f2fs/data.c */

/** Gives the data a block, if they have none yet, and writes them. */
function* do_write_data_page(page: page): Op<void> {
  const inode = inodeOf(page);
  const sbi = F2FS_I_SB(inode);

  if (inode.i_addr === NULL_ADDR) {
    yield* spin_lock(sbi.stat_lock);
    sbi.total_valid_block_count++;
    yield* spin_unlock(sbi.stat_lock);
  }
  if (sbi.submit_bio !== null) yield* sbi.submit_bio(inode, page.data);
  inode.i_addr = page.data;
}

/**
 * writepage(): writes a page, which the caller has locked and marked clean. Gives 0, and unlocks the page; or gives
 * AOP_WRITEPAGE_ACTIVATE: then it is dirty again, and still locked. for_reclaim: memory is short, and this is one page of many.
 */
function* f2fs_write_data_page(page: page, for_reclaim: boolean): Op<number> {
  const sbi = F2FS_I_SB(inodeOf(page));

  if (for_reclaim && has_not_enough_free_secs(sbi)) {
    page.dirty = true; /* redirty_page_for_writepage() */
    return AOP_WRITEPAGE_ACTIVATE;
  }

  yield* f2fs_lock_op(sbi);
  yield* do_write_data_page(page);
  yield* f2fs_unlock_op(sbi);
  yield* mutex_unlock(page.lock);
  return 0;
}

/** filemap_write_and_wait(): writes the page if it is dirty. */
function* filemap_write_and_wait(inode: inode): Op<void> {
  const page = inode.i_page;

  yield* mutex_lock(page.lock);
  if (page.dirty) {
    page.dirty = false; /* clear_page_dirty_for_io() */
    const ret = yield* f2fs_write_data_page(page, false);
    if (ret === AOP_WRITEPAGE_ACTIVATE) yield* mutex_unlock(page.lock);
  } else {
    yield* mutex_unlock(page.lock);
  }
}

/** fsync(): what was written to the file is on the device. */
export function* f2fs_sync_file(inode: inode): Op<number> {
  yield* filemap_write_and_wait(inode);
  return 0;
}

/** write(): the data are in the page cache, and reach the device later. */
export function* f2fs_file_write(inode: inode, data: number): Op<void> {
  const page = inode.i_page;

  yield* mutex_lock(inode.i_mutex);
  yield* mutex_lock(page.lock);
  page.data = data;
  page.dirty = true;
  if (!page.uptodate) {
    page.uptodate = true;
    yield* spin_lock(lru_lock); /* lru_cache_add() */
    list_add_tail(page.lru, inactive_list);
    yield* spin_unlock(lru_lock);
  }
  yield* mutex_unlock(page.lock);
  yield* mutex_unlock(inode.i_mutex);
}

function inodeOf(page: page): inode {
  return container_of(page, inode, 'i_page');
}

/* fs/f2fs/xattr.c */

function* __f2fs_setxattr(inode: inode, value: f2fs_acl_header | null): Op<void> {
  inode.i_xattr = value === null ? 0 : value.e_perm;
}

function* f2fs_setxattr(inode: inode, value: f2fs_acl_header | null, ipage: boolean): Op<void> {
  const sbi = F2FS_I_SB(inode);

  /* this case is only from init_inode_metadata(), whose caller has the locks */
  if (ipage) {
    yield* __f2fs_setxattr(inode, value);
    return;
  }

  yield* f2fs_lock_op(sbi);
  yield* down_write(inode.i_sem);
  yield* __f2fs_setxattr(inode, value);
  yield* up_write(inode.i_sem);
  yield* f2fs_unlock_op(sbi);
}

/* fs/posix_acl.c */

function* posix_acl_alloc(flags: number): Op<posix_acl | null> {
  if (!(yield* __alloc_pages(flags))) return null;
  return yield* kzalloc(posix_acl, flags);
}

function* posix_acl_clone(acl: posix_acl, flags: number): Op<posix_acl | null> {
  const clone = yield* posix_acl_alloc(flags);
  if (clone !== null) clone.a_perm = acl.a_perm;
  return clone;
}

function* posix_acl_release(acl: posix_acl): Op<void> {
  yield* kfree(acl);
}

/** The ACL of a new file: a copy of the one that its directory has for it, or NULL. */
function* posix_acl_create(dir: inode): Op<posix_acl | null | errptr> {
  const p = yield* f2fs_get_acl(dir);
  if (p === null || IS_ERR(p)) return p;

  const acl = yield* posix_acl_clone(p, GFP_NOFS);
  yield* posix_acl_release(p);
  return acl ?? ERR_PTR(-ENOMEM);
}

/* fs/f2fs/acl.c */

function* f2fs_acl_from_disk(perm: number): Op<posix_acl | errptr> {
  const acl = yield* posix_acl_alloc(GFP_NOFS);
  if (acl === null) return ERR_PTR(-ENOMEM);

  acl.a_perm = perm;
  return acl;
}

function* f2fs_acl_to_disk(acl: posix_acl): Op<f2fs_acl_header | errptr> {
  if (!(yield* __alloc_pages(GFP_NOFS))) return ERR_PTR(-ENOMEM);
  const f2fs_acl = yield* kmalloc(f2fs_acl_header, GFP_NOFS);
  if (f2fs_acl === null) return ERR_PTR(-ENOMEM);

  f2fs_acl.e_perm = acl.a_perm;
  return f2fs_acl;
}

function* f2fs_get_acl(inode: inode): Op<posix_acl | null | errptr> {
  if (inode.i_xattr === 0) return null;
  return yield* f2fs_acl_from_disk(inode.i_xattr);
}

function* __f2fs_set_acl(inode: inode, acl: posix_acl | null, ipage: boolean): Op<number> {
  let value: f2fs_acl_header | null = null;

  if (acl !== null) {
    const f2fs_acl = yield* f2fs_acl_to_disk(acl);
    if (IS_ERR(f2fs_acl)) return PTR_ERR(f2fs_acl);
    value = f2fs_acl;
  }

  yield* f2fs_setxattr(inode, value, ipage);
  yield* kfree(value);
  return 0;
}

/** setxattr() of an ACL; 0 takes it away. That of a directory is for the files that are made in it from now on. */
export function* f2fs_set_acl(inode: inode, perm: number): Op<number> {
  let acl: posix_acl | null = null;

  if (perm !== 0) {
    acl = yield* posix_acl_alloc(GFP_NOFS); /* posix_acl_from_xattr() */
    if (acl === null) return -ENOMEM;
    acl.a_perm = perm;
  }

  yield* mutex_lock(inode.i_mutex);
  const err = yield* __f2fs_set_acl(inode, acl, false);
  yield* mutex_unlock(inode.i_mutex);
  if (acl !== null) yield* posix_acl_release(acl);
  return err;
}

function* f2fs_init_acl(inode: inode, dir: inode): Op<number> {
  const acl = yield* posix_acl_create(dir);
  if (IS_ERR(acl)) return PTR_ERR(acl);
  if (acl === null) return 0;

  const error = yield* __f2fs_set_acl(inode, acl, true);
  yield* posix_acl_release(acl);
  return error;
}

/* fs/f2fs/node.c, fs/f2fs/dir.c */

function* new_inode_page(inode: inode): Op<void> {
  const sbi = F2FS_I_SB(inode);

  yield* spin_lock(sbi.stat_lock);
  sbi.total_valid_inode_count++;
  list_add_tail(inode.i_list, sbi.nodes);
  yield* spin_unlock(sbi.stat_lock);
}

function* remove_inode_page(inode: inode): Op<void> {
  const sbi = F2FS_I_SB(inode);

  yield* spin_lock(sbi.stat_lock);
  sbi.total_valid_inode_count--;
  list_del(inode.i_list);
  yield* spin_unlock(sbi.stat_lock);
}

function* init_inode_metadata(inode: inode, dir: inode): Op<number> {
  yield* new_inode_page(inode);

  const err = yield* f2fs_init_acl(inode, dir);
  if (err !== 0) yield* remove_inode_page(inode);
  return err;
}

/** The caller has called f2fs_lock_op(), and calls f2fs_unlock_op() afterwards. */
function* __f2fs_add_link(dir: inode, inode: inode): Op<number> {
  yield* down_write(inode.i_sem);
  const err = yield* init_inode_metadata(inode, dir);
  if (err === 0) list_add_tail(inode.i_dentry, dir.i_entries);
  yield* up_write(inode.i_sem);
  return err;
}

/* fs/f2fs/namei.c, fs/f2fs/super.c */

function* new_inode(sbi: f2fs_sb_info, ino: number): Op<inode | null> {
  const fresh = yield* kzalloc(inode, GFP_NOFS);
  if (fresh === null) return null;

  fresh.i_ino = ino;
  fresh.i_sb = sbi;
  yield* mutex_init(fresh.i_mutex);
  yield* init_rwsem(fresh.i_sem);
  yield* mutex_init(fresh.i_page.lock);
  INIT_LIST_HEAD(fresh.i_entries);
  INIT_LIST_HEAD(fresh.i_dentry);
  INIT_LIST_HEAD(fresh.i_page.lru);
  return fresh;
}

/** Called with f2fs_lock_op(), which it ends. */
function* handle_failed_inode(inode: inode): Op<void> {
  yield* f2fs_unlock_op(F2FS_I_SB(inode));
  yield* kfree(inode); /* iput() */
}

function* f2fs_create(dir: inode, ino: number): Op<inode | errptr> {
  const sbi = F2FS_I_SB(dir);

  const inode = yield* new_inode(sbi, ino);
  if (inode === null) return ERR_PTR(-ENOMEM);

  yield* f2fs_lock_op(sbi);
  const err = yield* __f2fs_add_link(dir, inode);
  if (err !== 0) {
    yield* handle_failed_inode(inode);
    return ERR_PTR(err);
  }
  yield* f2fs_unlock_op(sbi);
  return inode;
}

function exists(dir: inode, ino: number): boolean {
  for (const entry of list_for_each_entry(dir.i_entries, inode, 'i_dentry')) {
    if (entry.i_ino === ino) return true;
  }
  return false;
}

/** creat(): a new file in a directory. Its number is its name. */
export function* vfs_create(dir: inode, ino: number): Op<inode | errptr> {
  yield* mutex_lock(dir.i_mutex);
  const made = exists(dir, ino) ? ERR_PTR(-EEXIST) : yield* f2fs_create(dir, ino);
  yield* mutex_unlock(dir.i_mutex);
  return made;
}

/** mount(): an empty file system, or NULL without memory. */
export function* f2fs_fill_super(): Op<f2fs_sb_info | null> {
  const sbi = yield* kzalloc(f2fs_sb_info, GFP_KERNEL);
  if (sbi === null) return null;

  yield* mutex_init(sbi.cp_mutex);
  yield* init_rwsem(sbi.cp_rwsem);
  yield* spin_lock_init(sbi.stat_lock);
  INIT_LIST_HEAD(sbi.nodes);
  sbi.free_sections = 8;

  const root = yield* new_inode(sbi, 1);
  if (root === null) {
    yield* kfree(sbi);
    return null;
  }
  yield* new_inode_page(root);
  sbi.s_root = root;
  return sbi;
}

/** umount(): nobody uses the file system any more. What is dirty is written. */
export function* f2fs_put_super(sbi: f2fs_sb_info): Op<void> {
  while (!list_empty(sbi.nodes)) {
    const node = list_first_entry(sbi.nodes, inode, 'i_list');

    yield* filemap_write_and_wait(node);
    yield* spin_lock(lru_lock);
    list_del(node.i_page.lru);
    yield* spin_unlock(lru_lock);
    list_del(node.i_list);
    yield* kfree(node);
  }
  yield* kfree(sbi);
}
