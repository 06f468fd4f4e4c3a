// SPDX-License-Identifier: GPL-2.0-only
/**
 * Copies between kernel and user space, which may fault. After include/linux/uaccess.h. Serving a fault may sleep. A fault that
 * cannot be served makes the copy fail: if nothing is mapped, and wherever the scenario lets `get_user`, `put_user`,
 * `copy_from_user` or `copy_to_user` fail.
 *
 * User threads may write to their memory at any time, so these accesses are never data races of the kernel.
 */
import {
  type Handle,
  type Kind,
  observe,
  type Op,
  publish,
  request,
  Scalar,
  storable,
  type StructObject,
  reading,
  writing,
} from '../machine';
import { EFAULT } from './err';
import { failed, outcomesOf } from './may-fail';
import type { FieldOf } from './once';
import type { out } from './types';
import { finding, pageAt, placeOf, structOf, type user } from './user-memory';

/** One field at a user address. */
interface Place {
  readonly address: number;
  readonly field: string;
}

/** An access to one field. A field that the page does not have reads as 0, and writes to it are lost. */
function single<V>(
  name: string,
  write: boolean,
  act: (page: StructObject, slot: number, value: V) => void,
  fail: (value: V) => void = () => undefined,
): Kind<null, [place: Place, value: V], number> {
  return {
    name,
    access: 'none',
    outcomes: outcomesOf(name),
    announce: (machine, task, { site }) => machine.mightSleep(task, name, site),
    extra({ a: { address, field } }) {
      const page = pageAt(address);
      if (page === null || !page.layout.names.includes(field)) return [finding(address)];
      const place = placeOf(page, field);
      return [finding(address), write ? writing(place) : reading(place)];
    },
    perform(machine, task, { a: { address, field }, b: value }) {
      const page = pageAt(address);
      fail(value);
      if (failed(name, machine, task) || page === null) return -EFAULT;
      if (!Scalar.is(page.layout.fields[field])) return 0;
      const slot = page.slot(field);
      if (write) publish(task, page.point(slot), placeOf(page, field));
      else observe(task, page.point(slot));
      act(page, slot, value);
      return 0;
    },
  };
}

const GET = single<out<unknown>>(
  'get_user',
  false,
  (page, slot, x) => {
    x.value = page.values[slot];
  },
  (x) => {
    x.value = 0;
  },
);

const PUT = single<unknown>('put_user', true, (page, slot, value) => {
  page.values[slot] = value;
});

/** The fields that two structures have in common, as pairs of slots. */
function common(from: StructObject, to: StructObject): [from: number, to: number][] {
  const pairs: [number, number][] = [];
  for (const [slot, name] of from.layout.names.entries()) {
    if (!Scalar.is(from.layout.fields[name])) continue;
    if (!Scalar.is(to.layout.fields[name])) continue;
    pairs.push([slot, to.layout.names.indexOf(name)]);
  }
  return pairs;
}

/** The size of a structure: the result of a copy that copied nothing. */
function bytes(object: StructObject): number {
  return object.size * 8;
}

/** A copy of a whole structure. The kernel's side is plain memory. */
function copy(
  name: string,
  toUser: boolean,
): Kind<null, [address: number, kernel: StructObject], number> {
  const sides = (kernel: StructObject, page: StructObject): [StructObject, StructObject] =>
    toUser ? [kernel, page] : [page, kernel];
  return {
    name,
    access: 'none',
    outcomes: outcomesOf(name),
    announce: (machine, task, { site }) => machine.mightSleep(task, name, site),
    extra({ a: address, b: kernel }) {
      const page = pageAt(address);
      if (page === null) return [finding(address)];
      const [from, to] = sides(kernel, page);
      return [
        finding(address),
        ...common(from, to).flatMap(([source, target]) => [
          reading(from.base + from.offset(source)),
          writing(to.base + to.offset(target)),
        ]),
      ];
    },
    perform(machine, task, { a: address, b: kernel, site }) {
      const page = pageAt(address);
      if (failed(name, machine, task) || page === null) return bytes(kernel);
      const [from, to] = sides(kernel, page);
      for (const [source, target] of common(from, to)) {
        const slot = toUser ? source : target;
        machine.plain(kernel, kernel.offset(slot), !toUser, site);
        to.values[target] = from.values[source];
      }
      return 0;
    },
  };
}

const COPY_FROM = copy('copy_from_user', false);
const COPY_TO = copy('copy_to_user', true);

/**
 * Reads a field from user space into a variable; after a fault the variable is 0.
 *
 * @example
 * const ring = struct('ring', { id: int });
 * const mine = DEFINE_STATIC('mine', ring);
 * const theirs = yield* user_alloc(ring);
 * yield* user_write(theirs, 'id', 7);
 * const id = { value: 0 };
 * yield* get_user(id, theirs, 'id'); // => 0
 * id.value; // => 7
 * yield* put_user(8, theirs, 'id'); // => 0
 * yield* user_read(theirs, 'id'); // => 8
 * yield* copy_from_user(mine, theirs); // => 0
 * mine.id; // => 8
 * yield* copy_to_user(theirs, mine); // => 0
 * @param x receives the value
 * @returns 0, or -EFAULT if the address cannot be read
 * @kernel include/linux/uaccess.h
 * @context process context, outside locks that forbid sleeping; may sleep
 * @ordering none
 * @divergence the variable is an out<T>, and the field is named
 */
export function get_user<H extends Handle, K extends FieldOf<H>>(
  x: out<H[K]>,
  from: user<H>,
  field: K,
): Op<number> {
  return request(GET, null, { address: from, field: String(field) }, x);
}

/**
 * Writes a field in user space.
 *
 * @param value the value to write
 * @returns 0, or -EFAULT if the address cannot be written
 * @kernel include/linux/uaccess.h
 * @context process context, outside locks that forbid sleeping; may sleep
 * @ordering none
 */
export function put_user<H extends Handle, K extends FieldOf<H>>(
  value: H[K],
  to: user<H>,
  field: K,
): Op<number> {
  storable(value);
  return request(PUT, null, { address: to, field: String(field) }, value);
}

/**
 * Copies a structure from user space.
 *
 * @param to receives the structure
 * @param from a user address
 * @returns 0, or the number of bytes that were not copied, which is all of them
 * @kernel include/linux/uaccess.h
 * @context process context, outside locks that forbid sleeping; may sleep
 * @ordering none
 * @divergence takes no size; copies everything or nothing; embedded members do not change
 */
export function copy_from_user<H extends Handle>(to: H, from: user<H>): Op<number> {
  return request(COPY_FROM, null, from, structOf(to, 'copy_from_user'));
}

/**
 * Copies a structure to user space.
 *
 * @param to a user address
 * @param from the structure to copy
 * @returns 0, or the number of bytes that were not copied, which is all of them
 * @kernel include/linux/uaccess.h
 * @context process context, outside locks that forbid sleeping; may sleep
 * @ordering none
 * @divergence takes no size; copies everything or nothing; embedded members do not change
 */
export function copy_to_user<H extends Handle>(to: user<H>, from: H): Op<number> {
  return request(COPY_TO, null, to, structOf(from, 'copy_to_user'));
}
