// SPDX-License-Identifier: GPL-2.0-only
/** What our rates are held against: the bare algorithm of sketch.ts, or a file that has one of its own. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Act, sketch } from './sketch';
import { type Acts, type Family, programs } from './sketch-programs';

/** Gives a contestant: it explores a program, up to so many executions, and says how many there were. */
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

/** What a file given by --yardstick exports. */
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
  const module = (await import(pathToFileURL(path.resolve(file)).href)) as SketchModule; // whoever names it knows what is in it
  const { read, write, rmw, lock, unlock, explore } = module;
  const claim = (cell: number, value: number): unknown =>
    rmw(cell, (old) => (old === 0 ? value : undefined));
  const all = programs<unknown>({ read, write, claim, lock, unlock });
  return (family, n, executionsMax) => {
    const program = all[family](n);
    return () => explore(program, { maxExec: executionsMax }).execs;
  };
}
