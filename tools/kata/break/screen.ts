// SPDX-License-Identifier: GPL-2.0-only
/**
 * The game on a screen: one column for each CPU with the source around its next step, below them what all share, what has
 * happened, and what was found. A function of the game and the size of the terminal.
 */
import type { LookTask } from '../../../lib/kata/look';
import { wrapped } from '../print/fit';
import type { Style } from '../print/style';
import { wrap } from '../print/words';
import { type Game, nameOf } from './game';
import { choiceTexts, comparison, countTexts, memoryTexts } from './words';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A column is not narrower; what does not fit is reached by scrolling. */
const COLUMN_MIN = 25;
const BETWEEN = ' │ ';
const SIZE_MIN: Size = { width: 40, height: 18 };

const KEYS = '1-9 step  ←→ choose  Enter step it  u undo  r reset  v report  ? help  q quit';
/** Where not all have room: the help has the others. */
const FEW_KEYS = '1-9 step  u undo  ? help  q quit';

/** Exactly as many lines as the terminal has, none of them longer than it is wide. */
export function screen(game: Game, kata: string, size: Size, style: Style): string[] {
  const { width, height } = size;
  if (width < SIZE_MIN.width || height < SIZE_MIN.height) {
    const small = `The window is too small: ${SIZE_MIN.width} columns and ${SIZE_MIN.height} lines are needed.`;
    return fill(wrap(small, Math.max(1, width)).split('\n'), height);
  }
  const rule = style.dim('─'.repeat(width));
  const foot = [
    ...news(game, width, style).slice(0, Math.floor(height / (game.choosing ? 2 : 3))),
    schedule(game, width, style),
    style.dim(sized(KEYS.length > width ? FEW_KEYS : KEYS, width)),
  ];
  const shared = sharedLines(game, size, style);
  const room = height - foot.length - shared.length - HEAD_LINES - COLUMN_LINES - 2;
  const logged = Math.max(0, Math.min(game.look.log.length, logLines(game, room), room));
  const body = [
    ...columnLines(game, width, Math.max(0, room - logged), style),
    rule,
    ...shared,
    rule,
    ...log(game, logged, width, style),
  ];
  const top = [heading(game, kata, width, style), rule, ...body];
  return [...fill(top, height - foot.length), ...foot];
}

const HEAD_LINES = 2;

/** More lines of source than this do not help to find the one that matters. */
const SOURCE_MAX = 17;

/** How many of the lines that are left go to what has happened: a third, more where no column needs them. */
function logLines({ look }: Game, room: number): number {
  const needed = look.tasks.some(({ at }) => at !== null) ? SOURCE_MAX : 1;
  return Math.max(2, Math.floor(room / 3), room - needed);
}

function fill(lines: readonly string[], height: number): string[] {
  return [...lines, ...Array<string>(Math.max(0, height - lines.length)).fill('')].slice(0, height);
}

/** Cut or padded to a width. */
function sized(text: string, width: number): string {
  const cut = text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
  return cut.padEnd(width);
}

function heading({ opened, look }: Game, kata: string, width: number, style: Style): string {
  const [from, to] = visible(look.tasks.length, 0, width);
  const some = to - from < look.tasks.length ? `${look.tasks.length} CPUs, ` : '';
  const right = ` ${some}step ${look.steps}`;
  const room = width - right.length;
  const left = sized(`${kata} · ${opened.title}`, room);
  const name = left.slice(0, kata.length);
  return `${style.bold(name)}${left.slice(kata.length)}${style.dim(right)}`;
}

/** Lines of a column beside those of its source: CPU, function, next step, state, locks. */
const COLUMN_LINES = 5;

/** Which tasks have room: from one index to before another. */
function visible(count: number, selected: number, width: number): [number, number] {
  const room = Math.max(1, Math.floor((width + BETWEEN.length) / (COLUMN_MIN + BETWEEN.length)));
  const from = Math.max(0, Math.min(selected - room + 1, count - room));
  return [from, Math.min(count, from + room)];
}

function columnLines(game: Game, width: number, sourceLines: number, style: Style): string[] {
  const { tasks } = game.look;
  const selected = tasks.findIndex(({ letter }) => letter === game.selected);
  const shown = tasks.slice(...visible(tasks.length, Math.max(0, selected), width));
  if (shown.length === 0) return [];
  const each = Math.floor((width - BETWEEN.length * (shown.length - 1)) / shown.length);
  const columns = shown.map((task) => column(game, task, each, sourceLines, style));
  return (columns[0] ?? []).map((_, line) =>
    columns.map((lines) => lines[line] ?? '').join(style.dim(BETWEEN)),
  );
}

