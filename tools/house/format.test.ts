// SPDX-License-Identifier: GPL-2.0-only
/** Runs Prettier over everything, in a separate test file so that other cores can run other tests. */
import * as checks from './checks.js';

it('is formatted', () => {
  expect(checks.summary(checks.formatProblems())).toBe('');
});
