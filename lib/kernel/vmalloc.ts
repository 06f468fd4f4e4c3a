// SPDX-License-Identifier: GPL-2.0-only
/** Memory that may be large. Here it is memory as any other. After include/linux/slab.h and vmalloc.h. */
import { type Fields, type Handle, type Op, type StructHandle, type StructType } from '../machine';
import { givingBack, KFREE } from './freeing';
import { in_interrupt } from './irqflags';
import { GFP_KERNEL, kmalloc, kzalloc } from './slab';

/**
 * kmalloc() for memory that may be large: kvfree() frees it.
 *
 * @example
 * const table = struct('table', { size: int });
 * const one = yield* kvmalloc(table, GFP_KERNEL);
 * yield* kvfree(one);
 * const two = yield* kvzalloc(table, GFP_KERNEL);
 * yield* kvfree(two);
 * const three = yield* vzalloc(table);
 * yield* vfree(three);
 * @param flags GFP_KERNEL
 * @returns the structure, or NULL if the scenario lets `kmalloc` fail
 * @kernel include/linux/slab.h
 * @context process context; may sleep
 * @ordering none
 * @divergence takes the type, not a size
 */
export function kvmalloc<F extends Fields>(
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  return kmalloc(type, flags);
}

/**
 * kzalloc() for memory that may be large: kvfree() frees it.
 *
 * @param flags GFP_KERNEL
 * @returns the structure, or NULL if the scenario lets `kzalloc` fail
 * @kernel include/linux/slab.h
 * @context process context; may sleep
 * @ordering none
 * @divergence takes the type, not a size
 */
export function kvzalloc<F extends Fields>(
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  return kzalloc(type, flags);
}

/**
 * Allocates zeroed memory that may be large: vfree() frees it.
 *
 * @returns the structure, or NULL if the scenario lets `kzalloc` fail
 * @kernel include/linux/vmalloc.h
 * @context process context; may sleep
 * @ordering none
 * @divergence takes the type, not a size; kfree() may free it, too
 */
export function vzalloc<F extends Fields>(type: StructType<F>): Op<StructHandle<F> | null> {
  return kzalloc(type, GFP_KERNEL);
}

/** Giving back what vmalloc() has made may sleep. In an interrupt it is put off. */
function sleeping(name: string): typeof KFREE {
  return {
    ...KFREE,
    name,
    announce(machine, task, { site }) {
      if (!in_interrupt()) machine.mightSleep(task, name, site);
    },
  };
}
const VFREE = sleeping('vfree');
const KVFREE = sleeping('kvfree');

/**
 * Frees the memory of vzalloc(). NULL is allowed.
 *
 * @param object the structure, or NULL
 * @kernel include/linux/vmalloc.h
 * @context process context (may sleep), where softirqs are off, or an interrupt; not under a spinlock otherwise
 * @ordering none
 */
export function vfree(object: Handle | null): Op<void> {
  return givingBack(VFREE, object);
}

/**
 * Frees the memory of kvmalloc() and kvmalloc_array(). NULL is allowed.
 *
 * @param object the structure or the array, or NULL
 * @kernel include/linux/slab.h
 * @context process context (may sleep), where softirqs are off, or an interrupt; not under a spinlock otherwise
 * @ordering none
 * @divergence how large the memory is does not matter
 */
export function kvfree(object: Handle | null): Op<void> {
  return givingBack(KVFREE, object);
}
