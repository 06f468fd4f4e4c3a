// SPDX-License-Identifier: GPL-2.0-only
/** Giving memory back: what kfree() and vfree() have in common. */
import { type Handle, type Kind, objectOf, type Op, request, writing } from '../machine';
import { freeing, keep } from './slab-reuse';

export const KFREE: Kind<null, [object: Handle | null], void> = {
  name: 'kfree',
  access: 'none',
  extra({ a }) {
    const footprint: number[] = [];
    if (a === null) return footprint;
    const object = objectOf(a);
    for (let i = 0; i < object.size; i++) footprint.push(writing(object.base + i));
    return footprint.concat(freeing(object));
  },
  perform(machine, _task, { a, site }) {
    if (a === null) return;
    const object = objectOf(a);
    const { memory } = object;
    if (memory?.region !== 'slab' || memory.object !== object) {
      const message = `invalid-free of ${object.label}`;
      machine.complain({ check: 'slab', message, object, site });
      return;
    }
    if (!memory.freed) keep(machine, object);
    machine.free(memory, site);
  },
};

/** Gives back memory. A wild pointer faults here, at the call. */
export function givingBack(kind: typeof KFREE, object: Handle | null): Op<void> {
  if (object !== null) objectOf(object);
  return request(kind, null, object);
}
