// SPDX-License-Identifier: GPL-2.0-only
/** A text as those see it who look for words and brackets: comments are blanks, and texts in quotes hold nothing. */

const NO_CODE =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?|`(?:[^`\\]|\\[\s\S])*`?/g;

/** The same text, of the same length and with the same lines. */
export function masked(text: string): string {
  return text.replace(NO_CODE, (part) => {
    if (part.startsWith('/')) return part.replace(/[^\n]/g, ' ');
    const [quote = ''] = part;
    const closed = part.length > 1 && part.endsWith(quote);
    const inside = part.slice(1, closed ? -1 : undefined).replace(/[^\n]/g, '_');
    return `${quote}${inside}${closed ? quote : ''}`;
  });
}
