// SPDX-License-Identifier: GPL-2.0-only
/**
 * The text of a driver before anything parses it: bounded, plain, and not nested so deeply that a parser would run out
 * of stack.
 */
import type { Reporter } from './diagnostic';

/** A driver may be this long, in UTF-8 bytes. The longest port is a tenth of it. */
const BYTES_MAX = 64 * 1024;

const DEPTH_MAX = 64;
const TOKENS_MAX = 1000;
const ELSES_MAX = 300;

/** Reports one problem at most: after the first, the rest of the text cannot be trusted. */
export function checkText(text: string, reporter: Reporter): boolean {
  const bytes = utf8Length(text);
  if (bytes > BYTES_MAX) {
    reporter.report(
      0,
      'text',
      `the file is ${String(bytes)} bytes long, and a driver may have at most ${String(BYTES_MAX)}; keep only the driver in it`,
    );
    return false;
  }
  if (text.startsWith('#!')) {
    reporter.report(0, 'text', "a driver is not a script; delete the '#!' line");
    return false;
  }
  const odd = ODD_CHARACTER.exec(text);
  if (odd !== null) {
    reporter.report(odd.index, 'text', oddSentence(odd[0]));
    return false;
  }
  const deep = tooDeep(text);
  if (deep !== null) {
    reporter.report(
      deep,
      'text',
      'this is nested too deeply, or one statement is too long, to be read; split it into smaller functions',
    );
    return false;
  }
  return true;
}

// Control characters, line ends that only some tools recognise (a lone CR, U+2028, U+2029), and lone surrogates.
const ODD_CHARACTER =
  // eslint-disable-next-line no-control-regex -- these are the characters we look for
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff\ufffd]|\r(?!\n)|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function oddSentence(character: string): string {
  if (character === '\ufffd')
    return 'here are bytes that are not UTF-8, shown as U+FFFD; delete them, or save the file as UTF-8';
  return `the file contains ${characterName(character)}, which does not belong in source text; delete it`;
}

function characterName(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0) return 'a NUL byte';
  if (code === 0x0d) return 'a carriage return without a line feed';
  if (code >= 0xd800 && code <= 0xdfff) return 'half a surrogate pair (invalid UTF-16)';
  return `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair adds two of the pair's four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[\w$]+|[^\s\w$]/g;

/** A rough count, not a parse. If it is wrong, it only refuses text that nobody would write. */
function tooDeep(text: string): number | null {
  let depth = 0;
  let tokens = 0;
  let elses = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0];
    if (token.startsWith('//') || token.startsWith('/*')) continue;
    if (token === '(' || token === '[' || token === '{') depth++;
    if (token === ')' || token === ']' || token === '}') depth = Math.max(0, depth - 1);
    if (token === 'else') elses++;
    tokens = token === ';' || token === '{' || token === '}' ? 0 : tokens + 1;
    if (depth > DEPTH_MAX || tokens > TOKENS_MAX || elses > ELSES_MAX) return match.index;
  }
  return null;
}
