// SPDX-License-Identifier: GPL-2.0-only
/** Operations on whole objects in memory. After include/linux/string.h. */
import { type Handle, type Kind, objectOf, type Op, request, writing } from '../machine';

const MEMSET: Kind<null, [object: Handle], void> = {
  name: 'memset',
  access: 'none',
  extra({ a }) {
    const { base, size } = objectOf(a);
    return Array.from({ length: size }, (_, i) => writing(base + i));
  },
  perform(machine, _task, { a, site }) {
    const memory = objectOf(a);
    for (let i = 0; i < memory.size; i++) machine.plain(memory, i, true, site);
    memory.clear(true);
  },
};

/**
 * Zeroes a structure: a plain write to every field. Locks and queues in it need their init functions again.
 *
 * @kernel include/linux/string.h
 * @context any; does not sleep
 * @ordering none
 * @divergence takes the structure and no size, and knows one byte to fill it with; written in one go, but not at once: another
 * CPU may come before it
 */
export function memset(object: Handle, _byte: 0): Op<void> {
  objectOf(object); // a wild pointer faults here, at the call
  return request(MEMSET, null, object);
}
