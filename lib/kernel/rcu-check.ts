// SPDX-License-Identifier: GPL-2.0-only
/** Loads of pointers that are allowed in read sections, or under a condition, alone. */
import { markedLoad } from './once';

/** A load with an address dependency, and a complaint where the depth of RCU sections, or its condition, is not in order. */
export function suspicious(
  name: string,
  inOrder: (depth: number, condition: unknown) => boolean,
  message: string,
): ReturnType<typeof markedLoad> {
  return {
    ...markedLoad(name, 'dependency'),
    announce(machine, task, { b: condition, site }) {
      if (inOrder(task.rcuDepth, condition)) return;
      machine.complain({ check: 'rcu', message, object: null, site });
    },
  };
}

/** One that is in order if its condition is true. */
export function dereferenceIf(name: string, message: string): ReturnType<typeof markedLoad> {
  return suspicious(name, (_depth, condition) => condition === true, message);
}
