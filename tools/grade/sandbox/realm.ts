// SPDX-License-Identifier: GPL-2.0-only
/** Locks the realm of a process, and lets scenarios find the library in it. */
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { lock, ownErrors, type Realm } from './lock';

export { type Realm } from './lock';

/** Locks the realm for good. `root` is where the compiled lib/ is found that scenarios mean by '#lib'. */
export function lockRealm(root: string): Realm {
  resolveLib(root);
  const errors = ownErrors();
  createRequire(__filename)('ses');
  return lock(errors);
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
