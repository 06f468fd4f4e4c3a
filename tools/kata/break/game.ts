// SPDX-License-Identifier: GPL-2.0-only
/**
 * The game: who plays is the scheduler. Its state, and what a command makes of it; nothing here runs anything or knows a
 * terminal. The execution itself is a list of turns, so that to undo is to run all but the last again.
 */
import type { Turn } from '../../../lib/explore';
import type { Look, LookTask, Shortest } from '../../../lib/kata/look';
import type { Opened } from '../player/protocol';

export interface Game {
  readonly opened: Opened;
  readonly turns: readonly Turn[];
  readonly look: Look;
  /** Path of the task that Enter would let take a step; empty if there is none. */
  readonly selected: string;
  /** The selected task's next step is a choice, and which outcome it takes is being asked. */
  readonly choosing: boolean;
  /** A message about the last command; empty if there is none. */
  readonly message: string;
  /** How the failure on screen compares, once it is known. */
  readonly shortest: Shortest | 'searching' | 'unknown' | null;
}

export type Command =
  | { readonly do: 'step'; readonly task: string; readonly outcome: number | null }
  | { readonly do: 'select'; readonly by: 1 | -1 }
  | { readonly do: 'leave' }
  | { readonly do: 'undo' }
  | { readonly do: 'reset' };

/** A game nobody has made a step in. */
export function newGame(opened: Opened, look: Look): Game {
  const selected = look.tasks[0]?.letter ?? '';
  return { opened, turns: [], look, selected, choosing: false, message: '', shortest: null };
}

/** What a command makes of a game: another game at once, or turns that have to be run first. */
export function obey(game: Game, command: Command): Game | readonly Turn[] {
  const { turns } = game;
  const still = { ...game, choosing: false, message: '' };
  switch (command.do) {
    case 'step':
      return step(still, command.task, command.outcome);
    case 'select':
      return { ...still, selected: neighbour(game, command.by) };
    case 'leave':
      return still;
    case 'undo':
      return turns.length === 0 ? { ...still, message: 'Nothing to undo.' } : turns.slice(0, -1);
    case 'reset':
      return turns.length === 0 ? still : [];
  }
}

/** The game behind turns that have been run. */
export function moved(game: Game, turns: readonly Turn[], look: Look): Game {
  const found = look.headline !== null;
  const known = found && look.headline === game.look.headline;
  const letter = turns.length > game.turns.length ? turns[turns.length - 1]?.path : game.selected;
  const there = look.tasks.some((task) => task.letter === letter);
  const selected = there ? (letter ?? '') : game.selected;
  const over = !look.over || found ? '' : look.cut ? CUT : OVER;
  return {
    ...game,
    turns,
    look,
    selected,
    choosing: false,
    message: over,
    shortest: known ? game.shortest : found ? 'searching' : null,
  };
}

const OVER =
  'Every task has ended, and nothing was found: this order is harmless. Undo, and try another.';

const CUT = 'The execution is cut off here: it has come to the step bound.';

/** A task by its letter or its number. */
function taskNamed({ look }: Game, name: string): LookTask | null {
  return look.tasks.find(({ id, letter }) => letter === name || String(id) === name) ?? null;
}

/** The name of a task for people: `rbd-put (A)`. */
export function nameOf({ look }: Pick<Game, 'look'>, letter: string): string {
  const task = look.tasks.find((one) => one.letter === letter);
  return task === undefined ? letter : `${task.comm} (${letter})`;
}

function step(game: Game, name: string, outcome: number | null): Game | readonly Turn[] {
  const task = taskNamed(game, name);
  // People type what is on the screen: the number of a CPU, or the letter of a task.
  const kind = /^\d+$/.test(name) ? 'CPU' : 'task';
  if (task === null) return { ...game, message: `There is no ${kind} ${name}.` };
  const { letter, choices } = task;
  const chosen = { ...game, selected: letter };
  const refusal = whyNot(game, task);
  if (refusal !== '') return { ...chosen, message: refusal };
  if (choices.length > 0 && outcome === null) return { ...chosen, choosing: true };
  if (!choices.some((choice) => choice.outcome === outcome) && (outcome ?? 0) > 0) {
    const numbers = choices.map((choice) => choice.outcome).join(', ');
    const has = numbers === '' ? 'leaves nothing to choose' : `has the choices ${numbers}`;
    return { ...chosen, message: `${task.next} ${has}.` };
  }
  return [...game.turns, { path: letter, outcome: outcome ?? 0 }];
}

function whyNot(game: Game, task: LookTask): string {
  const name = nameOf(game, task.letter);
  if (game.look.cut) return CUT;
  if (task.state === 'ready') return '';
  if (task.state !== 'waits') return `${name} has ended.`;
  return `${name} ${waitWords(game, task)}.`;
}

/** What a waiting task waits for, and whom. */
export function waitWords(game: Pick<Game, 'look'>, { waitsFor, next }: LookTask): string {
  const whom = waitsFor.map((letter) => nameOf(game, letter)).join(', ');
  return whom === '' ? `waits in ${next}` : `waits in ${next} for ${whom}`;
}

function neighbour({ look: { tasks }, selected }: Game, by: 1 | -1): string {
  const at = tasks.findIndex(({ letter }) => letter === selected);
  const next = Math.min(tasks.length - 1, Math.max(0, at + by));
  return tasks[next]?.letter ?? '';
}
