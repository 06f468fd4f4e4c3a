// SPDX-License-Identifier: GPL-2.0-only
/** Memory. After include/linux/slab.h. */
import {
  type Fields,
  type Handle,
  type Kind,
  objectOf,
  type Op,
  request,
  type StructHandle,
  type StructType,
  writing,
} from '../machine';
import { failed, outcomesOf } from './may-fail';

/** Allocation may sleep: process context only. */
export const GFP_KERNEL = 0xcc0;
/** Allocation must not sleep: for atomic context. */
export const GFP_ATOMIC = 0x820;
/** Allocation must not sleep and uses no reserves. */
export const GFP_NOWAIT = 0x800;
const GFP_DIRECT_RECLAIM = 0x400;

/** Whether an allocation with these flags may sleep. @kernel include/linux/gfp.h */
export function gfpflags_allow_blocking(flags: number): boolean {
  return (flags & GFP_DIRECT_RECLAIM) !== 0;
}

function allocator(name: string, zeroed: boolean): Kind {
  return {
    name,
    access: 'none',
    outcomes: outcomesOf(name),
    announce(machine, task, { b, site }) {
      if (gfpflags_allow_blocking(b as number)) machine.mightSleep(task, name, site);
    },
    perform(machine, task, { a, site }) {
      if (failed(name, machine, task)) return null;
      const object = (a as StructType).make();
      object.clear(zeroed);
      machine.allocate(object, site);
      return object.handle;
    },
  };
}

const KMALLOC = allocator('kmalloc', false);
const KZALLOC = allocator('kzalloc', true);

const KFREE: Kind = {
  name: 'kfree',
  access: 'none',
  extra({ a }) {
    const footprint: number[] = [];
    if (a === null) return footprint;
    const { base, size } = objectOf(a as Handle);
    for (let i = 0; i < size; i++) footprint.push(writing(base + i));
    return footprint;
  },
  perform(machine, _task, { a, site }) {
    if (a === null) return;
    const object = objectOf(a as Handle);
    const { memory } = object;
    if (memory === null || memory.object !== object) {
      const message = `invalid-free of ${object.label}`;
      machine.complain({ check: 'slab', message, object, site });
      return;
    }
    machine.free(memory, site);
  },
};

/**
 * Allocates a structure with undefined contents: reading a field before writing it is a KMSAN report.
 *
 * @returns the structure, or NULL where the scenario lets `kmalloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size; memory is found again by leak search, never reused at the same place
 */
export function kmalloc<F extends Fields>(
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  return request(KMALLOC, null, 0, type, flags);
}

/**
 * Allocates a zeroed structure. Locks and lists in it still need their init functions.
 *
 * @returns the structure, or NULL where the scenario lets `kzalloc` fail
 * @kernel include/linux/slab.h
 * @context process context with GFP_KERNEL (may sleep), any with GFP_ATOMIC
 * @ordering none
 * @divergence takes the type, not a size
 */
export function kzalloc<F extends Fields>(
  type: StructType<F>,
  flags: number,
): Op<StructHandle<F> | null> {
  return request(KZALLOC, null, 0, type, flags);
}

/**
 * Gives memory back. NULL is fine; anything else must come from an allocation and not have been freed.
 *
 * @kernel include/linux/slab.h
 * @context any; does not sleep
 * @ordering none
 */
export function kfree(object: Handle | null): Op<void> {
  if (object !== null) objectOf(object); // a wild pointer faults here, at the call
  return request(KFREE, null, 0, object);
}
