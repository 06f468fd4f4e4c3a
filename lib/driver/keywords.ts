// SPDX-License-Identifier: GPL-2.0-only
/** Words of the language, and what somebody meant who wrote one of them nearly right. */
import { nearest } from './suggest';

const KEYWORDS =
  'break case const continue default do else export for function if import interface let of return struct switch type while yield'.split(
    ' ',
  );

/** From elsewhere, or with a letter too few to be near. */
const OTHERS: Readonly<Record<string, string>> = {
  elif: 'else if',
  elsif: 'else if',
  elseif: 'else if',
  func: 'function*',
  fn: 'function*',
  def: 'function*',
  until: 'while',
  foreach: 'for',
  retrn: 'return',
  brake: 'break',
};

/** The keyword that was meant by a word which is none; null if none is near. */
export function keywordMeant(word: string): string | null {
  if (Object.hasOwn(OTHERS, word)) return OTHERS[word] ?? null;
  if (word.length < 3 || KEYWORDS.includes(word) || word === 'typeof') return null;
  const meant = nearest(word, KEYWORDS);
  return meant === 'yield' ? 'yield*' : meant;
}
