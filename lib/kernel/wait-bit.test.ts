// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { type Op, struct } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { smp_mb__after_atomic } from './barrier';
import { clear_bit, clear_bit_unlock, set_bit } from './bitops';
import { spawn_task } from './join';
import { DEFINE_STATIC } from './static-var';
import { TASK_UNINTERRUPTIBLE } from './task-state';
import { int } from './types';
import { wait_on_bit, wake_up_bit } from './wait-bit';

const buffer = struct('buffer', { flags: int, data: int });
const one = DEFINE_STATIC('one', buffer);

/** What is found if a task writes, clears the bit and wakes, and another task writes when the bit is clear. */
function kinds(clear: typeof clear_bit): readonly string[] {
  function* waits(): Op<void> {
    yield* wait_on_bit(one, 'flags', 0, TASK_UNINTERRUPTIBLE);
    one.data = 2;
  }
  function* clears(): Op<void> {
    yield* set_bit(0, one, 'flags');
    yield* spawn_task('b', waits);
    one.data = 1;
    yield* clear(0, one, 'flags');
    yield* smp_mb__after_atomic();
    yield* wake_up_bit(one, 'flags', 0);
  }
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('a', clears);
  }).kinds;
}

describe('wait_on_bit()', () => {
  it('comes after what was done before clear_bit_unlock(), and not after clear_bit()', () => {
    expect(kinds(clear_bit_unlock)).toEqual([]);
    expect(kinds(clear_bit)).toEqual(['data-race']);
  });

  it('knows 32 bits', () => {
    expect(() => wait_on_bit(one, 'flags', 32, TASK_UNINTERRUPTIBLE)).toThrow(/no bit 32/);
  });
});
