// SPDX-License-Identifier: GPL-2.0-only
/** Files that can be read asynchronously. After include/linux/fs.h and file.h; a file here is what its operations do. */
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

/** One operation on a file that may outlast the call that began it. Embed it as `common: kiocb`. */
export const kiocb = struct('kiocb', {
  /** Called when the operation has ended, with its result. */
  ki_complete: fn<(iocb: kiocb, res: number) => Op<unknown>>(),
});
export interface kiocb extends StructOf<typeof kiocb> {}

/** What a file can do. */
export interface file_operations {
  /** Gives a result at once, or -EIOCBQUEUED and calls `ki_complete` later. */
  readonly read_iter: (iocb: kiocb) => Op<number>;
}

/** An open file: what fget() finds behind a descriptor. */
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
 * Opens a file for user space, for good. For scenarios, where they are made and not where they run.
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
 * Finds the file behind a descriptor.
 *
 * @param fd the descriptor
 * @returns the file, or NULL if none is open under this number
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
 * @returns what was read, or -EIOCBQUEUED if `ki_complete` will be called
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
