// SPDX-License-Identifier: GPL-2.0-only
/** A page of text to be read instead of the game: a report, the help. */
import type { Style } from '../print/style';
import type { Key } from './keys';
import type { Size } from './screen';

export interface Page {
  readonly text: string;
  /** Lines above the window. */
  readonly top: number;
}

/** The lines of a page, broken where the terminal ends. */
function linesOf({ text }: Page, { width }: Size): string[] {
  const part = new RegExp(`.{1,${Math.max(1, width)}}`, 'gu');
  return text.split('\n').flatMap((line) => line.match(part) ?? ['']);
}

/** As many lines as the terminal has, the last of them the keys. */
export function pageLines(page: Page, size: Size, style: Style): string[] {
  const room = size.height - 1;
  const lines = linesOf(page, size);
  const shown = lines.slice(page.top, page.top + room);
  const below = Math.max(0, lines.length - page.top - room);
  const more = below === 0 ? '' : `${below} more lines: ↓   `;
  const blank = Array<string>(Math.max(0, room - shown.length)).fill('');
  return [...shown, ...blank, style.dim(`${more}q back`.slice(0, size.width))];
}

/** The page behind a key; null to leave it. */
export function turnPage(page: Page, { name = '', sequence = '' }: Key, size: Size): Page | null {
  const room = size.height - 1;
  const by = STEPS[name] ?? STEPS[sequence];
  if (by === undefined) return LEAVING.has(name) ? null : page;
  const wanted = page.top + by * (Math.abs(by) > 1 ? room / PAGE : 1);
  const top = Math.max(0, Math.min(Math.floor(wanted), linesOf(page, size).length - room));
  return { ...page, top };
}

/** A whole window, in the steps below. */
const PAGE = 10;

const STEPS: Readonly<Record<string, number>> = {
  up: -1,
  down: 1,
  pageup: -PAGE,
  pagedown: PAGE,
  space: PAGE,
};

const LEAVING = new Set(['q', 'v', 'escape', 'return', 'enter', 'backspace', 'left']);
