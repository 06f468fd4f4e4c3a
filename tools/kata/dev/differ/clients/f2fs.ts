// SPDX-License-Identifier: GPL-2.0-only
/** Clients of f2fs.ts: tasks that make files, write one, set its ACL and want memory, and one that makes checkpoints. */
import type { Part } from './client';

export const checkpoints: Part = {
  text: `type Sbi = StructOf<typeof driver.f2fs_sb_info>;
type Inode = StructOf<typeof driver.inode>;
interface World {
  sbi: Sbi;
  root: Inode;
  file: Inode;
}
function* world(): Op<World> {
  const sbi = yield* driver.f2fs_fill_super();
  const root = sbi?.s_root;
  if (sbi === null || root === null || root === undefined) throw new Error('set-up code has no memory');
  const file = yield* driver.vfs_create(root, 2);
  if (IS_ERR(file)) throw new Error('set-up code has no file');
  yield* driver.f2fs_set_acl(root, 7);
  yield* driver.f2fs_file_write(file, 5);
  yield* driver.set_memory_short(true);
  return { sbi, root, file };
}
function* create(w: World, ino: number): Op<number> {
  const made = yield* driver.vfs_create(w.root, ino);
  return IS_ERR(made) ? PTR_ERR(made) : made.i_xattr;
}
function* checkpoint({ sbi }: World): Op<string> {
  yield* driver.write_checkpoint(sbi);
  return 'made';
}
function* left(w: World): Op<string> {
  const { nodes, dentries, blocks, valid_inode_count, valid_block_count } = w.sbi.ckpt;
  const { i_addr, i_xattr } = w.file;
  yield* driver.f2fs_put_super(w.sbi);
  yield* settle();
  const seen = [nodes === valid_inode_count, nodes - dentries < 2, blocks === valid_block_count];
  return [...seen, i_addr, i_xattr, allocated(driver.inode), allocated(driver.posix_acl)].join();
}`,
  calls: [
    'yield* create(w, 3)',
    'yield* checkpoint(w)',
    'yield* driver.f2fs_sync_file(w.file)',
    'yield* driver.__alloc_pages(GFP_KERNEL)',
    'yield* driver.f2fs_set_acl(w.file, 6)',
    'yield* driver.f2fs_set_acl(w.root, 0)',
  ],
  failures: { kzalloc: 1, kmalloc: 1 },
  left: 'yield* left(w)',
};
