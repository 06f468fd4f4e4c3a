// SPDX-License-Identifier: GPL-2.0-only
/** What a task knows of the locks that it holds. */
import { current, type Handle, type Held, objectOf, type Task } from '../machine';

/** How a task, the running one by default, holds a lock; null if it does not. */
export function howHeld(lock: Handle, task: Task = current.machine.task): Held | null {
  const object = objectOf(lock);
  return task.held.find((each) => each.object === object) ?? null;
}
