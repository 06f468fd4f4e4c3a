// SPDX-License-Identifier: GPL-2.0-only
/**
 * Stacks of the running code. A replay takes one at every access and puts very few of them into words, which costs far more than
 * taking them: so what is handed around is a ticket for a stack.
 */

/** A stack that V8 has not been asked to write yet. */
class Taken {
  declare readonly stack: string;
  readonly #own = true;

  /** @internal */
  static is(value: object): boolean {
    return #own in value && value.#own;
  }
}

const TICKET = /^stack #(\d+)$/;

let taken: Taken[] = [];
/** How many were taken before those. */
let before = 0;

/** Takes the stack of the running code; the ticket is good until the next forgetStacks(). */
export function takeStack(): string {
  const one = new Taken();
  Error.captureStackTrace(one, takeStack);
  taken.push(one);
  return `stack #${before + taken.length - 1}`;
}

/** The stack behind a ticket, as V8 writes it; any other text is a stack already. */
export function stackText(site: string): string {
  const ticket = TICKET.exec(site);
  return ticket === null ? site : (taken[Number(ticket[1]) - before]?.stack ?? '');
}

/** Gives up all stacks that were taken. */
export function forgetStacks(): void {
  before += taken.length;
  taken = [];
}

/** Whether it is a stack of ours that V8 is to write, and not somebody's exception. */
export function isTaken(error: object): boolean {
  return Taken.is(error);
}
