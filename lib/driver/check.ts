// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a driver may contain. The verdict "holds in all N interleavings" is only true when every piece of state is one
 * the machine knows and resets, and when nothing but the schedule decides what happens. So whatever else could remember
 * something between two runs, or differ between them, is refused here, before anything runs, with its place in the file.
 *
 * These checks are for honest mistakes and plain tricks; a grader that runs strangers' code adds a sandbox.
 */
import type { Program } from 'acorn';
import type { Reporter } from './diagnostic';
import { checkForgottenYield } from './forgotten-yield';
import { checkForbidden } from './forbidden';
import { checkGlobals } from './globals';
import { checkImports } from './imports';
import { Names } from './scope';
import { checkTopLevel } from './top-level';
import { checkWrites } from './writes';

/** What the library offers to a driver, by name. */
export interface LibNames {
  /** Every value (not type) that `#lib` exports. */
  readonly libExports: ReadonlySet<string>;
  /** The exports whose calls declare a static or a structure: `struct`, `ptr`, `DEFINE_SPINLOCK`, `static_var`, ... */
  readonly declarators: ReadonlySet<string>;
  /** The exports that return an `Op`, so that calling them without `yield*` does nothing. */
  readonly opExports: ReadonlySet<string>;
}

/** What each family of rules works on. */
export interface CheckContext {
  readonly program: Program;
  readonly names: Names;
  readonly lib: LibNames;
  readonly reporter: Reporter;
}

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
