// SPDX-License-Identifier: GPL-2.0-only
/**
 * KMSAN: reads of memory that was allocated and never written. After mm/kmsan/report.c and
 * Documentation/dev-tools/kmsan.rst, with one difference: the kernel allows copies of uninitialised values and reports
 * their first use in a decision; this detector reports the first read of a field.
 *
 * Misses: atomics and reference counts that were never set (an uninitialised lock complains itself); a field that an
 * indivisible read-modify-write reads; local variables; all but the first read of a location in an execution.
 */
import { Gravity, type Machine, type Monitor, StructObject, type Task } from '../machine';
import { empty } from './emptying';
import { bytesAt, cpuLine, locationName, rule } from './layout';

/** Finds reads of fields that kmalloc() left undefined and nobody has written since. */
export function kmsan(): Monitor {
  const reported = new Set<number>();
  return {
    name: 'kmsan',
    boot: () => empty(reported),
    access(machine, task, object, index, write, _marked, site) {
      if (write || object.memory === null || !(object instanceof StructObject)) return;
      if (object.memory.freed) return;
      const slot = object.slotAt(index);
      if (object.values[slot] !== undefined || reported.has(object.base + index)) return;
      reported.add(object.base + index);
      report(machine, task, object, index, site);
    },
  };
}

function report(
  machine: Machine,
  task: Task,
  object: StructObject,
  index: number,
  site: string,
): void {
  const { memory } = object;
  machine.report({
    kind: 'uninit-value',
    gravity: Gravity.Misuse,
    task,
    step: machine.steps,
    headline: (telling) => `BUG: KMSAN: uninit-value in ${telling.where(site)}`,
    body: (telling) => [
      ...telling.stack(site),
      '',
      memory?.region === 'stack'
        ? `Local variable ${memory.object.label} created at:`
        : 'Uninit was created at:',
      ...telling.stack(memory?.site ?? ''),
      '',
      `${locationName(object, index)}, ${bytesAt(object, index)} bytes, was never written`,
      '',
      cpuLine(task),
      rule(53),
    ],
  });
}
