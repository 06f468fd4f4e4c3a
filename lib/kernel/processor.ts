// SPDX-License-Identifier: GPL-2.0-only
/** Busy waiting. After arch/x86/include/asm/vdso/processor.h. */
import {
  current,
  interrupts,
  type Kind,
  type Op,
  request,
  reading,
  waitsForAnybody,
} from '../machine';

/** The requests that may go on although nothing has changed. Known when the task comes to them: explorers ask of that later, too. */
const impatient = new WeakSet<object>();

/** Waits until another task writes something that this one has seen since it last did so. */
export function looking(name: string): Kind<null, [a: ReadonlyMap<number, number>], void> {
  return {
    name,
    access: 'none',
    enabled: (_state, task, request) => task.stirred || impatient.has(request),
    since: ({ a }) => a,
    impatient: (request) => impatient.has(request),
    extra: ({ a }) => [...a.keys()].map(reading),
    announce(machine, task, request) {
      machine.spinning = true;
      if (interrupts(task.context)) waitsForAnybody(machine, task);
      if (task.passes < machine.patience) impatient.add(request);
      else machine.pauses.push({ task, request });
    },
    perform(machine, task) {
      if (!task.stirred) {
        task.passes++;
        machine.outcome = 1;
      }
      machine.log?.catchUp(task.id);
      task.watched = new Map();
      task.stirred = false;
    },
  };
}

const RELAX: ReturnType<typeof looking> = { ...looking('cpu_relax'), spins: true };

/**
 * Lets other CPUs run in a loop that spins: `while (!(yield* READ_ONCE(x, 'ready'))) yield* cpu_relax();`.
 *
 * @kernel include/linux/processor.h
 * @context any; does not sleep
 * @ordering none
 * @divergence waits until another task writes something that this one has read or tried to change since its previous
 * cpu_relax(): turns of the loop that could see nothing new are left out, unless the loop gives up after some turns; a loop nobody
 * ends is a hang
 */
export function cpu_relax(): Op<void> {
  return request(RELAX, null, current.machine.task.watched);
}
