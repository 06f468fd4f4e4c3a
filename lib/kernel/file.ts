// SPDX-License-Identifier: GPL-2.0-only
/** Open files by their descriptors. After include/linux/file.h and fs/file.c of 5.16; file-put.ts has fput(). */
import { composite, type Kind, type Op, request } from '../machine';
import { BUG_ON } from './bug';
import { EBADF, EBUSY, EMFILE } from './err';
import {
  clearBit,
  close_fd,
  current_files,
  files_lookup_fd_locked,
  files_lookup_fd_raw,
  files_lookup_fd_rcu,
} from './fdtable';
import { fput } from './file-put';
import { type file, get_file, get_file_rcu, neverClosed } from './fs';
import { NR_OPEN_DEFAULT } from './nr-open';
import { rcu_assign_pointer } from './rcu-pointer';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { spin_lock, spin_unlock } from './spinlock';

export { fput };

/** A file of openFile() is there in every execution. */
const FGET: Kind<null, [fd: number], file | null> = {
  name: 'fget',
  access: 'none',
  perform: (_machine, _task, { a }) => neverClosed(a),
};

/** __fget_files_rcu(): the descriptor may have another file, or none, as soon as one has looked. */
function* looking(fd: number): Op<file | null> {
  const files = current_files();
  for (;;) {
    const found = yield* files_lookup_fd_rcu(files, fd);
    if (found === null) return null;
    if (!(yield* get_file_rcu(found))) continue;
    if ((yield* files_lookup_fd_raw(files, fd)) === found) return found;
    yield* fput(found);
  }
}

function* finding(fd: number): Op<file | null> {
  yield* rcu_read_lock();
  const found = yield* looking(fd);
  yield* rcu_read_unlock();
  return found;
}

/** alloc_fd() */
function* allocating(): Op<number> {
  const files = current_files();
  let fd = 0;
  yield* spin_lock(files.file_lock);
  while (fd < NR_OPEN_DEFAULT && (files.fdtab.open_fds & (1 << fd)) !== 0) fd++;
  if (fd < NR_OPEN_DEFAULT) files.fdtab.open_fds |= 1 << fd;
  else fd = -EMFILE;
  yield* spin_unlock(files.file_lock);
  return fd;
}

function* givingBack(fd: number): Op<void> {
  const files = current_files();
  yield* spin_lock(files.file_lock);
  clearBit(files, fd);
  yield* spin_unlock(files.file_lock);
}

function* installing(fd: number, file: file): Op<void> {
  const files = current_files();
  BUG_ON((yield* files_lookup_fd_raw(files, fd)) !== null);
  yield* rcu_assign_pointer(files.fdtab.fd, fd, file);
}

/** do_dup2(): the old file goes in the same moment in which the new one comes. */
function* replacing(fd: number, file: file | null): Op<number> {
  if (file === null) return yield* close_fd(fd);
  if (fd < 0 || fd >= NR_OPEN_DEFAULT) return -EBADF;
  const files = current_files();
  yield* spin_lock(files.file_lock);
  const old = yield* files_lookup_fd_locked(files, fd);
  if (old === null && (files.fdtab.open_fds & (1 << fd)) !== 0) {
    yield* spin_unlock(files.file_lock);
    return -EBUSY;
  }
  yield* get_file(file);
  yield* rcu_assign_pointer(files.fdtab.fd, fd, file);
  files.fdtab.open_fds |= 1 << fd;
  yield* spin_unlock(files.file_lock);
  if (old !== null) yield* fput(old);
  return fd;
}

/**
 * Finds the file of a descriptor and takes a reference to it, which fput() drops.
 *
 * @param fd the descriptor
 * @returns the file, or NULL if the number is not open
 * @kernel include/linux/file.h
 * @context process context; does not sleep
 * @ordering full, from fd_install() and replace_fd()
 * @divergence a file of openFile() is found in one step and is not counted: it stays open
 */
export function fget(fd: number): Op<file | null> {
  return neverClosed(fd) === null ? composite('fget', finding(fd)) : request(FGET, null, fd);
}

/**
 * Reserves the lowest descriptor that is free.
 *
 * @example
 * const fops = DEFINE_FILE_OPERATIONS('fops', {});
 * const fd = yield* get_unused_fd_flags(0);
 * if (fd < 0) return;
 * const other = yield* get_unused_fd_flags(0);
 * if (other >= 0) yield* put_unused_fd(other);
 * const file = yield* anon_inode_getfile('[thing]', fops, null, 0);
 * if (IS_ERR(file)) {
 *   yield* put_unused_fd(fd);
 *   return;
 * }
 * yield* fd_install(fd, file);
 * const found = yield* fget(fd);
 * found === file; // => true
 * if (found === null) return;
 * (yield* replace_fd(fd, found, 0)) === fd; // => true
 * yield* fput(found);
 * yield* close_fd(fd); // => 0
 * @returns the descriptor, or -EMFILE if all are taken
 * @kernel include/linux/file.h
 * @context process context; may sleep
 * @ordering as spin_lock() and spin_unlock()
 * @divergence the flags change nothing; there are eight descriptors
 */
export function get_unused_fd_flags(_flags: number): Op<number> {
  return composite('get_unused_fd_flags', allocating());
}

/**
 * Gives a reserved descriptor back that has got no file.
 *
 * @param fd what get_unused_fd_flags() gave
 * @kernel include/linux/file.h
 * @context process context; does not sleep
 * @ordering as spin_lock() and spin_unlock()
 */
export function put_unused_fd(fd: number): Op<void> {
  return composite('put_unused_fd', givingBack(fd));
}

/**
 * Gives a reserved descriptor its file. From here on user space can close it: the caller's reference is the descriptor's now.
 *
 * @param fd what get_unused_fd_flags() gave
 * @kernel include/linux/file.h
 * @context process context; does not sleep
 * @ordering release
 */
export function fd_install(fd: number, file: file): Op<void> {
  return composite('fd_install', installing(fd, file));
}

/**
 * dup2(): gives a descriptor another file. The descriptor is never closed in between, and the old file loses a reference.
 *
 * @param fd the descriptor, which need not be open
 * @param file the new file, of which the caller keeps its own reference; NULL closes the descriptor
 * @returns the descriptor; -EBADF for a number that is none, -EBUSY if it is reserved and has no file yet
 * @kernel include/linux/file.h
 * @context process context; may sleep
 * @ordering as rcu_assign_pointer(), and as fput() for the old file
 * @divergence the flags change nothing
 */
export function replace_fd(fd: number, file: file | null, _flags: number): Op<number> {
  return composite('replace_fd', replacing(fd, file));
}
