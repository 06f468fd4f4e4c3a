// SPDX-License-Identifier: GPL-2.0-only
/**
 * What all kinds of namespaces have in common: a count and a number. After include/linux/proc_ns.h, ns_common.h and
 * fs/proc/generic.c.
 */
import {
  type Handle,
  type Kind,
  makeHandle,
  objectOf,
  type Op,
  request,
  struct,
  type StructObject,
  type StructOf,
  SyncObject,
  writing,
} from '../machine';
import { ENOMEM } from './err';
import { failed, outcomesOf } from './may-fail';
import { refcount_t } from './refcount';
import { int } from './types';

/** The part that every namespace embeds, as `ns: ns_common`. @kernel include/linux/ns_common.h */
export const ns_common = struct('ns_common', {
  /** The number of its file in /proc. */
  inum: int,
  /** References to the namespace. */
  count: refcount_t,
});
export interface ns_common extends StructOf<typeof ns_common> {}

/** The numbers in use. Each namespace has its own from the start, so tasks do not conflict here. */
class Numbers extends SyncObject {
  readonly typeName = 'ida';
  readonly handle: Handle = makeHandle(this);
  used = new Set<number>();

  protected override reset(): void {
    super.reset();
    this.used = new Set();
  }
}

const numbers = new Numbers().makeStatic('proc_inum_ida');
const PROC_DYNAMIC_FIRST = 0xf0000000;

const inum = (ns: StructObject): number => ns.offset(0);
const here = (ns: StructObject): number => ns.base + inum(ns);

const ALLOC: Kind<null, [a: StructObject], number> = {
  name: 'ns_alloc_inum',
  access: 'none',
  outcomes: outcomesOf('ns_alloc_inum'),
  extra: ({ a }) => [writing(here(a))],
  announce: (machine, task, { site }) => machine.mightSleep(task, 'ns_alloc_inum', site),
  perform(machine, task, { a: ns, site }) {
    if (failed('ns_alloc_inum', machine, task)) return -ENOMEM;
    machine.plain(ns, inum(ns), true, site);
    const number = PROC_DYNAMIC_FIRST + ns.base;
    ns.values[0] = number;
    numbers.fresh().used.add(number);
    return 0;
  },
};

const FREE: Kind<null, [a: StructObject], void> = {
  name: 'ns_free_inum',
  access: 'none',
  extra: ({ a }) => [writing(here(a))],
  perform(machine, _task, { a: ns, site }) {
    machine.plain(ns, inum(ns), false, site);
    if (numbers.fresh().used.delete(ns.values[0] as number)) return; // inum is an int
    const message = 'ida_free called for an id which is not allocated.';
    machine.complain({ check: 'idr', message, object: ns, site });
  },
};

/**
 * Allocates the namespace's number.
 *
 * @example
 * const ns = DEFINE_STATIC('ns', ns_common);
 * yield* ns_alloc_inum(ns); // => 0
 * inumsInUse(); // => 1
 * yield* ns_free_inum(ns);
 * @returns 0, or -ENOMEM if the scenario lets `ns_alloc_inum` fail
 * @kernel include/linux/proc_ns.h
 * @context process context; may sleep
 * @ordering none
 */
export function ns_alloc_inum(ns: ns_common): Op<number> {
  return request(ALLOC, null, objectOf(ns));
}

/**
 * Frees the number; a number that is not in use is reported.
 *
 * @kernel include/linux/proc_ns.h
 * @context any; does not sleep
 * @ordering none
 */
export function ns_free_inum(ns: ns_common): Op<void> {
  return request(FREE, null, objectOf(ns));
}

/**
 * For final checks: how many numbers are in use.
 *
 * @returns how many; 0 after every namespace is freed
 */
export function inumsInUse(): number {
  return numbers.fresh().used.size;
}
