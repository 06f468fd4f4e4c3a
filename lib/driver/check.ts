// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a driver may contain. The verdict "holds in all N interleavings" is only true if the machine knows and resets all
 * state, and if nothing but the schedule decides what happens. So everything else that could remember something between
 * two runs, or differ between them, is refused here with its place in the file, before anything runs.
 *
 * These checks stop honest mistakes and plain tricks; a grader that runs strangers' code adds a sandbox.
 */
import type { Program } from 'acorn';
import type { CheckContext, LibNames } from './context';
import type { Reporter } from './diagnostic';
import { checkForgottenYield } from './forgotten-yield';
import { checkForbidden } from './forbidden';
import { checkGlobals } from './globals';
import { checkImports } from './imports';
import { Names } from './scope';
import { checkSlips } from './slips';
import { checkTopLevel } from './top-level';
import { checkWrites } from './writes';

/** Runs every rule over a parsed driver; the reporter collects the problems. */
export function checkDriver(
  program: Program,
  code: string,
  lib: LibNames,
  reporter: Reporter,
): Names {
  const context: CheckContext = { program, code, names: new Names(program), lib, reporter };
  // The reporter keeps the first sentence for a place, so the most specific rules come first.
  checkImports(context);
  checkForbidden(context);
  checkTopLevel(context);
  checkWrites(context);
  checkGlobals(context);
  checkForgottenYield(context);
  checkSlips(context);
  return context.names;
}
