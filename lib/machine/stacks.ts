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

/** The stacks of exceptions, by who was thrown: what an exception says of itself may have been put there. */
const thrown = new WeakMap<object, string>();
let hidden = false;

/** How V8 is to write stacks where nobody but the machine may read them; `write` puts one into words. */
export function hiddenStacks(
  write: (frames: readonly NodeJS.CallSite[]) => string,
): (error: object, frames: readonly NodeJS.CallSite[]) => string {
  hidden = true;
  return (error, frames) => {
    if (isTaken(error)) return write(frames);
    thrown.set(error, write(frames));
    return '';
  };
}

/** Where an exception comes from; empty if nothing is known that could not be made up. */
export function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const own = Object.getOwnPropertyDescriptor(error, 'stack');
  // eslint-disable-next-line @typescript-eslint/unbound-method -- likewise
  const get = own?.get;
  // The first to look has V8 write it. A getter is V8's own in some versions, and otherwise not ours to call.
  const text: unknown = get === undefined || get !== OWN ? own?.value : get.call(error);
  return hidden ? (thrown.get(error) ?? '') : typeof text === 'string' ? text : '';
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on an exception
const OWN = Object.getOwnPropertyDescriptor(new Error(''), 'stack')?.get;

/** Whether it is a stack of ours that V8 is to write, and not somebody's exception. */
function isTaken(error: object): boolean {
  return Taken.is(error);
}
