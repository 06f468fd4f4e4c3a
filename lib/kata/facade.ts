// SPDX-License-Identifier: GPL-2.0-only
/**
 * A driver as scenarios see it: its exports, which return only values and kernel objects. If a scenario kept an object
 * of the driver's own in its world, tasks would share memory that the machine does not see.
 */
import {
  enterFunction,
  Handle,
  leaveFunction,
  type Op,
  pointerLike,
  type Request,
  storable,
} from '../machine';

type Exports = Readonly<Record<string, unknown>>;

/** The driver with a check of every result. */
export function facadeOf(driver: Exports): Exports {
  const facade: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(driver)) {
    // Scenarios have the driver's own types and call its functions with matching arguments.
    facade[name] = typeof value === 'function' ? guarded(name, value as Func) : value;
  }
  return Object.freeze(facade);
}

type Func = (...args: unknown[]) => unknown;

function guarded(name: string, func: Func): unknown {
  const facade = (...args: unknown[]): unknown => {
    const result = func(...args);
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

/** Whether a function has returned an operation, which must run to give a result. */
export function isOp(value: unknown): value is Op<unknown> {
  if (typeof value !== 'object' || value === null || Handle.is(value)) return false;
  return !pointerLike.has(value) && Symbol.iterator in value;
}

function checked(value: unknown): unknown {
  storable(value);
  return value;
}
