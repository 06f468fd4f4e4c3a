// SPDX-License-Identifier: GPL-2.0-only
/** Programs with plain accesses. */
import type { Litmus } from './litmus';

/** Whether there is a data race: by the plain-access rules of the kernel model, and by our detector. */
export interface Race extends Pick<Litmus, 'name' | 'threads' | 'initially' | 'note'> {
  readonly ours: 'race' | 'none';
  readonly kernel: 'race' | 'none';
}
