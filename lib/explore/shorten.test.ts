// SPDX-License-Identifier: GPL-2.0-only
import { Machine, UsageError } from '../machine';
import { follow, wantedOf } from './attempts';
import { formatSchedule, parseSchedule, turnsOf } from './schedule';
import { shortened } from './shorten';
import { lostUpdate } from './testing/races';

/** A failing schedule, shortened. Each of three tasks starts, reads, and writes the value it read plus one. */
function shorten(text: string): string {
  const machine = new Machine(lostUpdate(3));
  const attempt = follow(machine, turnsOf(parseSchedule(text)));
  if (attempt.finding === null) throw new UsageError('this does not fail');
  return formatSchedule(shortened(machine, attempt, wantedOf(attempt.finding)).schedule);
}

it.each([
  ['leaves out runs that are not needed', 'A2 B2 A1 B1 C3', 'A2 B3 A1 C3'],
  ['leaves out several', 'A1 B2 C2 A2 C1 B1', 'B2 A3 B1 C3'],
  ['keeps what cannot be shorter', 'A3 B2 C3 B1', 'A3 B2 C3 B1'],
])('%s', (_name, long, short) => {
  expect(shorten(long)).toBe(short);
});
