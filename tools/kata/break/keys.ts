// SPDX-License-Identifier: GPL-2.0-only
/** What the keys mean. */
import type { Command, Game } from './game';

/** A key as node:readline tells it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

export type Wish = Command | { readonly do: 'report' | 'help' | 'quit' };

/** What somebody wants who presses a key while playing; null if it means nothing. */
export function wishFor(key: Key, game: Game): Wish | null {
  const name = key.name ?? key.sequence ?? '';
  if (key.ctrl === true) return null;
  if (game.choosing) return choice(name, game);
  if (/^[1-9]$/.test(name)) return { do: 'step', task: name, outcome: null };
  return KEYS[name] === 'step' ? { do: 'step', task: game.selected, outcome: null } : wish(name);
}

const KEYS: Readonly<Record<string, 'step'>> = {
  return: 'step',
  enter: 'step',
  space: 'step',
  down: 'step',
};

function wish(name: string): Wish | null {
  switch (name) {
    case 'left':
      return { do: 'select', by: -1 };
    case 'right':
      return { do: 'select', by: 1 };
    case 'up':
    case 'u':
    case 'backspace':
      return { do: 'undo' };
    case 'r':
      return { do: 'reset' };
    case 'v':
      return { do: 'report' };
    case '?':
      return { do: 'help' };
    case 'q':
    case 'escape':
      return { do: 'quit' };
    default:
      return null;
  }
}

function choice(name: string, { selected }: Game): Wish {
  if (/^[0-9]$/.test(name)) return { do: 'step', task: selected, outcome: Number(name) };
  return KEYS[name] === 'step' ? { do: 'step', task: selected, outcome: 0 } : { do: 'leave' };
}

export const KEYS_HELP = `You are the scheduler. Each CPU stands before its next step: an operation, and
the plain code behind it up to the next operation. You say who goes, one step at
a time. Find the order in which it goes wrong: the system tells you at once when
it has reported a bug, and how the shortest way there compares with yours.

  1-9              let that CPU take its next step
  ← →              choose a CPU
  Enter, Space, ↓  let the chosen CPU take its next step
  u, ↑, Backspace  take the last step back
  r                begin again
  v                the whole report of the bug that was found
  q, Esc           leave; the schedule so far is printed, ready to be replayed
  Ctrl-C           leave at once

A CPU that waits does so for a lock somebody holds, for another task, or for an
event. Which of several waiters goes first is up to you. Where an operation may
turn out one way or another, such as an allocation that may fail, you are asked
which way.

Which store a load reads is such a choice, where no barrier, lock or other order
decides it. A CPU may hold back its stores and load early. So a load may read an
older store, or the initial value, although another CPU has stored a newer one:
such a value is stale. A store may likewise take effect before a newer one, and
is then overwritten already. 0 is always what happens if every access takes
effect at once.`;
