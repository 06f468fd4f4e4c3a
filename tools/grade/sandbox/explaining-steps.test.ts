// SPDX-License-Identifier: GPL-2.0-only
import { explainingSteps } from './explaining-steps';

it.each([
  // A small kata: every failure has what it needs, however many there are.
  { explored: 4000, failing: 1, each: 50_000 },
  { explored: 4000, failing: 22, each: 2727 },
  // A large one: in all twice of what exploring took, and no more than what the largest needs.
  { explored: 55_000, failing: 5, each: 22_000 },
  { explored: 55_000, failing: 21, each: 5238 },
  { explored: 5_000_000, failing: 20, each: 30_000 },
  { explored: 0, failing: 0, each: 50_000 },
])('gives each of $failing failures $each steps after $explored', ({ explored, failing, each }) => {
  expect(explainingSteps(explored, failing)).toBe(each);
});
