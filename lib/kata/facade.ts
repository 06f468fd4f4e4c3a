// SPDX-License-Identifier: GPL-2.0-only
/**
 * What scenarios see of a driver: its exports, which hand out nothing but values and kernel objects. An object of the driver's
 * own, kept in a scenario's world, would be memory that tasks share and the machine does not see.
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

/** The driver with every result looked at. */
export function facadeOf(driver: Exports): Exports {
  const facade: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(driver)) {
    // Scenarios have the driver's own types and call its functions with what those take.
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
 * As `yield*` would run it, which however hands on result objects a driver has made up, to be asked again by whoever is outside.
 * Whatever a driver's function has put on its stack is gone when it returns to the scenario, also where no function of the
 * driver's is left that could say so.
 */
function* guardedOp(op: Op<unknown>): Generator<Request, unknown> {
  const steps = op[Symbol.iterator]();
  const depth = enterFunction();
  try {
    let input: unknown;
    for (;;) {
      const { done, value } = steps.next(input);
      if (done === true) return checked(value);
      input = yield value; // the machine looks whether it is one
    }
  } finally {
    leaveFunction(depth);
  }
}

/** Whether a function has returned an operation, to be run for its result. */
export function isOp(value: unknown): value is Op<unknown> {
  if (typeof value !== 'object' || value === null || Handle.is(value)) return false;
  return !pointerLike.has(value) && Symbol.iterator in value;
}

function checked(value: unknown): unknown {
  storable(value);
  return value;
}
