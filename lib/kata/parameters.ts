// SPDX-License-Identifier: GPL-2.0-only
/**
 * What an argument of a driver's is looked at for, by the words of PARAMETERS. An argument is asked once: the library works with what
 * was looked at, and whatever could answer another time in another way is copied or refused.
 */
import * as driverLib from '../driver-lib';
import { Handle, isType, objectOf, pointerLike, Scalar, storable, StructObject } from '../machine';

/** Whether an argument is what a word says. */
export type Fits = (argument: unknown) => boolean;

const isNothing = (argument: unknown): boolean => argument === null || argument === undefined;
const isObject = (argument: unknown): boolean =>
  isNothing(argument) || Handle.is(argument) || isPointerLike(argument);

/** Following one faults. */
function isPointerLike(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && pointerLike.has(argument);
}

function isStorable(argument: unknown): boolean {
  storable(argument); // says itself what cannot be
  return true;
}

const SHORT = /^[\x20-\x7e]{0,200}$/;

/** Names stand in reports, between places and functions: one that holds a bracket or a blank could be read as those. */
const NAME = /^[A-Za-z_][\w.%-]{0,63}$/;

function haveNames(argument: unknown): boolean {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    Object.keys(argument).every((name) => NAME.test(name))
  );
}

const WORDS: Readonly<Record<string, Fits>> = {
  number: (argument) => typeof argument === 'number',
  boolean: (argument) => typeof argument === 'boolean' || isNothing(argument),
  string: (argument) => typeof argument === 'string' && SHORT.test(argument),
  name: (argument) => typeof argument === 'string' && NAME.test(argument),
  field: (argument) => typeof argument === 'string' || typeof argument === 'number',
  function: (argument) => isNothing(argument) || typeof argument === 'function',
  object: isObject,
  type: isType,
  scalar: (argument) => Scalar.is(argument),
  value: isStorable,
  nothing: isNothing,
  own: () => true,
  '...': () => true,
  // What is copied, or known by its maker, is looked at when that is done.
  attribute: () => true,
  info: (argument) => typeof argument === 'object',
  table: (argument) => typeof argument === 'object',
  fields: haveNames,
  array: (argument) => Array.isArray(argument),
  out: (argument) => typeof argument === 'object' && argument !== null,
};

/** What messages say that an argument is not. */
const SPELT: Readonly<Record<string, string>> = {
  field: 'the name of a field',
  name: 'a plain name',
  object: 'a kernel object',
  type: 'a structure type',
  scalar: 'the type of a field',
  fields: 'a list of fields with plain names',
  out: 'a variable',
};

/** A word in a message: `a number`, `an atomic_t`. */
export function spelt(word: string): string {
  return SPELT[word] ?? `${/^[aeio]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** Types of objects by the names that the compiler has for their handles, where those differ. */
const TYPE_NAMES: Readonly<Record<string, string>> = { percpu_int: 'percpu' };

/** How to look at arguments of which PARAMETERS says this. */
export function fitting(word: string): Fits {
  const required = WORDS[word];
  if (required !== undefined) return required;
  if (word.endsWith('?')) {
    const fits = fitting(word.slice(0, -1));
    return (argument) => argument === undefined || fits(argument);
  }
  const known: unknown = Object.entries(driverLib).find(([name]) => name === word)?.[1];
  const fields = isType(known) ? known.fields : undefined;
  const typeName = TYPE_NAMES[word] ?? word;
  return (argument) => {
    if (isNothing(argument) || isPointerLike(argument)) return true;
    if (!Handle.is(argument)) return false;
    const object = objectOf(argument);
    return object instanceof StructObject
      ? object.layout.fields === fields
      : fields === undefined && object.typeName === typeName;
  };
}
