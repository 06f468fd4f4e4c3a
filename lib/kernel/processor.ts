// SPDX-License-Identifier: GPL-2.0-only
/** Busy waiting. After arch/x86/include/asm/vdso/processor.h. */
import { current, type Kind, type Op, request, reading } from '../machine';

/** Waits until another task writes something that this one has seen since it last did so. */
export function looking(name: string): Kind<null, [a: ReadonlyMap<number, number>], void> {
  return {
    name,
    access: 'none',
    enabled: (_state, task) => task.stirred,
    since: ({ a }) => a,
    extra: ({ a }) => [...a.keys()].map(reading),
    announce(machine) {
      machine.spinning = true;
    },
    perform({ log }, task) {
      log?.catchUp(task.id);
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
 * cpu_relax(): turns of the loop that could see nothing new are left out, and a loop nobody ends is a hang
 */
export function cpu_relax(): Op<void> {
  return request(RELAX, null, current.machine.task.watched);
}
