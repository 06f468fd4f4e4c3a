// SPDX-License-Identifier: GPL-2.0-only
/**
 * Handles: what driver code holds of an object. A handle gives away nothing but its accessors, so code under test can
 * neither read nor change the machine's own state.
 */
import type { MachineObject } from './object';

let reach: (handle: Handle) => MachineObject;

/** Driver-side face of a machine object. */
export class Handle {
  readonly #object: MachineObject;

  constructor(object: MachineObject) {
    this.#object = object;
    Object.freeze(this);
  }

  static {
    reach = (handle) => handle.#object;
  }

  static is(value: unknown): value is Handle {
    return typeof value === 'object' && value !== null && #object in value;
  }
}

/** The object behind a handle. A NULL handle faults here, as following the pointer would. */
export function objectOf(handle: Handle): MachineObject {
  return reach(handle);
}
