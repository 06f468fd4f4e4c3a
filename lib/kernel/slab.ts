// SPDX-License-Identifier: GPL-2.0-only
/** Memory. After include/linux/slab.h. */
import {
  type AnyStruct,
  composite,
  type Fields,
  type Handle,
  type Op,
  request,
  type StructHandle,
  type StructType,
} from '../machine';
import { allocator } from './allocator';
import { givingBack, KFREE } from './freeing';
import { gfpflags_allow_blocking } from './gfp';
import { reusable, reuse } from './slab-reuse';

export { GFP_ATOMIC, GFP_KERNEL, GFP_NOWAIT, gfpflags_allow_blocking } from './gfp';

const KMALLOC = allocator('kmalloc', false);
const KZALLOC = allocator('kzalloc', true);

function* reusing(type: AnyStruct, flags: number, zeroed: boolean): Op<Handle | null> {
  const old = yield* reuse(type, zeroed, gfpflags_allow_blocking(flags));
  return old ?? (yield* request(zeroed ? KZALLOC : KMALLOC, null, type, flags));
}

function allocate<F extends Fields>(
  type: StructType<F>,
  flags: number,
  zeroed: boolean,
): Op<StructHandle<F> | null> {
  const kind = zeroed ? KZALLOC : KMALLOC;
  const op = reusable(type.typeName)
    ? composite(kind.name, reusing(type, flags, zeroed))
    : request(kind, null, type, flags);
  return op as Op<StructHandle<F> | null>; // kinds do not know the type they are given
}

/**
 * Allocates a structure with undefined contents: KMSAN reports a read of a field before it is written.
 *
 * @example
 * const client = struct('client', { id: int, name: text });
 * const one = yield* kmalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * one.id = 7;
 * one.id; // => 7
 * yield* kfree(one);
 * alive(one); // => false
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the structure, or NULL if the scenario lets `kmalloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size; memory is reused only if the scenario says so
 */
export function kmalloc<F extends Fields>(
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  return allocate(type, flags, false);
}

/**
 * Allocates a zeroed structure. Locks and lists in it still need their init functions.
 *
 * @example
 * const client = struct('client', { id: int, name: text });
 * const one = yield* kzalloc(client, GFP_ATOMIC);
 * if (one === null) return;
 * one.id; // => 0
 * yield* memset(one, 0);
 * yield* kfree(one);
 * gfpflags_allow_blocking(GFP_ATOMIC); // => false
 * @param flags GFP_KERNEL, which may sleep, or GFP_ATOMIC, which does not
 * @returns the structure, or NULL if the scenario lets `kzalloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size
 */
export function kzalloc<F extends Fields>(
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  return allocate(type, flags, true);
}

/**
 * Frees memory. NULL is allowed; anything else must come from an allocation and not be freed yet.
 *
 * @param object the result of an allocation, or NULL
 * @kernel include/linux/slab.h
 * @context any; does not sleep
 * @ordering none
 */
export function kfree(object: Handle | null): Op<void> {
  return givingBack(KFREE, object);
}
