// SPDX-License-Identifier: GPL-2.0-only
import { exitCodeOf } from './exit-code';

it.each([
  ['pass', 0],
  ['fail', 1],
  ['rejected', 1],
  ['error', 3],
  ['bound', 4],
  ['timeout', 4],
] as const)('%s ends with %i', (status, code) => {
  expect(exitCodeOf(status)).toBe(code);
});
