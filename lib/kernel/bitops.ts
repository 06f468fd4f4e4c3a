// SPDX-License-Identifier: GPL-2.0-only
/** Bits of an integer, changed indivisibly. After include/asm-generic/bitops; orderings after Documentation/atomic_bitops.txt. */
import { type Handle, type Kind, observe, type Op, type StructObject } from '../machine';
import { order, type Ordering } from './counter';
import { choosing, make, type Place, wrote } from './marked';
import { FIELD, fieldRequest } from './once';

/** The fields of a handle that hold numbers. */
export type NumberOf<H> = {
  [K in keyof H]: H[K] extends number ? K : never;
}[keyof H] &
  string;

function bitOperation<R>(
  name: string,
  write: boolean,
  change: (value: number, mask: number) => number,
  ordering: (was: boolean) => Ordering,
  result: (was: boolean) => R,
): Kind<StructObject, [slot: number, nr: number], R> {
  const place: Place<StructObject, [slot: number, nr: number]> = {
    ...FIELD,
    load: true,
    store: write,
    silent: result(true) === undefined,
    learns: (read, { b: nr }) => result(((read as number) & (1 << nr)) !== 0), // a NumberOf field holds a number
    effect(read, { b: nr }) {
      const value = read as number; // a NumberOf field holds a number
      const strength = ordering((value & (1 << nr)) !== 0);
      return {
        store: write && (strength !== 'relaxed' || change(value, 1 << nr) !== value),
        strength,
      };
    },
  };
  return {
    name,
    access: write ? 'write' : 'read',
    field: 'bit',
    ...choosing(place),
    perform(machine, task, request) {
      const { object: memory, a: slot, b: nr } = request;
      const made = make(place, machine, task, request);
      const value = made.read as number; // a NumberOf field holds a number
      const mask = 1 << nr;
      const was = (value & mask) !== 0;
      const after = write ? change(value, mask) : value;
      if (write && made.newest) memory.values[slot] = after;
      const how = ordering(was);
      if (how === 'relaxed' || how === 'release') observe(task, made.from, place.silent);
      if (how !== 'relaxed' || after !== value) order(machine, task, made, how);
      wrote(made, after);
      return result(was);
    },
  };
}

const on = (value: number, mask: number): number => value | mask;
const off = (value: number, mask: number): number => value & ~mask;
const flip = (value: number, mask: number): number => value ^ mask;
const nothing = (): void => undefined;
const found = (was: boolean): boolean => was;

const SET = bitOperation('set_bit', true, on, () => 'relaxed', nothing);
const CLEAR = bitOperation('clear_bit', true, off, () => 'relaxed', nothing);
const CHANGE = bitOperation('change_bit', true, flip, () => 'relaxed', nothing);
const TEST = bitOperation('test_bit', false, on, () => 'relaxed', found);
const TEST_AND_SET = bitOperation('test_and_set_bit', true, on, () => 'full', found);
const TEST_AND_CLEAR = bitOperation('test_and_clear_bit', true, off, () => 'full', found);
const TEST_AND_SET_LOCK = bitOperation(
  'test_and_set_bit_lock',
  true,
  on,
  (was) => (was ? 'relaxed' : 'acquire'),
  found,
);
const CLEAR_UNLOCK = bitOperation('clear_bit_unlock', true, off, () => 'release', nothing);

function bit<H extends Handle, R>(
  kind: Kind<StructObject, [slot: number, nr: number], R>,
  nr: number,
  object: H,
  field: NumberOf<H>,
): Op<R> {
  if (!(nr >= 0 && nr < 32)) throw new TypeError(`${kind.name}: no bit ${nr} in 32`);
  return fieldRequest(kind, object, field, nr);
}

