// SPDX-License-Identifier: GPL-2.0-only
/** Runs the compiler and ESLint over everything, in a separate test file so that other cores can run other tests. */
import * as checks from './checks.js';

it('has neither type errors nor lint', () => {
  const { files, types, lint } = checks.treeProblems();
  expect(files).toBeGreaterThan(100);
  expect(checks.summary([...types, ...lint])).toBe('');
});
