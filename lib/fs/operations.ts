// SPDX-License-Identifier: GPL-2.0-only
/** The functions of filesystems, in constant tables. After include/linux/fs.h and fs_context.h. */
import { LIST_HEAD, type list_head } from '../kernel';
import { type Branded, type Handle, makeHandle, objectOf, type Op, SyncObject } from '../machine';
import type { fs_inode } from './dcache';
import type { fs_context } from './fs_context';
import type { super_block } from './super';

/** The argument of DEFINE_FILE_SYSTEM_TYPE(): how mounting a filesystem begins, and how the filesystem ends. */
export interface FileSystemFunctions {
  /** Fills a context before it is used for mounting: `ops`, `fs_private`. Returns 0 or a negative error. */
  readonly init_fs_context: (fc: fs_context) => Op<number>;
  /** Shuts a superblock down. Called with s_umount held for writing, after s_active has become 0. */
  readonly kill_sb: (sb: super_block) => Op<void>;
}

/** The argument of DEFINE_FS_CONTEXT_OPERATIONS(): what a filesystem does with a mount that is being made. */
export interface ContextFunctions {
  /** Frees what init_fs_context() has put into `fs_private`. */
  readonly free?: (fc: fs_context) => Op<void>;
  /** Finds or makes a superblock and puts its root into `fc.root`, with s_umount held for writing. Returns 0 or a negative error. */
  readonly get_tree: (fc: fs_context) => Op<number>;
}

/** The argument of DEFINE_SUPER_OPERATIONS(): what a filesystem does when its inodes and superblocks are freed. */
export interface SuperFunctions {
  /** An inode is about to be freed. */
  readonly evict_inode?: (inode: fs_inode) => Op<void>;
  /** The superblock is about to be freed, and has no inode left. */
  readonly put_super?: (sb: super_block) => Op<void>;
}

/** A type of filesystem. @kernel include/linux/fs.h */
export interface file_system_type extends Branded<'file_system_type', FileSystemType> {}
/** The operations of a context. @kernel include/linux/fs_context.h */
export interface fs_context_operations extends Branded<
  'fs_context_operations',
  Table<ContextFunctions>
> {}
/** The operations of a superblock. @kernel include/linux/fs.h */
export interface super_operations extends Branded<'super_operations', Table<SuperFunctions>> {}

class Table<T> extends SyncObject {
  readonly handle: Handle = makeHandle(this);

  constructor(
    readonly typeName: string,
    readonly functions: T,
  ) {
    super();
  }
}

class FileSystemType extends Table<FileSystemFunctions> {
  constructor(
    functions: FileSystemFunctions,
    readonly fs_supers: list_head,
  ) {
    super('file_system_type', functions);
  }
}

/**
 * Defines a type of filesystem: `static struct file_system_type name = { ... }`.
 *
 * @kernel include/linux/fs.h
 * @divergence always registered
 */
export function DEFINE_FILE_SYSTEM_TYPE(
  name: string,
  functions: FileSystemFunctions,
): file_system_type {
  const supers = LIST_HEAD(`${name}.fs_supers`);
  return new FileSystemType(Object.freeze({ ...functions }), supers).makeStatic(name).handle;
}

/** Defines the operations of a context: `static const struct fs_context_operations name = { ... }`. @kernel include/linux/fs_context.h */
export function DEFINE_FS_CONTEXT_OPERATIONS(
  name: string,
  functions: ContextFunctions,
): fs_context_operations {
  const table = new Table('fs_context_operations', Object.freeze({ ...functions }));
  return table.makeStatic(name).handle;
}

/** Defines the operations of a superblock: `static const struct super_operations name = { ... }`. @kernel include/linux/fs.h */
export function DEFINE_SUPER_OPERATIONS(name: string, functions: SuperFunctions): super_operations {
  const table = new Table('super_operations', Object.freeze({ ...functions }));
  return table.makeStatic(name).handle;
}

/** The functions of a type. */
export function fileSystemOf(type: file_system_type): FileSystemFunctions {
  return objectOf(type).functions;
}

/** The superblocks of a type. */
export function supersOf(type: file_system_type): list_head {
  return objectOf(type).fs_supers;
}

/** The functions of a context's operations. */
export function contextOperationsOf(ops: fs_context_operations): ContextFunctions {
  return objectOf(ops).functions;
}

/** The functions of a superblock's operations. */
export function superOperationsOf(ops: super_operations): SuperFunctions {
  return objectOf(ops).functions;
}