function column(
  game: Game,
  task: LookTask,
  width: number,
  sourceLines: number,
  style: Style,
): string[] {
  const { id, comm, letter, at, next, holds, state } = task;
  const chosen = letter === game.selected;
  const head = sized(`${chosen ? '●' : ' '} CPU ${id}: ${comm} (${letter})`, width);
  const where = at === null ? (state === 'ready' ? 'has not begun' : '') : `${at.within}()`;
  const [tint, word] = condition(game, task, style);
  const lock = holds.length === 0 ? '' : `holds ${holds.join(', ')}`;
  return [
    chosen ? style.bold(head) : head,
    style.dim(sized(`  ${where}`, width)),
    ...source(game, task, width, sourceLines, style),
    sized(next === '' ? '' : `  ${next}`, width),
    tint(sized(`  ${word}`, width)),
    style.yellow(sized(`  ${lock}`, width)),
  ];
}

type Tint = (text: string) => string;

function condition(game: Game, task: LookTask, style: Style): [Tint, string] {
  const { state, waitsFor, choices } = task;
  switch (state) {
    case 'ready':
      return [style.green, choices.length > 0 ? 'can go on, one way or another' : 'can go on'];
    case 'waits': {
      const whom = waitsFor.map((letter) => nameOf(game, letter)).join(', ');
      return [style.red, whom === '' ? 'waits' : `waits for ${whom}`];
    }
    case 'ended':
      return [style.dim, 'has ended'];
    case 'killed':
      return [style.red, 'killed by an oops'];
  }
}

/** The lines around the next step, that one marked. */
function source(
  { opened }: Game,
  { at }: LookTask,
  width: number,
  count: number,
  style: Style,
): string[] {
  const text = at === null ? undefined : opened.sources[at.file];
  if (at === null || text === undefined) return Array<string>(count).fill(' '.repeat(width));
  const first = Math.max(0, Math.min(at.line - 1 - Math.floor(count / 2), text.length - count));
  const lines = text.slice(first, first + count).map((line) => line.replace(/\t/g, '  '));
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const indent = Math.min(...indents, 100);
  const out = lines.map((line, i) => {
    const number = first + i + 1;
    const here = number === at.line;
    const shown = sized(
      `${here ? '→' : ' '}${String(number).padStart(4)} ${line.slice(indent)}`,
      width,
    );
    return here ? style.bold(style.cyan(shown)) : style.dim(shown);
  });
  return [...out, ...Array<string>(count - out.length).fill(' '.repeat(width))];
}

/** What the CPUs share: counts, and memory as far as there is room for it. */
function sharedLines({ look }: Game, { width, height }: Size, style: Style): string[] {
  const max = height < TALL ? 2 : 4;
  return [
    ...listed('counts', countTexts(look), width, max - 1, style),
    ...listed('memory', memoryTexts(look), width, max, style),
  ];
}

/** From this height on there is room for more. */
const TALL = 30;

function listed(
  name: string,
  texts: readonly string[],
  width: number,
  linesMax: number,
  style: Style,
): string[] {
  const room = width - LABEL;
  const lines: string[] = [];
  for (const text of texts.length === 0 ? ['none'] : texts) {
    const last = lines[lines.length - 1];
    if (last === undefined || last.length + text.length + 3 > room) lines.push(text);
    else lines[lines.length - 1] = `${last} · ${text}`;
  }
  const cut = lines.length > linesMax;
  return lines.slice(0, linesMax).map((line, i) => {
    const label = style.dim((i === 0 ? name : '').padEnd(LABEL));
    return `${label}${sized(cut && i === linesMax - 1 ? `${line} · …` : line, room)}`;
  });
}

const LABEL = 8;

/** The last things that happened. */
function log({ look }: Game, count: number, width: number, style: Style): string[] {
  return look.log.slice(look.log.length - count).map(({ step, letter, text, line, marked }) => {
    const shown = sized(
      `${String(step).padStart(4)}  ${letter.padEnd(3)}${String(line ?? '').padStart(5)} ${text}`,
      width,
    );
    return marked ? style.red(shown) : shown;
  });
}

/** Under the text of a choice. */
const HANG = '    ';

const HELLO = 'You are the scheduler: find an order in which it goes wrong. ? explains the keys.';

function news(game: Game, width: number, style: Style): string[] {
  const { look, message, choosing } = game;
  const lines = (text: string): string[] => wrap(text, width).split('\n');
  const found =
    look.headline === null
      ? []
      : [
          ...lines(look.headline).map((line) => style.bold(style.red(line))),
          ...comparison(game).flatMap(lines),
        ];
  const said = choosing ? choiceTexts(game) : [look.steps === 0 ? HELLO : message];
  const told = said.filter((text) => text !== '').flatMap((text) => wrapped(text, width, HANG));
  return [...found, ...told.map(style.yellow)];
}

function schedule({ look }: Game, width: number, style: Style): string {
  const room = width - 'schedule '.length;
  const { schedule: text } = look;
  const shown = text.length > room ? `…${text.slice(text.length - room + 1)}` : text;
  return `${style.dim('schedule ')}${shown}`;
}
