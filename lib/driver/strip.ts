// SPDX-License-Identifier: GPL-2.0-only
/**
 * Removes types: a driver's TypeScript becomes JavaScript of exactly the same shape. Spaces replace every type, so lines
 * and columns stay the same. Constructs that are not only types (enum, namespace, parameter properties, ...) have no
 * such form and are refused. Babel's parser reads the text; erase.ts blanks the types.
 */
import { type ParserOptions, parse } from '@babel/parser';
import { type Diagnostic, Reporter } from './diagnostic';
import { eraseTypes } from './erase';
import { syntaxProblem } from './syntax';
import { checkText } from './text';

/** The stripped text, or the reason why there is none. */
export type Stripped =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Strips the types of one driver. A byte order mark at its start is dropped; nothing else moves. */
export function stripTypes(source: string, fileName: string): Stripped {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const reporter = new Reporter(fileName, text);
  const code = checkText(text, reporter) ? strip(text, reporter) : null;
  const diagnostics = reporter.diagnostics();
  return code === null || diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, code };
}

const OPTIONS: ParserOptions = {
  sourceType: 'module',
  plugins: ['typescript'],
  // Keep brackets as nodes of their own: erase.ts must know where an expression ends before its brackets do.
  createParenthesizedExpressions: true,
  attachComment: false,
};

function strip(text: string, reporter: Reporter): string | null {
  try {
    return eraseTypes(text, parse(text, OPTIONS).program, (at, message) => {
      reporter.report(at, 'typescript', message);
    });
  } catch (error) {
    if (isParseError(error)) {
      const place = placeOf(error, text);
      const { at, sentence } = syntaxProblem(messageOf(error, text, place), text, place);
      reporter.report(at, 'syntax', sentence);
      return null;
    }
    if (!(error instanceof RangeError)) throw error;
    const nested = 'the file is nested too deeply to be read; split it into smaller functions';
    reporter.report(0, 'text', nested);
    return null;
  }
}

/** The error that Babel's parser throws. */
interface ParseError extends SyntaxError {
  readonly pos: number;
  readonly reasonCode: string;
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof SyntaxError && 'pos' in error && 'reasonCode' in error;
}

/**
 * Babel reports a missing semicolon after the last token, but the reader looks at the first token that cannot follow. It
 * reports an unexpected end of the file after its last line, but the reader looks at the last word.
 */
function placeOf({ pos, reasonCode }: ParseError, text: string): number {
  const blanks = reasonCode === 'MissingSemicolon' ? BLANKS.exec(text.slice(pos)) : null;
  return Math.min(pos + (blanks?.[0].length ?? 0), text.trimEnd().length);
}

const BLANKS = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/;

/** The parser's own words, except for a missing token: then the expected and the actual token. */
function messageOf({ message, reasonCode }: ParseError, text: string, at: number): string {
  const wanted =
    reasonCode === 'MissingSemicolon' ? ';' : /token, expected "(.+)"/.exec(message)?.[1];
  const token = TOKEN.exec(text.slice(at))?.[0];
  if (wanted === undefined || token === undefined) return message;
  return `expected '${wanted}', got '${token}'`;
}

const TOKEN = /^(?:[\w$]+|->|=>|[^\s\w])/;
