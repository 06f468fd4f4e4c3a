// SPDX-License-Identifier: GPL-2.0-only
/**
 * Where schedules that do not fail as wanted have gone on from in every way that was allowed: whoever comes there again with no
 * more freedom need not go on. The same trace is the same state; what else counts is who ran last, since to go on with that
 * task is no switch, and to go on with another may be a preemption.
 */
import type { Course } from './course';

/** A state, and how it was come by. */
export interface Reached {
  readonly name: string;
  /** The task that ran last, 0 if it cannot go on. */
  readonly going: number;
  readonly preemptions: number;
  readonly switches: number;
}

/** Where an execution has come to, whose trace has this name. */
export function reached(
  name: string,
  { previous, preempting, preemptions, switches }: Course,
): Reached {
  return { name, going: preempting ? previous : 0, preemptions, switches };
}

export class CleanStates {
  readonly #clean = new Map<string, Reached[]>();

  /** Notes that all there was to try from there was tried in vain; `bounded` if that left out what switches too often. */
  note(from: Reached, bounded: boolean): void {
    const noted = bounded ? from : { ...from, switches: -Infinity };
    const others = this.#clean.get(from.name);
    if (others === undefined) this.#clean.set(from.name, [noted]);
    else others.push(noted);
  }

  /** Whether all that can be tried from there has been. */
  has(from: Reached): boolean {
    return this.#clean.get(from.name)?.some((noted) => covers(noted, from)) === true;
  }
}

/** Whether going on from one way to come to a state leaves nothing new for another. */
function covers(noted: Reached, { going, preemptions, switches }: Reached): boolean {
  if (noted.preemptions > preemptions) return false;
  // Where nobody was going on, that a task goes on all the same counts as a switch.
  const more = noted.going === going ? 0 : 1;
  return (more === 0 || noted.going === 0) && noted.switches + more <= switches;
}
