// SPDX-License-Identifier: GPL-2.0-only
/** The first half of loading a driver: links its text for a kata. It loads nothing of the library. */
import {
  type Diagnostic,
  formatDiagnostic,
  type LinkedDriver,
  linkDriver,
  missingExports,
} from '../driver';
import { DECLARATORS, OP_EXPORTS, SCENARIO_EXPORTS } from './lib-names';

/** Sentences that say why a driver is refused. */
export interface Refused {
  readonly ok: false;
  readonly problems: readonly string[];
}

/** A driver that is refused for these reasons. */
export function refused(problems: readonly string[]): Refused {
  return { ok: false, problems };
}

/** What a kata wants of its driver. */
export interface Wanted {
  /** The exports that the scenarios call. */
  readonly exports: readonly string[];
  /** The structures it may declare static; without it, any. */
  readonly statics?: readonly string[];
}

/** Links a driver; `libExports` are the values of `#lib`. */
export function linkSource(
  source: string,
  shown: string,
  { exports, statics }: Wanted,
  libExports: readonly string[],
): LinkedDriver | Refused {
  const linked = linkDriver(source, shown, {
    libExports: new Set(libExports),
    scenarioExports: new Set(SCENARIO_EXPORTS),
    declarators: new Set(DECLARATORS),
    opExports: new Set(OP_EXPORTS),
    ...(statics === undefined ? {} : { statics: new Set(statics) }),
  });
  if (!linked.ok) return refused(linked.diagnostics.map((d: Diagnostic) => formatDiagnostic(d)));
  const missing = missingExports(linked, exports);
  if (missing.length === 0) return linked;
  return refused(
    missing.map((name) => `${shown}:1:1: does not export ${name}, which the scenarios call`),
  );
}
