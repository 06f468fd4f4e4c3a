// SPDX-License-Identifier: GPL-2.0-only
/** Memory as a whole. After include/linux/string.h. */
import { current, type Handle, objectOf } from '../machine';

/**
 * Zeroes a structure: every field is written, and locks, lists and queues in it need their init functions again.
 *
 * @kernel include/linux/string.h
 * @context any; does not sleep
 * @ordering none
 * @divergence takes the structure and no size, and knows one byte to fill it with: 0
 */
export function memset(object: Handle, _byte: 0): void {
  const memory = objectOf(object);
  for (let i = 0; i < memory.size; i++) current.machine.plain(memory, i, true);
  memory.clear(true);
}
