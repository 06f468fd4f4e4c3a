// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { UsageError } from '../machine';
import { formatSchedule, parseSchedule, type ScheduleStep, scheduleOf, turnsOf } from './schedule';

const path = fc
  .tuple(
    fc.stringMatching(/^Z{0,2}[A-Y]$/),
    fc.array(fc.stringMatching(/^z{0,2}[a-y]$/), { maxLength: 3 }),
  )
  .map(([root, children]) => root + children.join(''));

const step: fc.Arbitrary<ScheduleStep> = fc.oneof(
  fc.record({ path, count: fc.integer({ min: 1, max: 999 }), outcome: fc.constant(0) }),
  fc.record({ path, count: fc.constant(1), outcome: fc.integer({ min: 1, max: 9 }) }),
);

describe('schedule text', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const text = formatSchedule(steps);
        expect(turnsOf(parseSchedule(text))).toEqual(turnsOf(steps));
        expect(formatSchedule(parseSchedule(text))).toBe(text);
        expect(formatSchedule(scheduleOf(turnsOf(steps)))).toBe(text);
      }),
    );
  });

  it('joins neighbouring steps of one task, but not a choice', () => {
    const steps = [
      { path: 'A', count: 2, outcome: 0 },
      { path: 'A', count: 2, outcome: 0 },
      { path: 'A', count: 1, outcome: 1 },
      { path: 'A', count: 1, outcome: 0 },
      { path: 'Azb', count: 3, outcome: 0 },
    ];
    expect(formatSchedule(steps)).toBe('A4 A!1 A1 Azb3');
  });

  it.each([
    ['A4 b7', "schedule: 'b7' is not a step"],
    ['A', "schedule: 'A' is not a step"],
    ['A4,B7', "schedule: 'A4,B7' is not a step"],
    ['Az3', "schedule: 'Az3' is not a step"],
    ['A-1', "schedule: 'A-1' is not a step"],
    ['A0', "schedule: 'A0' counts from 1"],
    ['A!0', "schedule: 'A!0' counts from 1"],
    ['A99999999', "schedule: 'A99999999' asks for more than 1000000"],
  ])('refuses %s, naming the token', (text, message) => {
    expect(() => parseSchedule(text)).toThrow(UsageError);
    expect(() => parseSchedule(text)).toThrow(message);
  });

  it('takes the empty text for the default execution', () => {
    expect(parseSchedule(' \n ')).toEqual([]);
    expect(formatSchedule([])).toBe('');
  });
});
