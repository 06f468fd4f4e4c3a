// SPDX-License-Identifier: GPL-2.0-only
/** What a CPU's task has turned off, and whether an interrupt runs on top of it. */
import { makeHandle, type Handle } from './handle';
import { SyncObject } from './object';

/** Bits of a CPU's state: what its task has turned off, and what runs on top of it. */
export const IRQS_OFF = 1;
export const BH_OFF = 2;
export const IN_SOFTIRQ = 4;
export const IN_HARDIRQ = 8;
export const ON_TOP = IN_SOFTIRQ | IN_HARDIRQ;

/** The CPU of one task. State: the bits above. */
export class Cpu extends SyncObject {
  readonly typeName = 'cpu';
  readonly handle: Handle = makeHandle(this);

  constructor(readonly number: number) {
    super();
  }

  override get label(): string {
    return `CPU#${this.number}`;
  }

  /** Whether an interrupt runs on top of the task. */
  get busy(): boolean {
    return (this.state & ON_TOP) !== 0;
  }
}
