// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import type { Op } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { smp_acquire__after_ctrl_dep, smp_wmb } from './barrier';
import { READ_ONCE, smp_store_release } from './once';
import { static_var } from './static-var';

const data = static_var('data', 0);
const ready = static_var('ready', 0);

/** What the detectors say of a reader that has tested the flag, and then orders what follows in this way. */
function kinds(order: () => Op<void>): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('writer', function* () {
      yield* READ_ONCE(ready, 'value');
      data.value = 42;
      yield* smp_store_release(ready, 'value', 1);
    });
    machine.spawn('reader', function* () {
      if ((yield* READ_ONCE(ready, 'value')) === 0) return 0;
      yield* order();
      return data.value;
    });
  }).kinds;
}

it('smp_acquire__after_ctrl_dep() makes an acquire of a tested load, and smp_wmb() does not', () => {
  expect(kinds(smp_acquire__after_ctrl_dep)).toEqual([]);
  expect(kinds(smp_wmb)).toContain('data-race');
});
