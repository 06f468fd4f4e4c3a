// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { GFP_KERNEL, int, kmalloc, kzalloc, ptr, READ_ONCE } from '../kernel';
import { type Handle, type Op, struct } from '../machine';
import { kmsan } from './kmsan';
import { told } from './testing/told';

const mapped_device = struct('mapped_device', { flags: int, queue: ptr<Handle>() });

function* dm_open(zeroed: boolean, set: boolean, marked: boolean): Op<void> {
  const md = yield* (zeroed ? kzalloc : kmalloc)(mapped_device, GFP_KERNEL);
  if (md === null) return;
  if (set) md.flags = 1;
  if (marked) yield* READ_ONCE(md, 'flags');
  else if (md.flags === 1) md.flags = 2;
}

function kinds(zeroed: boolean, set: boolean, marked: boolean): readonly string[] {
  return told(dpor, [kmsan()], (machine) => {
    machine.spawn('open', () => dm_open(zeroed, set, marked));
  }).kinds;
}

describe('kmsan', () => {
  it('reports a field that was read before anybody wrote it', () => {
    const found = told(dpor, [kmsan()], (machine) => {
      machine.spawn('open', () => dm_open(false, false, false));
    });
    expect(found.kinds).toEqual(['uninit-value']);
    expect(found.report('uninit-value')).toMatchInlineSnapshot(`
      "BUG: KMSAN: uninit-value in dm_open
       dm_open driver.ts

      Uninit was created at:
       dm_open driver.ts

      mapped_device#1.flags, 4 bytes, was never written

      CPU: 1 PID: 101 Comm: open
      ====================================================="
    `);
  });

  it('reports it for a marked read too', () => {
    expect(kinds(false, false, true)).toEqual(['uninit-value']);
  });

  it('is silent when the memory was zeroed or the field written', () => {
    expect(kinds(true, false, false)).toEqual([]);
    expect(kinds(false, true, false)).toEqual([]);
    expect(kinds(false, true, true)).toEqual([]);
  });
});
