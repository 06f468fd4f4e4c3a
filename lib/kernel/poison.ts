// SPDX-License-Identifier: GPL-2.0-only
/** Pointers that lead nowhere and serve as marks. After include/linux/poison.h. */
import {
  type Fields,
  makeStruct,
  pointerLike,
  type StructHandle,
  StructObject,
  type StructType,
} from '../machine';

const names = new WeakMap<object, string>();

/** The name under which a pointer was defined; null for any other value. */
export function nameOfPointer(value: unknown): string | null {
  return typeof value === 'object' && value !== null ? (names.get(value) ?? null) : null;
}

/**
 * Defines a pointer that is neither NULL nor valid: `#define MINOR_ALLOCED ((void *)-1)`. It can be stored and compared; following
 * it faults.
 *
 * @example
 * const mapped_device = struct('mapped_device', { minor: int });
 * const MINOR_ALLOCED = DEFINE_POINTER<StructOf<typeof mapped_device>>('MINOR_ALLOCED');
 * @returns a pointer that equals only itself
 * @divergence in C a macro with a cast, which fits every pointer; here it has the type it stands for
 */
export function DEFINE_POINTER<T extends object>(name: string): T {
  const fault = (): never => {
    const where = `probably for non-canonical address 0xffffffffffffffff: ${name}`;
    throw new TypeError(`general protection fault, ${where}`);
  };
  const pointer = new Proxy(Object.freeze({}), { get: fault, set: fault, has: fault });
  pointerLike.set(pointer, name);
  names.set(pointer, name);
  return pointer as T; // never followed, only compared
}

/** The object behind a poisoned pointer. */
class Poison extends StructObject {
  readonly fault: string;

  constructor(
    layout: StructObject['layout'],
    readonly name: string,
    address: string,
  ) {
    super(layout);
    this.fault = `general protection fault, probably for non-canonical address ${address}: ${name}`;
  }

  override get label(): string {
    return this.name;
  }

  override fresh(): this {
    throw new TypeError(this.fault);
  }
}

/** A pointer to a structure that faults when followed, as those do that list_del() leaves behind. */
export function poisonOf<F extends Fields>(
  type: StructType<F>,
  name: string,
  address: string,
): StructHandle<F> {
  return new Poison(makeStruct(type).layout, name, address).handle as StructHandle<F>; // it has that layout
}
