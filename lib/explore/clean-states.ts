// SPDX-License-Identifier: GPL-2.0-only
/**
 * States from which every allowed continuation has been run without the wanted failure. A schedule that reaches such a
 * state with no more freedom is abandoned there. Equal traces reach equal states. The task that ran last also matters:
 * continuing with it is not a switch, and continuing with another task may be a preemption.
 */
import type { Course } from './course';

/** A state, and what it cost to reach it. */
export interface Reached {
  readonly name: string;
  /** The task that ran last, or 0 if it cannot continue. */
  readonly going: number;
  readonly preemptions: number;
  readonly switches: number;
}

/** The state of a course whose trace has this name. */
export function reached(
  name: string,
  { previous, preempting, preemptions, switches }: Course,
): Reached {
  return { name, going: preempting ? previous : 0, preemptions, switches };
}

export class CleanStates {
  readonly #clean = new Map<string, Reached[]>();

  /**
   * Notes that no continuation of this state fails as wanted. `bounded` means that continuations with too many context
   * switches were not tried.
   */
  note(from: Reached, bounded: boolean): void {
    const noted = bounded ? from : { ...from, switches: -Infinity };
    const others = this.#clean.get(from.name);
    if (others === undefined) this.#clean.set(from.name, [noted]);
    else others.push(noted);
  }

  /** Whether every continuation that is allowed here has been tried. */
  has(from: Reached): boolean {
    return this.#clean.get(from.name)?.some((noted) => covers(noted, from)) === true;
  }
}

/** Whether the continuations tried from one way into a state include all that are allowed from another. */
function covers(noted: Reached, { going, preemptions, switches }: Reached): boolean {
  if (noted.preemptions > preemptions) return false;
  // If the task that ran last could not continue when noted, but can now, count its continuation as a switch.
  const more = noted.going === going ? 0 : 1;
  return (more === 0 || noted.going === 0) && noted.switches + more <= switches;
}
