// SPDX-License-Identifier: GPL-2.0-only
/** Drivers as text, run in tests as the loader runs one. */
import * as lib from '../../driver-lib';
import type { Op } from '../../machine';

export type Body = () => Op<unknown>;

/** The functions of a driver, run as the loader runs one: frames bear the driver's name and lines. */
export function load(path: string, source: string): (name: string) => Body {
  const names = [...source.matchAll(/^function\* (\w+)\(\)/gm)].map(([, name]) => name ?? '');
  const evaluate: (code: string) => unknown = eval; // by another name, so that it sees no local variable
  const factory = evaluate(
    `(function ({ ${Object.keys(lib).join(', ')} }) { ${source}; return { ${names.join()} }; })\n` +
      `//# sourceURL=/home/me/${path}`,
  );
  const functions = (factory as (given: typeof lib) => Record<string, Body>)(lib); // what the text above returns
  return (name) => functions[name] ?? unknown(name);
}

function unknown(name: string): never {
  throw new Error(`the driver has no ${name}`);
}
