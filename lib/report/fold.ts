// SPDX-License-Identifier: GPL-2.0-only
/**
 * Folding: text on lines of a given width, broken between words only. What belongs together, `1 -> 0`, stays together. A quoted text comes
 * from the driver: it is never broken, because a part of it at the start of a line could be read as a line of ours.
 */

/** The default width of a report's lines. The bounds of other widths follow. */
export const WIDTH_DEFAULT = 100;
const WIDTH_MIN = 60;
const WIDTH_MAX = 200;

/** The width of reports for a terminal of so many columns; the default for a pipe. */
export function widthFor(columns: number | undefined): number {
  if (columns === undefined || columns <= 0) return WIDTH_DEFAULT;
  return Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, columns));
}

/** A space at which no line is broken. */
export const GLUE = '\u00a0';

/** What a quoted text is folded with: one character in place of each at which a line could be broken. */
const HELD = [
  [' ', '\ue000'],
  ['(', '\ue001'],
] as const;

/** A text as `valueText()` writes it. */
const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/**
 * Folds a text; lines after the first are indented by `hang`. A name or a quoted text that is longer than a line is cut in its middle.
 */
export function fold(text: string, width: number, hang = 4): string[] {
  if (/^([=-])\1+$/.test(text)) return [text.slice(0, width)]; // a ruler
  let rest = glued(text.trimEnd());
  const lines: string[] = [];
  const indent = ' '.repeat(Math.max(0, Math.min(hang, Math.floor(width / 2))));
  while (rest.length > width) {
    const at = breakIn(rest, width);
    if (at === 0) {
      const shorter = rest.includes(GLUE) ? loosened(rest) : shortened(rest, width);
      if (shorter === rest) break;
      rest = shorter;
      continue;
    }
    lines.push(rest.slice(0, at).trimEnd());
    rest = indent + rest.slice(at).trimStart();
  }
  return [...lines, rest].map((line) => released(line.replaceAll(GLUE, ' ')));
}

function released(text: string): string {
  return HELD.reduce((all, [character, held]) => all.replaceAll(held, character), text);
}

function glued(text: string): string {
  return text
    .replace(QUOTED, (quoted) =>
      HELD.reduce((all, [character, held]) => all.replaceAll(character, held), quoted),
    )
    .replace(/(\S) = (?=")/g, `$1 =${GLUE}`)
    .replace(/(\S) (->|=) (\S)/g, `$1${GLUE}$2${GLUE}$3`)
    .replace(/(<--|\.\.\.) (\S)/g, `$1${GLUE}$2`);
}

/** What is too long for a line is broken before its arrow or `=`, else anywhere. */
function loosened(text: string): string {
  const before = text.replace(new RegExp(`${GLUE}(->|=)(?=${GLUE})`, 'g'), ' $1');
  return before === text ? text.replaceAll(GLUE, ' ') : before;
}

/** The best place to break the text: a space, else the position after an opening parenthesis; 0 if there is neither. */
function breakIn(text: string, width: number): number {
  const begin = /^[\d\s]*/.exec(text)?.[0].length ?? 0; // after the number of a line
  const space = text.lastIndexOf(' ', width);
  if (space > begin) return space;
  const parenthesis = text.lastIndexOf('(', width - 1);
  if (parenthesis > begin) return parenthesis + 1;
  return text.includes(' ', begin + 1) && text.indexOf(' ', begin + 1) <= width
    ? text.indexOf(' ', begin + 1)
    : 0;
}

/** A name, or a whole quoted text: what may be cut. */
const NAME = /"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.#]{7,}/g;

/**
 * Cuts the longest name in the first word in the middle, so that the word fits. Returns the text unchanged if that is
 * impossible.
 */
function shortened(text: string, width: number): string {
  const begin = text.length - text.trimStart().length;
  const end = text.indexOf(' ', begin);
  const word = text.slice(begin, end < 0 ? undefined : end);
  let longest = '';
  for (const [name] of word.matchAll(NAME)) if (name.length > longest.length) longest = name;
  const room = longest.length - (begin + word.length - width);
  if (longest === '' || room >= longest.length) return text;
  const kept = Math.max(4, room - 3);
  const head = Math.ceil(kept / 2);
  const cut = `${longest.slice(0, head)}...${longest.slice(longest.length - (kept - head))}`;
  return cut.length < longest.length ? text.replace(longest, cut) : text;
}
