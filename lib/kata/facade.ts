// SPDX-License-Identifier: GPL-2.0-only
/**
 * A driver as scenarios see it: its exports, which return only values and kernel objects. If a scenario kept an object
 * of the driver's own in its world, tasks would share memory that the machine does not see.
 */
import {
  enterFunction,
  Handle,
  isFieldType,
  leaveFunction,
  pointerLike,
  type Op,
  type Request,
  storable,
} from '../machine';
import { given, isOp } from './given';

type Exports = Readonly<Record<string, unknown>>;

/** The driver with every argument and every result looked at. */
export function facadeOf(driver: Exports): Exports {
  const facade: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(driver)) {
    facade[name] = exported(name, value);
  }
  return Object.freeze(facade);
}

/** Scenarios have the driver's own types and objects, and call its functions, also those of a table, with what those take. */
function exported(name: string, value: unknown): unknown {
  if (typeof value === 'function') return guarded(name, value as Func); // called as the driver's scenarios call it
  if (typeof value !== 'object' || value === null) return value;
  if (Handle.is(value) || pointerLike.has(value) || isFieldType(value)) return value;
  const parts = Object.entries(value).map(([key, part]) => [key, exported(key, part)] as const);
  const table: Exports = Object.fromEntries(parts);
  return Object.freeze(Array.isArray(value) ? Object.values(table) : table);
}

type Func = (...args: unknown[]) => unknown;

function guarded(name: string, func: Func): unknown {
  const facade = (...args: unknown[]): unknown => {
    const result = func(...args.map(given));
    return isOp(result) ? guardedOp(result) : checked(result);
  };
  return Object.freeze(Object.defineProperty(facade, 'name', { value: name }));
}

/**
 * Runs an operation as `yield*` does. A plain `yield*` would pass on result objects made by the driver, which its caller
 * would query again. The objects on the stack of the driver's functions die when the call returns to the scenario, even
 * if no function of the driver is left to report its end.
 */
function* guardedOp(op: Op<unknown>): Generator<Request, unknown> {
  const steps = op[Symbol.iterator]();
  const depth = enterFunction();
  try {
    let input: unknown;
    for (;;) {
      const { done, value } = steps.next(input);
      if (done === true) return checked(value);
      input = yield value; // the machine checks that it is a request
    }
  } finally {
    leaveFunction(depth);
  }
}

function checked(value: unknown): unknown {
  storable(value);
  return value;
}
