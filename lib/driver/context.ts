// SPDX-License-Identifier: GPL-2.0-only
/** What every rule for drivers works on. */
import type { Program } from 'acorn';
import type { Reporter } from './diagnostic';
import type { Names } from './scope';

/** What the library offers to a driver, by name. */
export interface LibNames {
  /** Every value (not type) that `#lib` exports. */
  readonly libExports: ReadonlySet<string>;
  /** Values that `#lib` has for scenarios alone. */
  readonly scenarioExports?: ReadonlySet<string>;
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
