// SPDX-License-Identifier: GPL-2.0-only
/** hints.md: each level-two heading opens a hint, each a little stronger than the one before. */

import { Fault } from './errors';
import { type Kata, kataText } from './katas';

/** A kata's hints, weakest first. */
export function hintsOf(kata: Kata): string[] {
  const hints = parseHints(kataText(kata, 'hints.md'));
  if (hints.length === 0) throw new Fault(`katas/${kata.id}/hints.md holds no hints`);
  return hints;
}

/** The hints, weakest first, headings included. What stands above the first heading is for readers of the file. */
export function parseHints(markdown: string): string[] {
  const text = markdown.replace(/\r\n/g, '\n').replace(/<!--[\s\S]*?-->\n*/g, '');
  const headed = text.split(/^(?=## )/m).filter((part) => part.startsWith('## '));
  if (headed.length > 0) return headed.map((part) => part.trim());
  const numbered = text.split(/^(?=\d+\. )/m).filter((part) => /^\d+\. /.test(part));
  if (numbered.length > 0) return numbered.map((part) => part.trim());
  return text.trim() === '' ? [] : [text.trim()];
}
