// SPDX-License-Identifier: GPL-2.0-only
/** Which bracket is missing, in a text that the parser gave up on. Works on masked text. */

/** An opening bracket and its place. */
export interface Bracket {
  readonly character: string;
  readonly at: number;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What closes a bracket. */
export function closingOf({ character }: Bracket): string {
  return CLOSING[character] ?? '';
}

/** The brackets that are open before `end`, the innermost last. */
export function openBrackets(text: string, end: number): readonly Bracket[] {
  return scan(text, end, () => undefined);
}

/**
 * The bracket that is never closed, as far as one can tell: of the blocks whose end stands in another column than their
 * beginning the innermost, as its end is most likely that of the block around it; else the last one that is open.
 */
export function neverClosed(text: string): Bracket | null {
  const skewed: Bracket[] = [];
  const open = scan(text, text.length, (bracket, end) => {
    const before = indentation(text, end);
    const isFirst = text.slice(end - before, end).trim() === '' && before === columnOf(text, end);
    if (isFirst && lineOf(text, bracket.at) !== lineOf(text, end)) {
      if (indentation(text, bracket.at) !== before) skewed.push(bracket);
    }
  });
  return open.length === 0 ? null : (skewed[0] ?? open.at(-1) ?? null);
}

/** Goes through the brackets; a closing one that does not fit closes whatever it can. */
function scan(
  text: string,
  end: number,
  closed: (bracket: Bracket, end: number) => void,
): Bracket[] {
  const open: Bracket[] = [];
  for (const { 0: character, index } of text.slice(0, end).matchAll(/[()[\]{}]/g)) {
    if (character in CLOSING) {
      open.push({ character, at: index });
      continue;
    }
    const fits = open.findLastIndex((bracket) => closingOf(bracket) === character);
    const [bracket] = fits < 0 ? [] : open.splice(fits);
    if (bracket !== undefined) closed(bracket, index);
  }
  return open;
}

/** The line, counted from 1, that holds an offset. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

function indentation(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0;
}
