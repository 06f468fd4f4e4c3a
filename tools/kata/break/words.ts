// SPDX-License-Identifier: GPL-2.0-only
/** The words of the game, the same on a screen as in a pipe. */
import type { Look } from '../../../lib/kata/look';
import { countText } from '../../../lib/report';
import { compared } from './comparison';
import { type Game, nameOf } from './game';

/** The counts, one text each: `rbd_client#1.kref 1`. */
export function countTexts({ counts }: Look): string[] {
  return counts.map(({ object, value, spread }) => {
    if (spread) return `${object} percpu`;
    return `${object} ${countText(value)}`;
  });
}

/** The statics, and the memory: first what was freed and by whom, then what lives, with what it holds. */
export function memoryTexts({ memory, statics }: Look): string[] {
  const alive = memory.filter(({ freedBy }) => freedBy === null);
  const freed = memory.filter(({ freedBy }) => freedBy !== null);
  return [
    ...statics,
    ...freed.map(
      ({ object, freedBy }) => `${object} freed by ${freedBy === '' ? 'set-up' : (freedBy ?? '')}`,
    ),
    ...alive.map(({ object, contents }) =>
      contents.length === 0 ? object : `${object}: ${contents.join(', ')}`,
    ),
  ];
}

/** How the failure compares with the shortest there is, in sentences. */
export function comparison({ look, shortest }: Game): string[] {
  switch (shortest) {
    case null:
      return [];
    case 'searching':
      return ['Looking for the shortest way there ...'];
    case 'unknown':
      return ['How short it could be is not known: the search never finished.'];
    default:
      return compared(look, shortest);
  }
}

/** What can be decided about the next step of the selected task: a question, and a text for each answer. */
export function choiceTexts(game: Game): string[] {
  const { look, selected } = game;
  const task = look.tasks.find(({ letter }) => letter === selected);
  if (task === undefined) return [];
  const choices = task.choices.map(({ outcome, text }) => `  ${outcome} ${text}`);
  return [`${task.next} of ${nameOf(game, selected)}: which? (Esc: neither)`, ...choices];
}
