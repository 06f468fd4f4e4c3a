// SPDX-License-Identifier: GPL-2.0-only
/** Runs something with or without reordering of accesses, whatever the machine has learnt before. */
import type { Machine } from '../machine';

/** Runs something while the machine may reorder accesses, or while each access takes effect immediately. */
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
