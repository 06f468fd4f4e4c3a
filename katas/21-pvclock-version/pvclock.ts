// SPDX-License-Identifier: GPL-2.0-only
/**
 * arch/x86/kernel/pvclock.c as of Linux 4.6, before commit 749d088b8e7f ("pvclock: Add CPU barriers to get correct version value", 2016).
 *
 * The clock of a virtual machine: the hypervisor writes down when it last looked at the time, and the guest adds what has passed since.
 */
import { cpu_relax, int, type Op, READ_ONCE, struct, type StructOf } from '#lib';

/** What the hypervisor tells a virtual CPU of the time. It makes the version odd, writes the other fields, and makes it even again. */
export const pvclock_vcpu_time_info = struct('pvclock_vcpu_time_info', {
  version: int,
  tsc_timestamp: int,
  system_time: int,
});
export interface pvclock_vcpu_time_info extends StructOf<typeof pvclock_vcpu_time_info> {}

/** What one look at the time gave, and the version it began with. */
interface pvclock_reading {
  readonly version: number;
  readonly cycles: number;
}

function* pvclock_get_nsec_offset(src: pvclock_vcpu_time_info, tsc: number): Op<number> {
  return tsc - (yield* READ_ONCE(src, 'tsc_timestamp'));
}

function* __pvclock_read_cycles(src: pvclock_vcpu_time_info, tsc: number): Op<pvclock_reading> {
  const version = yield* READ_ONCE(src, 'version');

  // TODO(kata): the story of the README happens in this function and in the next one.
  const offset = yield* pvclock_get_nsec_offset(src, tsc);
  const cycles = (yield* READ_ONCE(src, 'system_time')) + offset;

  return { version, cycles };
}

/** The time in nanoseconds, when the time stamp counter of this CPU shows `tsc`. Called in every context. */
export function* pvclock_clocksource_read(src: pvclock_vcpu_time_info, tsc: number): Op<number> {
  for (;;) {
    const { version, cycles } = yield* __pvclock_read_cycles(src, tsc);
    const again = yield* READ_ONCE(src, 'version');
    if ((again & 1) === 0 && version === again) return cycles;
    yield* cpu_relax();
  }
}
