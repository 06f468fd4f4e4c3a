// SPDX-License-Identifier: GPL-2.0-only
/** Prettier over everything: a file of its own, so that the other cores do something else meanwhile. */
import * as checks from './checks.js';

it('is formatted', () => {
  expect(checks.summary(checks.formatProblems())).toBe('');
});
