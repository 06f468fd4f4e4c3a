// SPDX-License-Identifier: GPL-2.0-only
/** Files that can be read asynchronously. After include/linux/fs.h and file.h. A file here consists of its operations. */
import {
  type Branded,
  composite,
  type Kind,
  makeHandle,
  MachineObject,
  objectOf,
  type Op,
  request,
  struct,
  type StructOf,
} from '../machine';
import { fn } from './types';

/** One operation on a file that may take longer than the call that began it. Embed it as `common: kiocb`. */
export const kiocb = struct('kiocb', {
  /** Called with the result when the operation has finished. */
  ki_complete: fn<(iocb: kiocb, res: number) => Op<unknown>>(),
});
export interface kiocb extends StructOf<typeof kiocb> {}

/** The operations of a file. */
export interface file_operations {
  /** Returns a result, or returns -EIOCBQUEUED and calls `ki_complete` later. */
  readonly read_iter: (iocb: kiocb) => Op<number>;
}

/** An open file: the result of fget(). */
export interface file extends Branded<'file', OpenFile> {}

class OpenFile extends MachineObject {
  readonly typeName = 'file';
  readonly size = 0;
  readonly handle: file = makeHandle(this);

  constructor(readonly operations: file_operations) {
    super();
  }

  protected reset(): void {}

  clear(): void {}
}

const FIRST_FD = 3;
const files: OpenFile[] = [];

/**
 * Opens a file for user space; it is never closed. For the code that makes scenarios, before they run.
 *
 * @returns its descriptor, from 3 on
 */
export function openFile(operations: file_operations): number {
  return files.push(new OpenFile(operations)) - 1 + FIRST_FD;
}

const FGET: Kind<null, [fd: number], file | null> = {
  name: 'fget',
  access: 'none',
  perform: (_machine, _task, { a }) => files[a - FIRST_FD]?.handle ?? null,
};

/**
 * Finds the file of a descriptor.
 *
 * @param fd the descriptor
 * @returns the file, or NULL if the number is not open
 * @kernel include/linux/file.h
 * @context process context; does not sleep
 * @ordering none
 * @divergence takes no reference: files stay open
 */
export function fget(fd: number): Op<file | null> {
  return request(FGET, null, fd);
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
 * @returns the number of bytes, or -EIOCBQUEUED if `ki_complete` will be called
 * @kernel include/linux/fs.h
 * @context process context; may sleep
 * @ordering none
 */
export function call_read_iter(file: file, iocb: kiocb): Op<number> {
  return composite('call_read_iter', reading(objectOf(file), iocb));
}

/** The function is the scenario's, and drivers do not get at it. */
function* reading({ operations }: OpenFile, iocb: kiocb): Op<number> {
  return yield* operations.read_iter(iocb);
}
