// SPDX-License-Identifier: GPL-2.0-only
/**
 * The realm a driver runs in: every built-in frozen, and a compartment whose global object holds a short list of them and nothing
 * else. No clock, no chance, no promise, no memory outside of objects, no way to make code from text.
 */
import Module, { createRequire } from 'node:module';
import path from 'node:path';

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

/** Locks the realm for good. `root` is where the compiled lib/ is found that scenarios mean by '#lib'. */
export function lockRealm(root: string): Realm {
  resolveLib(root);
  // As it was before the lockdown, with what V8 adds to it.
  const errors = Error as unknown as Realm['errors'];
  createRequire(__filename)('ses');
  const ses = globalThis as unknown as Ses; // ses has just put them there
  ses.lockdown(OPTIONS);
  const { harden } = ses;
  const compartment = new ses.Compartment({ __options__: true, name: 'driver', globals: {} });
  for (const name of Object.getOwnPropertyNames(compartment.globalThis)) {
    if (!ALLOWED.has(name)) Reflect.deleteProperty(compartment.globalThis, name);
  }
  harden(compartment.globalThis);
  return { evaluate: (code) => compartment.evaluate(code), harden, errors };
}

/** Node looks '#lib' up in a package.json, which it may not read everywhere. */
function resolveLib(root: string): void {
  // Node does not declare it.
  const loader = Module as unknown as {
    _resolveFilename(name: string, ...rest: unknown[]): string;
  };
  const resolve = loader._resolveFilename.bind(Module);
  const lib = path.join(root, 'lib', 'index.js');
  loader._resolveFilename = (name, ...rest) => (name === '#lib' ? lib : resolve(name, ...rest));
}
