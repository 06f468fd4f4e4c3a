// SPDX-License-Identifier: GPL-2.0-only
/** The compiler and ESLint over everything: a file of its own, so that the other cores do something else meanwhile. */
import * as checks from './checks.js';

it('has neither type errors nor lint', () => {
  const { files, types, lint } = checks.treeProblems();
  expect(files).toBeGreaterThan(100);
  expect(checks.summary([...types, ...lint])).toBe('');
});
