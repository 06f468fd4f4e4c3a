// SPDX-License-Identifier: GPL-2.0-only
/** What the threads of a process share. After include/linux/mm_types.h; user memory itself is in user-memory.ts. */
import { Handle, objectOf, struct, SyncObject, makeStruct } from '../machine';
import { type spinlock_t, spinlock_t as spinlock } from './spinlock';
import { ptr } from './types';

/** The memory of a process, with the fields that ported files keep there; `Table` is fs/aio.c's struct kioctx_table. */
export type mm_struct<Table = unknown> = Handle & {
  /** Protects changes of ioctx_table. */
  readonly ioctx_lock: spinlock_t;
  /** The contexts of asynchronous input and output; read under RCU. */
  ioctx_table: Table | null;
};

const layout = struct('mm_struct', { ioctx_lock: spinlock, ioctx_table: ptr() });

const mm = makeStruct(layout);
mm.initial = ({ values }) => {
  for (const value of values) {
    if (Handle.is(value)) initialise(value);
  }
};
mm.makeStatic('mm');

/** The locks of a running process are initialised. */
function initialise(member: Handle): void {
  const object = objectOf(member);
  object.released = null;
  if (object instanceof SyncObject) object.initialised = true;
}

/**
 * Returns `current->mm`, the same for every task.
 *
 * @example
 * const mm = current_mm();
 * yield* spin_lock(mm.ioctx_lock);
 * mm.ioctx_table; // => null
 * yield* spin_unlock(mm.ioctx_lock);
 * @returns the only one
 * @kernel include/linux/sched.h
 * @context process context; does not sleep
 * @ordering none
 * @divergence one process; the type of ioctx_table comes from the caller, as the structure is fs/aio.c's own
 */
export function current_mm<Table>(): mm_struct<Table> {
  return mm.handle as mm_struct<Table>; // has the layout above; only the caller knows the type of the table
}
