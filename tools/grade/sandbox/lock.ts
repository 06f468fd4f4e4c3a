// SPDX-License-Identifier: GPL-2.0-only
/**
 * The realm a driver runs in: every built-in frozen, and a compartment whose global object holds a short list of them and nothing
 * else. No clock, no chance, no promise, no memory outside of objects, no way to make code from text. Nothing here needs Node: a
 * page locks its worker with it as a process locks itself.
 */

export interface Realm {
  /** Evaluates a linked driver. */
  readonly evaluate: (code: string) => unknown;
  /** Freezes a value and all that can be reached from it. */
  readonly harden: <T>(value: T) => T;
  /** The realm's own Error, which nobody else can reach any more: V8 asks it how to write stacks. */
  readonly errors: {
    prepareStackTrace?: (error: Error, frames: readonly NodeJS.CallSite[]) => string;
  };
}

/** What `ses` puts on the global object. */
interface Ses {
  lockdown(options: Readonly<Record<string, string>>): void;
  harden: Realm['harden'];
  Compartment: new (options: object) => {
    readonly globalThis: Record<string, unknown>;
    evaluate(code: string): unknown;
  };
}

const OPTIONS = {
  errorTaming: 'safe',
  overrideTaming: 'min',
  consoleTaming: 'unsafe',
  reporting: 'none',
  errorTrapping: 'none',
  unhandledRejectionTrapping: 'none',
};

/** The global names lib/driver lets a driver use; console is given to it as a parameter. */
const ALLOWED = new Set(
  [
    'Infinity NaN undefined globalThis isFinite isNaN parseFloat parseInt',
    'Array BigInt Boolean Map Number Object Set String JSON Math Error RangeError TypeError',
  ]
    .join(' ')
    .split(' '),
);

/** Locks the realm for good, with what `ses` has put on the global object. Errors are those from before the lockdown. */
export function lock(errors: Realm['errors']): Realm {
  const ses = globalThis as unknown as Ses; // the caller has loaded it
  ses.lockdown(OPTIONS);
  const { harden } = ses;
  const compartment = new ses.Compartment({ __options__: true, name: 'driver', globals: {} });
  for (const name of Object.getOwnPropertyNames(compartment.globalThis)) {
    if (!ALLOWED.has(name)) Reflect.deleteProperty(compartment.globalThis, name);
  }
  harden(compartment.globalThis);
  return { evaluate: (code) => compartment.evaluate(code), harden, errors };
}

/** The realm's own Error with what V8 adds to it; to be called before the lockdown. */
export function ownErrors(): Realm['errors'] {
  return Error as unknown as Realm['errors']; // declared for nobody but Node
}
