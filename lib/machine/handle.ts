// SPDX-License-Identifier: GPL-2.0-only
/**
 * Handles: how driver code refers to objects. A handle exposes only its accessors, so code under test can neither read
 * nor change the machine's own state.
 */
import type { MachineObject } from './object';

let reach: (handle: Handle) => MachineObject;

/** A machine object as a driver sees it. */
export class Handle {
  readonly #object: MachineObject;

  /** @internal */
  constructor(object: MachineObject) {
    this.#object = object;
    Object.freeze(this);
  }

  static {
    reach = (handle) => handle.#object;
  }

  /** @internal */
  static is(value: unknown): value is Handle {
    return typeof value === 'object' && value !== null && #object in value;
  }
}

/**
 * Freezes what all objects of a class share, including methods and accessors, and removes the constructor. So nobody can
 * make or recognise such objects through it, or store anything on it.
 */
export function sealPrototype(prototype: object): void {
  Reflect.deleteProperty(prototype, 'constructor');
  for (const key of Reflect.ownKeys(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, key);
    const parts: unknown[] = Object.values(property ?? {});
    for (const part of parts) {
      if (typeof part === 'function') Object.freeze(part);
    }
  }
  Object.freeze(prototype);
}

sealPrototype(Handle.prototype);

declare const brand: unique symbol;
declare const behind: unique symbol;

/**
 * A handle of a named type and of the class of its objects. The name keeps a mutex from being passed as a spinlock; the
 * class is the result of objectOf(). Both exist only for the compiler.
 */
export interface Branded<
  Name extends string,
  O extends MachineObject = MachineObject,
> extends Handle {
  /** @internal */
  readonly [brand]?: Name;
  /** @internal */
  readonly [behind]?: O;
}

/** The class of the objects behind a handle. */
export type Behind<H extends Handle> =
  H extends Branded<string, infer O extends MachineObject> ? O : MachineObject;

/** A handle for an object of the class that the handle's type names. */
export function makeHandle<H extends Handle>(object: Behind<H>): H {
  return new Handle(object) as H; // the brand exists only for the compiler
}

/** Pointer-like values other than handles that may be stored in memory, such as error pointers, with their names. */
export const pointerLike = new WeakMap<object, string>();

/** The object of a handle. A NULL handle faults here, as following the pointer would. */
export function objectOf<H extends Handle>(handle: H): Behind<H> {
  return reach(handle) as Behind<H>; // only makeHandle() and structures make handles, each for an object of that class
}
