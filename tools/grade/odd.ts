// SPDX-License-Identifier: GPL-2.0-only
/**
 * Characters that no output may hold as they are, whether they come from a name, a file or a message: they move a cursor, change the
 * direction of what stands beside them, cannot be seen, or are half of a character.
 */

/* eslint-disable no-control-regex -- control characters are what it is about */
const ODD =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff]|\p{Cs}/gu;
/* eslint-enable no-control-regex */

/** The text with a mark in place of each of them; lines stay lines. */
export function plain(text: string, mark = '\ufffd'): string {
  return text.replace(ODD, (odd) => (odd === '\t' ? odd : mark));
}

/** The same for what must stay on one line. */
export function plainLine(text: string, mark = '\ufffd'): string {
  return plain(text, mark).replace(/[\n\t]/g, mark);
}

/** A document as JSON in which each of them is written as a number, so that what is read back is what was written. */
export function jsonText(document: unknown, indent = 2): string {
  const escaped = (odd: string): string =>
    [...Array(odd.length).keys()]
      .map((i) => `\\u${odd.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join('');
  return JSON.stringify(document, null, indent).replace(ODD, escaped);
}
