// SPDX-License-Identifier: GPL-2.0-only
/**
 * Open files: their operations, their references, and reads that end later. After include/linux/fs.h and fs/file_table.c of 5.15.
 * Left out: inodes, paths, modes, positions. file.ts has what works by descriptor.
 */
import {
  type Branded,
  composite,
  type Handle,
  makeHandle,
  makeStruct,
  objectOf,
  type Op,
  struct,
  type StructOf,
  SyncObject,
} from '../machine';
import {
  atomic_long_inc,
  atomic_long_inc_not_zero,
  atomic_long_read,
  atomic_long_t,
} from './atomic-long';
import { EINVAL } from './err';
import { NR_OPEN_DEFAULT } from './nr-open';
import { rcu_head } from './rcu-callback';
import { fn, ptr } from './types';
import { work_struct } from './workqueue-core';

/** One operation on a file that may take longer than the call that began it. Embed it as `common: kiocb`. */
export const kiocb = struct('kiocb', {
  /** Called with the result when the operation has finished. */
  ki_complete: fn<(iocb: kiocb, res: number) => Op<unknown>>(),
});
export interface kiocb extends StructOf<typeof kiocb> {}

/** The argument of DEFINE_FILE_OPERATIONS(): the functions of a file. */
export interface FileFunctions {
  /** Returns a result, or returns -EIOCBQUEUED and calls `ki_complete` later. */
  readonly read_iter?: (iocb: kiocb) => Op<number>;
  /** Called once, after the last reference is gone and before the file is freed. May sleep. */
  readonly release?: (file: file) => Op<unknown>;
}

/** The operations of a file. */
export interface file_operations extends Branded<'file_operations', FileOperations> {}

class FileOperations extends SyncObject {
  readonly typeName = 'file_operations';
  readonly handle: file_operations = makeHandle(this);

  constructor(readonly functions: FileFunctions) {
    super();
  }
}

/** An open file. */
export const file = struct('file', {
  /** How many use it: descriptors, calls that are under way, messages that carry it. */
  f_count: atomic_long_t,
  /** Its functions. */
  f_op: ptr<file_operations>(),
  /** For those functions. */
  private_data: ptr<Handle>(),
  /** Frees it. */
  f_rcuhead: rcu_head,
  /** Ends it later, where fput() cannot. */
  f_task_work: work_struct,
});
export interface file extends StructOf<typeof file> {}

/**
 * Defines the operations of files: `static const struct file_operations name = { ... }`.
 *
 * @kernel include/linux/fs.h
 * @divergence constant; the functions get no inode
 */
export function DEFINE_FILE_OPERATIONS(name: string, operations: FileFunctions): file_operations {
  return new FileOperations({ ...operations }).makeStatic(name).handle;
}

/** The functions of a file. */
export function functionsOf({ f_op }: file): FileFunctions {
  return f_op === null ? {} : objectOf(f_op).functions;
}

const opened: file[] = [];

/**
 * Opens a file for user space; it is never closed, and nobody counts its users. For the code that makes scenarios, before they run.
 *
 * @returns its descriptor, behind those that get_unused_fd_flags() gives
 */
export function openFile(operations: FileFunctions): number {
  const name = `file${opened.length}`;
  const f_op = DEFINE_FILE_OPERATIONS(`${name}_fops`, operations);
  const made = makeStruct(file);
  made.initial = ({ values }) => {
    values[Object.keys(file.fields).indexOf('f_op')] = f_op;
  };
  return opened.push(made.makeStatic(name).handle) - 1 + NR_OPEN_DEFAULT;
}

/** The file of openFile() behind a descriptor, or null. */
export function neverClosed(fd: number): file | null {
  return opened[fd - NR_OPEN_DEFAULT] ?? null;
}

function* getting(file: file): Op<file> {
  yield* atomic_long_inc(file.f_count);
  return file;
}

/** The function is the scenario's, and drivers do not get at it. */
function* reading(file: file, iocb: kiocb): Op<number> {
  const { read_iter } = functionsOf(file);
  return read_iter === undefined ? -EINVAL : yield* read_iter(iocb);
}

/**
 * Takes one more reference to a file. The caller has one already.
 *
 * @returns the file
 * @kernel include/linux/fs.h
 * @context any; does not sleep
 * @ordering none
 */
export function get_file(file: file): Op<file> {
  return composite('get_file', getting(file));
}

/**
 * Takes a reference to a file that was found under RCU, unless the last one is gone. The file may not be the one that the
 * descriptor has now.
 *
 * @returns true if it took one
 * @kernel include/linux/fs.h
 * @context inside rcu_read_lock(); does not sleep
 * @ordering full if it took one, none otherwise
 * @divergence as before 6.7: it takes the file, not the place of the pointer to it
 */
export function get_file_rcu(file: file): Op<boolean> {
  return composite('get_file_rcu', atomic_long_inc_not_zero(file.f_count));
}

/**
 * How many references to a file there are.
 *
 * @returns the number; it may already be stale
 * @kernel include/linux/fs.h
 * @context any; does not sleep
 * @ordering none
 */
export function file_count(file: file): Op<number> {
  return composite('file_count', atomic_long_read(file.f_count));
}

/**
 * Reads from a file.
 *
 * @example
 * const fd = openFile({
 *   *read_iter(iocb) {
 *     return 3;
 *   },
 * });
 * const iocb = DEFINE_STATIC('iocb', kiocb);
 * const file = yield* fget(fd);
 * if (file === null) return;
 * yield* call_read_iter(file, iocb); // => 3
 * @returns the number of bytes, -EIOCBQUEUED if `ki_complete` will be called, or -EINVAL if the file cannot be read
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering none
 */
export function call_read_iter(file: file, iocb: kiocb): Op<number> {
  objectOf(file); // a wild pointer faults here, at the call
  return composite('call_read_iter', reading(file, iocb));
}