/**
 * Sets a bit.
 *
 * @example
 * const device = struct('device', { flags: int });
 * const one = DEFINE_STATIC('one', device);
 * yield* set_bit(0, one, 'flags');
 * yield* change_bit(1, one, 'flags');
 * yield* READ_ONCE(one, 'flags'); // => 3
 * yield* test_and_clear_bit(0, one, 'flags'); // => true
 * yield* test_and_set_bit(1, one, 'flags'); // => true
 * yield* clear_bit(1, one, 'flags');
 * yield* test_bit(1, one, 'flags'); // => false
 * yield* test_and_set_bit_lock(4, one, 'flags'); // => false
 * yield* clear_bit_unlock(4, one, 'flags');
 * @param nr which bit of the field: 0 is the lowest
 * @param field the number that holds it
 * @kernel include/linux/bitops.h
 * @context any; does not sleep
 * @ordering none
 * @divergence the bits of one field with 32 of them, no longer bitmap
 */
export function set_bit<H extends Handle>(nr: number, object: H, field: NumberOf<H>): Op<void> {
  return bit(SET, nr, object, field);
}

/**
 * Clears a bit.
 *
 * @param nr which bit of the field: 0 is the lowest
 * @param field the number that holds it
 * @kernel include/linux/bitops.h
 * @context any; does not sleep
 * @ordering none
 */
export function clear_bit<H extends Handle>(nr: number, object: H, field: NumberOf<H>): Op<void> {
  return bit(CLEAR, nr, object, field);
}

/**
 * Inverts a bit.
 *
 * @param nr which bit of the field: 0 is the lowest
 * @param field the number that holds it
 * @kernel include/linux/bitops.h
 * @context any; does not sleep
 * @ordering none
 */
export function change_bit<H extends Handle>(nr: number, object: H, field: NumberOf<H>): Op<void> {
  return bit(CHANGE, nr, object, field);
}

/**
 * Reads whether a bit is set.
 *
 * @param nr which bit of the field: 0 is the lowest
 * @param field the number that holds it
 * @returns whether it is set; it may already be stale
 * @kernel include/linux/bitops.h
 * @context any; does not sleep
 * @ordering none
 */
export function test_bit<H extends Handle>(nr: number, object: H, field: NumberOf<H>): Op<boolean> {
  return bit(TEST, nr, object, field);
}

/**
 * Sets a bit and returns whether it was set before.
 *
 * @param nr which bit of the field: 0 is the lowest
 * @param field the number that holds it
 * @returns whether it was set before
 * @kernel include/linux/bitops.h
 * @context any; does not sleep
 * @ordering full, also where the bit stays as it was, which Linux promises since 6.0
 */
export function test_and_set_bit<H extends Handle>(
  nr: number,
  object: H,
  field: NumberOf<H>,
): Op<boolean> {
  return bit(TEST_AND_SET, nr, object, field);
}

/**
 * Clears a bit and returns whether it was set before.
 *
 * @param nr which bit of the field: 0 is the lowest
 * @param field the number that holds it
 * @returns whether it was set before
 * @kernel include/linux/bitops.h
 * @context any; does not sleep
 * @ordering full, also where the bit stays as it was, which Linux promises since 6.0
 */
export function test_and_clear_bit<H extends Handle>(
  nr: number,
  object: H,
  field: NumberOf<H>,
): Op<boolean> {
  return bit(TEST_AND_CLEAR, nr, object, field);
}

/**
 * Takes a lock that is a bit, unless another task holds it.
 *
 * @param nr which bit of the field: 0 is the lowest
 * @param field the number that holds it
 * @returns whether it was set before: false means that the caller now holds the lock
 * @kernel include/linux/bitops.h
 * @context any; does not sleep
 * @ordering acquire when it returns false, none otherwise
 */
export function test_and_set_bit_lock<H extends Handle>(
  nr: number,
  object: H,
  field: NumberOf<H>,
): Op<boolean> {
  return bit(TEST_AND_SET_LOCK, nr, object, field);
}

/**
 * Releases a lock that is a bit.
 *
 * @param nr which bit of the field: 0 is the lowest
 * @param field the number that holds it
 * @kernel include/linux/bitops.h
 * @context any; does not sleep
 * @ordering release
 */
export function clear_bit_unlock<H extends Handle>(
  nr: number,
  object: H,
  field: NumberOf<H>,
): Op<void> {
  return bit(CLEAR_UNLOCK, nr, object, field);
}
