// SPDX-License-Identifier: GPL-2.0-only
/** What KASAN remembers about accesses and frees. */
import type { MachineObject, Task } from '../machine';

/** One access, as a report describes it. */
export interface Access {
  readonly task: Task;
  readonly object: MachineObject;
  readonly index: number;
  readonly write: boolean;
  readonly site: string;
}

/** The task that freed memory, noted before a second free overwrites it. */
export interface Free {
  readonly task: Task | null;
  readonly site: string;
}
