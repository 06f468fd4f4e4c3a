// SPDX-License-Identifier: GPL-2.0-only
/**
 * KASAN's report of a use of stack memory after its function returned. The kernel's KASAN does not detect use after
 * return (user space's ASan does, and gives it this name); the lines about the stack are those of
 * print_address_stack_frame() in mm/kasan/report.c.
 *
 * Misses: variables of a scenario's own functions, until their task ends; a block that is left before its function
 * returns; variables of the language, which are not modelled memory.
 */
import { type Allocation, type Finding, Gravity, type Machine } from '../machine';
import type { Access, Free } from './kasan-access';
import { bytesAt, callTrace, fieldWithin, locationName, nameOf, rule } from './layout';

/** The finding for an access to an object whose function has returned. It is predicted if the function only could have returned. */
export function useAfterReturn(
  machine: Machine,
  memory: Allocation,
  access: Access,
  end: Free,
  predicted: boolean,
): Finding {
  const { task, object, index, write, site } = access;
  const field = fieldWithin(memory, object, index);
  const owner = nameOf(memory.task);
  return {
    kind: 'stack-use-after-return',
    gravity: Gravity.Memory,
    task,
    step: machine.steps,
    predicted,
    headline: (telling) => `BUG: KASAN: stack-use-after-return in ${telling.where(site)}`,
    body: (telling) => [
      `${write ? 'Write' : 'Read'} of size ${bytesAt(object, index)} at addr ${locationName(object, index)} by task ${nameOf(task)}`,
      ...(predicted
        ? [
            `Nothing orders this access before the return of the function that declared ${memory.object.label}: it came first here, but need not.`,
          ]
        : []),
      '',
      ...callTrace(telling, task, site),
      '',
      `The buggy address belongs to stack of task ${owner}`,
      ` and is located ${field === '' ? 'at the start' : `in field ${field}`} of '${memory.object.label}', declared at:`,
      ...telling.stack(memory.site),
      'which returned at:',
      ...telling.stack(end.site),
      rule(66),
    ],
  };
}
