// SPDX-License-Identifier: GPL-2.0-only
/** The comparison for our rates: the bare algorithm of sketch.ts, or one in another file. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Act, sketch } from './sketch';
import { type Acts, type Family, programs } from './sketch-programs';

/** Makes a contestant that explores up to so many executions of a program and returns their number. */
export type Yardstick = (family: Family, n: number, executionsMax: number) => () => number;

const acts: Acts<Act> = {
  read: (cell) => ({ kind: 'read', cell }),
  write: (cell, value) => ({ kind: 'write', cell, change: () => value }),
  claim: (cell, value) => ({
    kind: 'write',
    cell,
    change: (old) => (old === 0 ? value : undefined),
  }),
  lock: (cell) => ({ kind: 'lock', cell }),
  unlock: (cell) => ({ kind: 'unlock', cell }),
};

/** The bare algorithm. */
export const ownYardstick: Yardstick = (family, n, executionsMax) => {
  const program = programs(acts)[family](n);
  return () => sketch(program, executionsMax);
};

/** The exports of a file given by --yardstick. */
interface SketchModule {
  readonly explore: (
    program: () => unknown[],
    options: { readonly maxExec: number },
  ) => { readonly execs: number };
  readonly read: (cell: number) => unknown;
  readonly write: (cell: number, value: number) => unknown;
  readonly rmw: (cell: number, change: (old: number) => number | undefined) => unknown;
  readonly lock: (cell: number) => unknown;
  readonly unlock: (cell: number) => unknown;
}

/** A module that exports `explore` and its operations. */
export async function yardstickFrom(file: string): Promise<Yardstick> {
  const module = (await import(pathToFileURL(path.resolve(file)).href)) as SketchModule; // the user guarantees its exports
  const { read, write, rmw, lock, unlock, explore } = module;
  const claim = (cell: number, value: number): unknown =>
    rmw(cell, (old) => (old === 0 ? value : undefined));
  const all = programs<unknown>({ read, write, claim, lock, unlock });
  return (family, n, executionsMax) => {
    const program = all[family](n);
    return () => explore(program, { maxExec: executionsMax }).execs;
  };
}
