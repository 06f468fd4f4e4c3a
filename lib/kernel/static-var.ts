// SPDX-License-Identifier: GPL-2.0-only
/** File-scope variables. Every execution begins with their initial values. */
import {
  type Fields,
  Scalar,
  storable,
  struct,
  type StructHandle,
  type StructType,
  type MachineObject,
  makeStruct,
  SyncObject,
} from '../machine';

/** A file-scope variable; its `value` is a plain memory location. */
export type static_var<T> = StructHandle<{
  /** The value of the variable. */
  readonly value: Scalar<T>;
}>;

const variable = struct('static', { value: new Scalar<never>(undefined) });

/**
 * Declares `static T name = initial`. Read and write it as `name.value`, or with READ_ONCE() and WRITE_ONCE().
 *
 * @example
 * const nbd_total_devices = static_var('nbd_total_devices', 0);
 * yield* WRITE_ONCE(nbd_total_devices, 'value', 1);
 * nbd_total_devices.value; // => 1
 *
 * @param initial its value at the start of each execution
 */
export function static_var<T>(name: string, initial: T): static_var<T> {
  storable(initial);
  const object = makeStruct(variable);
  object.initial = ({ values }) => {
    values[0] = initial;
  };
  return object.makeStatic(name).handle;
}

/**
 * Declares `static struct type name`, zeroed. Locks and similar members need their init functions, as in allocated memory.
 *
 * @example
 * const device = struct('device', { lock: spinlock_t, id: int });
 * const first_device = DEFINE_STATIC('first_device', device);
 * yield* spin_lock_init(first_device.lock);
 * first_device.id; // => 0
 *
 * @returns the structure
 */
export function DEFINE_STATIC<F extends Fields>(
  name: string,
  type: StructType<F>,
): StructHandle<F> {
  return makeStruct(type).makeStatic(name).handle;
}

/** A static structure whose locks are ready to be used, as the kernel's initialisers make it; `also` prepares a member further. */
export function readyStatic<F extends Fields>(
  name: string,
  type: StructType<F>,
  also: (member: MachineObject) => void = () => undefined,
): StructHandle<F> {
  const object = makeStruct(type);
  object.initial = ({ members }) => {
    for (const member of members) {
      if (member instanceof SyncObject) member.initialised = true;
      also(member);
    }
  };
  return object.makeStatic(name).handle;
}
