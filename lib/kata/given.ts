// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a driver gets of a scenario beside values and kernel objects: functions it may call, arrays it may read, a variable it writes a
 * result to. It gets none of the scenario's own objects, on which it could keep what tasks or executions are to remember; and what
 * it hands back through them is looked at.
 */
import { composite, Handle, isFieldType, type Op, pointerLike, storable } from '../machine';

type Func = (...args: unknown[]) => unknown;

/** An argument as the driver is to see it. */
export function given(value: unknown): unknown {
  if (typeof value === 'function') return givenFunction(value as Func); // the caller knows what it takes
  if (typeof value !== 'object' || value === null) return value;
  if (Handle.is(value) || pointerLike.has(value) || isFieldType(value)) return value;
  if (Array.isArray(value)) return list(value as unknown[]); // whatever is in it
  return Object.isFrozen(value) ? readable(value) : writable(value);
}

/** An array: what it holds now, and a push() to hand results to the scenario, unless that has frozen it. */
function list(value: unknown[]): readonly unknown[] {
  const face = value.map(given);
  if (!Object.isFrozen(value)) {
    const push = (...results: unknown[]): number => {
      for (const one of results) storable(one, 'in an array of the caller');
      return value.push(...results);
    };
    Object.defineProperty(face, 'push', { value: Object.freeze(push) });
  }
  return Object.freeze(face);
}

function readable(value: object): object {
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, one]) => [key, given(one)])),
  );
}

/** A variable of the scenario's, `int *`, or several under names: the driver writes values to it and adds nothing. */
function writable(value: object): object {
  const variable = value as Record<string, unknown>; // its own properties are all that is asked for
  const face = {};
  for (const key of Object.keys(variable)) {
    const get = (): unknown => given(variable[key]);
    const set = (written: unknown): void => {
      storable(written, `in '${key}' of the caller`);
      variable[key] = written;
    };
    Object.defineProperty(face, key, {
      get: Object.freeze(get),
      set: Object.freeze(set),
      enumerable: true,
    });
  }
  return Object.freeze(face);
}

/** One for each function of a scenario's: drivers may compare them. */
const known = new WeakMap<Func, Func>();

function givenFunction(func: Func): Func {
  const before = known.get(func);
  if (before !== undefined) return before;
  const { name } = func;
  const door = (...args: unknown[]): unknown => {
    for (const arg of args) storable(arg, `in an argument of ${name}()`);
    const result = func(...args);
    return isOp(result) ? composite(name, op(result)) : given(result);
  };
  const made = Object.freeze(Object.defineProperty(door, 'name', { value: name }));
  known.set(func, made);
  known.set(made, made);
  return made;
}

function* op(steps: Op<unknown>): Op<unknown> {
  return given(yield* steps);
}

/** Whether a function has returned an operation, to be run for its result. */
export function isOp(value: unknown): value is Op<unknown> {
  if (typeof value !== 'object' || value === null || Handle.is(value)) return false;
  return !pointerLike.has(value) && Symbol.iterator in value;
}
