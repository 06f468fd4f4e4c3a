// SPDX-License-Identifier: GPL-2.0-only
/** Runs with a machine that reorders accesses, or with one that does not, whatever it has come upon before. */
import type { Machine } from '../machine';

/** Runs something while accesses may be reordered, or while each takes effect as it is made. */
export function reordering<T>(machine: Machine, allowed: boolean, run: () => T): T {
  const { reorders, interleavesOnly } = machine;
  machine.reorders = allowed && machine.clocking && !interleavesOnly;
  machine.interleavesOnly = interleavesOnly || !allowed;
  try {
    return run();
  } finally {
    machine.reorders = reorders;
    machine.interleavesOnly = interleavesOnly;
  }
}
