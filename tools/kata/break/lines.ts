// SPDX-License-Identifier: GPL-2.0-only
/** The game in lines, for a pipe: what stands where after each command. */
import type { LookTask } from '../../../lib/kata/look';
import { visible, wrapped } from '../print/fit';
import type { Style } from '../print/style';
import { columns } from '../print/words';
import { type Game, waitWords } from './game';
import { comparison, countTexts, memoryTexts } from './words';

export const LINES_HELP = `Commands:
  1, A       let CPU 1, or task A, take its next step
  A!1        the same, where the step is a choice, with outcome 1: an allocation
             fails, or a load reads an older store because nothing orders it
  A2 B3      several steps, as schedules are written
  undo [n]   take the last step back, or the last n
  reset      begin again
  report     the whole report of the bug that was found
  ?          this
  quit       leave (so does the end of the input)`;

/** What is played. */
export function openingLines({ opened, look }: Game, kata: string, style: Style): string {
  const lines = [
    `${kata}, ${opened.scenario}: ${opened.title}`,
    `You are the scheduler of ${look.tasks.length} CPUs: find an order in which it goes wrong. '?' explains.`,
  ];
  return lines.flatMap((line) => fitting(line, style.width)).join('\n');
}

/** What can be seen. */
export function stateLines(game: Game, style: Style): string {
  const { look, message } = game;
  const at = look.steps === 0 ? 'begin' : `step ${look.steps}`;
  const log = look.log.filter(({ step }) => step === look.steps);
  const done = log.map(
    ({ letter, text, line }) => `  ${letter} ${line === null ? '' : `${line} `}${text}`,
  );
  const lines = [
    style.bold(`--- ${at}${look.schedule === '' ? '' : `, ${look.schedule}`}`),
    ...done,
    ...taskLines(game),
    ...about('counts', [countTexts(look).join(', ')]),
    ...about('memory', memoryTexts(look)),
    ...(look.headline === null ? [] : wrapped(look.headline, style.width, '  ').map(style.red)),
    ...comparison(game),
    ...(message === '' ? [] : [message]),
  ];
  return lines.flatMap((line) => fitting(line, style.width)).join('\n');
}

/** Columns keep their blanks where the line fits. */
function fitting(line: string, width: number): string[] {
  if (visible(line) <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  return wrapped(line, width, `${indent}    `);
}

function about(name: string, texts: readonly string[]): string[] {
  return texts
    .filter((text) => text !== '')
    .map((text, i) => `${i === 0 ? name : ' '.repeat(name.length)}  ${text}`);
}

/** Two lines for each task: what it is about to do, and where that is written. */
function taskLines(game: Game): string[] {
  const { tasks } = game.look;
  const heads = columns(tasks.map((task) => row(game, task)));
  return tasks.flatMap((task, i) => [heads[i] ?? '', ...placeLines(game, task)]);
}

function row(game: Game, task: LookTask): string[] {
  const { id, letter, comm, holds } = task;
  const held = holds.length === 0 ? '' : `holds ${holds.join(', ')}`;
  return [`CPU ${id}`, `${comm} (${letter})`, doing(game, task), held];
}

function placeLines({ opened }: Game, { at }: LookTask): string[] {
  if (at === null) return [];
  const { file, line, within } = at;
  const text = opened.sources[file]?.[line - 1]?.trim() ?? '';
  return [`       ${file}:${line} ${within}(): ${text}`];
}

function doing(game: Game, task: LookTask): string {
  const { state, next, choices, letter } = task;
  switch (state) {
    case 'ready': {
      const others = choices
        .slice(1)
        .map(({ outcome, text }) => ` (${letter}!${outcome}: ${text})`);
      return `next ${next}${others.join('')}`;
    }
    case 'waits':
      return waitWords(game, task);
    case 'ended':
      return 'has ended';
    case 'killed':
      return 'was killed by an oops';
  }
}
