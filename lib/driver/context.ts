// SPDX-License-Identifier: GPL-2.0-only
/** The input of every rule for drivers. */
import type { Program } from 'acorn';
import type { Reporter } from './diagnostic';
import type { Names } from './scope';

/** The names that the library offers to a driver. */
export interface LibNames {
  /** Every value (not type) that `#lib` exports. */
  readonly libExports: ReadonlySet<string>;
  /** Values that `#lib` exports for scenarios only. */
  readonly scenarioExports?: ReadonlySet<string>;
  /** The exports whose calls declare a static or a structure: `struct`, `ptr`, `DEFINE_SPINLOCK`, `static_var`, ... */
  readonly declarators: ReadonlySet<string>;
  /**
   * The names of the structures that a driver may declare static; without it, any. A static structure never dies, so nothing in it can be
   * used after free: a driver that keeps its objects in static ones would be right whatever it did.
   */
  readonly statics?: ReadonlySet<string>;
  /** The exports that return an `Op`, so that calling them without `yield*` does nothing. */
  readonly opExports: ReadonlySet<string>;
}

/** The input of each family of rules. */
export interface CheckContext {
  readonly program: Program;
  /** The text that was parsed. */
  readonly code: string;
  readonly names: Names;
  readonly lib: LibNames;
  readonly reporter: Reporter;
}
