// SPDX-License-Identifier: GPL-2.0-only
/** From the text of a driver to its functions: strip, check, guard, link, instantiate. */
export { type LibNames } from './context';
export { type Diagnostic, type Rule, formatDiagnostic } from './diagnostic';
export { type DriverHost, instantiate, missingExports } from './instantiate';
export { type LinkedDriver, type RefusedDriver, linkDriver } from './link';
export { type Stripped, stripTypes } from './strip';
