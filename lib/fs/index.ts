// SPDX-License-Identifier: GPL-2.0-only
/** Filesystems that the kernel mounts for itself: the part of the model that a driver may use. @module */
export { d_make_root, dentry, dget, dput, fs_inode, iput, new_inode } from './dcache';
export { fs_context, fs_context_for_mount, put_fs_context, vfs_get_tree } from './fs_context';
export {
  type FillSuper,
  get_tree_keyed,
  get_tree_nodev,
  sget_fc,
  type TestSuper,
} from './get-tree';
export {
  fc_mount,
  fc_mount_longterm,
  kern_mount,
  kern_unmount,
  kern_unmount_array,
  lock_mount_hash,
  MNT_DOOMED,
  MNT_INTERNAL,
  mnt_make_shortterm,
  type mnt_namespace,
  MNT_NS_INTERNAL,
  mntget,
  mntput,
  mount,
  unlock_mount_hash,
  vfs_create_mount,
  vfsmount,
} from './mount';
export {
  type ContextFunctions,
  DEFINE_FILE_SYSTEM_TYPE,
  DEFINE_FS_CONTEXT_OPERATIONS,
  DEFINE_SUPER_OPERATIONS,
  type file_system_type,
  type FileSystemFunctions,
  type fs_context_operations,
  type super_operations,
  type SuperFunctions,
} from './operations';
export {
  deactivate_locked_super,
  deactivate_super,
  generic_shutdown_super,
  kill_anon_super,
  kill_litter_super,
  SB_ACTIVE,
  SB_BORN,
  SB_KERNMOUNT,
  sb_lock,
  super_block,
} from './super';
