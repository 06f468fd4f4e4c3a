// SPDX-License-Identifier: GPL-2.0-only
/** For tests: runs drivers from text, as the loader does. */
import * as lib from '../../driver-lib';
import type { Op } from '../../machine';

export type Body = () => Op<unknown>;

/** Returns the functions of a driver by name; their frames have the driver's name and lines. */
export function load(path: string, source: string): (name: string) => Body {
  const names = [...source.matchAll(/^function\* (\w+)\(\)/gm)].map(([, name]) => name ?? '');
  const evaluate: (code: string) => unknown = eval; // under another name, so that the code does not see local variables
  const factory = evaluate(
    `(function ({ ${Object.keys(lib).join(', ')} }) {{ ${source}; return { ${names.join()} }; }})\n` +
      `//# sourceURL=/home/me/${path}`,
  );
  const functions = (factory as (given: typeof lib) => Record<string, Body>)(lib); // the factory text above returns this
  return (name) => functions[name] ?? unknown(name);
}

function unknown(name: string): never {
  throw new Error(`the driver has no ${name}`);
}
