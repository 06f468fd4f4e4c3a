// SPDX-License-Identifier: GPL-2.0-only
/** Files that no directory has. After include/linux/anon_inodes.h and fs/anon_inodes.c. */
import { composite, type Handle, type Op } from '../machine';
import { atomic_long_set } from './atomic-long';
import { ENOMEM, ERR_PTR, type errptr, IS_ERR, PTR_ERR } from './err';
import { fd_install, get_unused_fd_flags, put_unused_fd } from './file';
import { ____fput } from './file-put';
import { file, type file_operations } from './fs';
import { GFP_KERNEL, kzalloc } from './slab';
import { INIT_WORK } from './workqueue';

/** alloc_empty_file() */
function* making(fops: file_operations, priv: Handle | null): Op<file | errptr> {
  const made = yield* kzalloc(file, GFP_KERNEL);
  if (made === null) return ERR_PTR(-ENOMEM);
  yield* INIT_WORK(made.f_task_work, ____fput);
  yield* atomic_long_set(made.f_count, 1);
  made.f_op = fops;
  made.private_data = priv;
  return made;
}

function* opening(fops: file_operations, priv: Handle | null): Op<number> {
  const fd = yield* get_unused_fd_flags(0);
  if (fd < 0) return fd;
  const made = yield* making(fops, priv);
  if (IS_ERR(made)) {
    yield* put_unused_fd(fd);
    return PTR_ERR(made);
  }
  yield* fd_install(fd, made);
  return fd;
}

/**
 * Makes an open file with one reference and no descriptor.
 *
 * @param _name in Linux it is seen in /proc
 * @param priv its `private_data`, or NULL
 * @returns the file, or an error pointer: -ENOMEM if the scenario lets `kzalloc` fail
 * @kernel include/linux/anon_inodes.h
 * @context process context; may sleep
 * @ordering none
 * @divergence the name and the flags change nothing
 */
export function anon_inode_getfile(
  _name: string,
  fops: file_operations,
  priv: Handle | null,
  _flags: number,
): Op<file | errptr> {
  return composite('anon_inode_getfile', making(fops, priv));
}

/**
 * Makes an open file with a descriptor. User space can close it before this returns.
 *
 * @param _name in Linux it is seen in /proc
 * @param priv its `private_data`, or NULL
 * @returns the descriptor; -EMFILE if all are taken, -ENOMEM if the scenario lets `kzalloc` fail
 * @kernel include/linux/anon_inodes.h
 * @context process context; may sleep
 * @ordering as fd_install()
 * @divergence the name and the flags change nothing
 */
export function anon_inode_getfd(
  _name: string,
  fops: file_operations,
  priv: Handle | null,
  _flags: number,
): Op<number> {
  return composite('anon_inode_getfd', opening(fops, priv));
}
