// SPDX-License-Identifier: GPL-2.0-only
/** A parser's terse complaint as one sentence for the learner. Two parsers read a driver; both speak through here. */

/** The sentence for a syntax error at an offset of the text. */
export function syntaxSentence(message: string, text: string, at: number): string {
  const hint = HINTS.find(([pattern]) => pattern.test(text.slice(at)))?.[1];
  if (hint !== undefined) return hint;
  if (/\byield\s*\*?\s*$/.test(text.slice(0, at))) return YIELD;
  if (/\busing\s+$/.test(text.slice(0, at))) {
    return 'using is not supported; release what you took with the function the kernel has for it';
  }
  if (message.includes('Not enough stack space')) {
    return 'this is nested too deeply to be read; split it into smaller functions';
  }
  if (message.includes('<eof>') || at >= text.trimEnd().length) {
    return 'the file ends too early; a closing bracket or quote is missing';
  }
  // First line, first sentence, without the position acorn appends.
  const first = (message.split('\n')[0] ?? '')
    .replace(/ \(\d+:\d+\)$/, '')
    .replace(/\.(?: .*)?$/, '');
  const short = first.length > 120 ? `${first.slice(0, 120)}...` : first;
  return `syntax error: ${short.charAt(0).toLowerCase()}${short.slice(1)}`;
}

const YIELD =
  'yield* only works inside a function*; make the function around it a function*, and replace a callback (forEach, map) by a for loop';

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^yield\b/, YIELD],
  [/^await\b/, 'there is no await in a driver; operations run with yield* inside a function*'],
  [/^@/, 'decorators are not supported; call the function yourself'],
  [/^with\b/, 'the with statement is not supported; name the object'],
];
