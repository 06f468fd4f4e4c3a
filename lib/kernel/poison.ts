// SPDX-License-Identifier: GPL-2.0-only
/** Pointers that lead nowhere and serve as marks. After include/linux/poison.h. */
import { pointerLike } from '../machine';

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
