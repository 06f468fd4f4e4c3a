// SPDX-License-Identifier: GPL-2.0-only
/**
 * Tables of descriptors: readers follow them under RCU, writers hold file_lock. After include/linux/fdtable.h and fs/file.c of 5.16.
 * Left out: tables that grow, and tables of several processes.
 */
import { composite, type Op, struct, type StructOf } from '../machine';
import { EBADF } from './err';
import { fput } from './file-put';
import type { file } from './fs';
import { lockdep_is_held } from './lockdep';
import { NR_OPEN_DEFAULT } from './nr-open';
import {
  rcu_assign_pointer,
  rcu_dereference,
  rcu_dereference_protected,
  rcu_dereference_raw,
} from './rcu-pointer';
import { spin_lock, spin_unlock, spinlock_t } from './spinlock';
import { readyStatic } from './static-var';
import { array, int, ptr } from './types';

export { NR_OPEN_DEFAULT };

/** A table of descriptors. */
export const fdtable = struct('fdtable', {
  /** The open files, by descriptor. */
  fd: array(ptr<file>(), NR_OPEN_DEFAULT),
  /** A bit for each descriptor that is taken, whether it has its file yet or not. Changes under file_lock. */
  open_fds: int,
});
export interface fdtable extends StructOf<typeof fdtable> {}

/** The open files of a process. */
export const files_struct = struct('files_struct', {
  /** Held while the table changes. */
  file_lock: spinlock_t,
  /** The table. */
  fdtab: fdtable,
});
export interface files_struct extends StructOf<typeof files_struct> {}

const files = readyStatic('init_files', files_struct);

const isDescriptor = (fd: number): boolean => fd >= 0 && fd < NR_OPEN_DEFAULT;

function* closed(): Op<null> {
  return null;
}

/** __put_unused_fd(), with file_lock held. */
export function clearBit({ fdtab }: files_struct, fd: number): void {
  fdtab.open_fds &= ~(1 << fd);
}

/** pick_file(): takes a file off the table. */
function* picking(fd: number): Op<file | null> {
  yield* spin_lock(files.file_lock);
  const found = yield* files_lookup_fd_locked(files, fd);
  if (found !== null) {
    yield* rcu_assign_pointer(files.fdtab.fd, fd, null);
    clearBit(files, fd);
  }
  yield* spin_unlock(files.file_lock);
  return found;
}

function* closing(fd: number): Op<number> {
  const found = yield* picking(fd);
  if (found === null) return -EBADF;
  yield* fput(found);
  return 0;
}

/**
 * Returns `current->files`, the same for every task.
 *
 * @example
 * const fops = DEFINE_FILE_OPERATIONS('fops', {});
 * const fd = yield* anon_inode_getfd('[thing]', fops, null, 0);
 * if (fd < 0) return;
 * const files = current_files();
 * yield* rcu_read_lock();
 * const found = yield* files_lookup_fd_rcu(files, fd);
 * if (found !== null && (yield* get_file_rcu(found))) {
 *   (yield* files_lookup_fd_raw(files, fd)) === found; // => true
 *   yield* rcu_read_unlock();
 *   yield* file_count(found); // => 2
 *   yield* fput(found);
 * } else yield* rcu_read_unlock();
 * yield* spin_lock(files.file_lock);
 * (yield* files_lookup_fd_locked(files, fd)) === found; // => true
 * yield* spin_unlock(files.file_lock);
 * yield* close_fd(fd); // => 0
 * @returns the only one
 * @kernel include/linux/sched.h
 * @context process context; does not sleep
 * @ordering none
 * @divergence one process, whose table is embedded and does not grow
 */
export function current_files(): files_struct {
  return files;
}

/**
 * Finds the file of a descriptor under RCU. The file may be closed already, and its last reference gone.
 *
 * @param fd the descriptor
 * @returns the file, or NULL if the descriptor is not open
 * @kernel include/linux/fdtable.h
 * @context inside rcu_read_lock(); does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 */
export function files_lookup_fd_rcu(files: files_struct, fd: number): Op<file | null> {
  const found = isDescriptor(fd) ? rcu_dereference(files.fdtab.fd, fd) : closed();
  return composite('files_lookup_fd_rcu', found);
}

/**
 * Finds the file of a descriptor under the lock of the table.
 *
 * @param fd the descriptor
 * @returns the file, or NULL if the descriptor is not open
 * @kernel include/linux/fdtable.h
 * @context with file_lock held; does not sleep
 * @ordering none
 */
export function files_lookup_fd_locked(files: files_struct, fd: number): Op<file | null> {
  const held = lockdep_is_held(files.file_lock);
  const found = isDescriptor(fd) ? rcu_dereference_protected(files.fdtab.fd, fd, held) : closed();
  return composite('files_lookup_fd_locked', found);
}

/**
 * Finds the file of a descriptor without a check, for a caller that is protected in another way or only compares.
 *
 * @param fd the descriptor
 * @returns the file, or NULL if the descriptor is not open
 * @kernel include/linux/fdtable.h
 * @context any; does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 */
export function files_lookup_fd_raw(files: files_struct, fd: number): Op<file | null> {
  const found = isDescriptor(fd) ? rcu_dereference_raw(files.fdtab.fd, fd) : closed();
  return composite('files_lookup_fd_raw', found);
}

/**
 * Closes a descriptor, which may be given away again at once, and drops its reference to the file.
 *
 * @param fd the descriptor
 * @returns 0, or -EBADF if the descriptor is not open
 * @kernel include/linux/fdtable.h
 * @context process context; may sleep
 * @ordering as fput()
 */
export function close_fd(fd: number): Op<number> {
  return composite('close_fd', closing(fd));
}
