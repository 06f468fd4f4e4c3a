// SPDX-License-Identifier: GPL-2.0-only
/** From the text of a driver to its functions: strip, check, guard, link, instantiate. */
export { type Diagnostic, formatDiagnostic } from './diagnostic';
export { instantiate, missingExports } from './instantiate';
export { type LinkedDriver, linkDriver } from './link';
