// SPDX-License-Identifier: GPL-2.0-only
/** Turns the text of a driver into functions: strip, check, guard, link, instantiate. */
export { type Diagnostic, formatDiagnostic } from './diagnostic';
export { instantiate, missingExports } from './instantiate';
export { type LinkedDriver, linkDriver } from './link';
