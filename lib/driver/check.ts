// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a driver may contain. The verdict "holds in all N interleavings" is only true when every piece of state is one
 * the machine knows and resets, and when nothing but the schedule decides what happens. So whatever else could remember
 * something between two runs, or differ between them, is refused here, before anything runs, with its place in the file.
 *
 * These checks are for honest mistakes and plain tricks; a grader that runs strangers' code adds a sandbox.
 */
import type { Program } from 'acorn';
import type { CheckContext, LibNames } from './context';
import type { Reporter } from './diagnostic';
import { checkForgottenYield } from './forgotten-yield';
import { checkForbidden } from './forbidden';
import { checkGlobals } from './globals';
import { checkImports } from './imports';
import { Names } from './scope';
import { checkTopLevel } from './top-level';
import { checkWrites } from './writes';

/** Runs every rule over a parsed driver; what they find is in the reporter. */
export function checkDriver(program: Program, lib: LibNames, reporter: Reporter): Names {
  const context: CheckContext = { program, names: new Names(program), lib, reporter };
  // At one place the first sentence stands, so the rules that know best what is meant come first.
  checkImports(context);
  checkForbidden(context);
  checkTopLevel(context);
  checkWrites(context);
  checkGlobals(context);
  checkForgottenYield(context);
  return context.names;
}
