// SPDX-License-Identifier: GPL-2.0-only
/**
 * Types away: a driver's TypeScript becomes JavaScript of exactly the same shape, every type replaced by spaces, so a
 * line and column of the result is one of the source. Constructs that are not only types (enum, namespace, parameter
 * properties, ...) have no such form and are refused. The work is done by amaro, as in Node itself.
 */
import { transformSync } from 'amaro';
import { type Diagnostic, Reporter } from './diagnostic';
import { syntaxSentence } from './syntax';
import { checkText } from './text';

/** The stripped text, or why there is none. */
export type Stripped =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Strips the types of one driver. A byte order mark at its start is dropped, nothing else moves. */
export function stripTypes(source: string, fileName: string): Stripped {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const reporter = new Reporter(fileName, text);
  const code = checkText(text, reporter) ? strip(text, reporter) : null;
  return code === null ? { ok: false, diagnostics: reporter.diagnostics() } : { ok: true, code };
}

let spoiled = false;

function strip(text: string, reporter: Reporter): string | null {
  if (spoiled)
    throw new Error(
      'driver: the type stripper ran out of stack on an earlier file; start a new process',
    );
  try {
    const { code } = transformSync(text, { mode: 'strip-only' });
    if (code.length !== text.length) throw new Error('driver: stripping the types moved the code');
    return code;
  } catch (error) {
    if (isStripError(error)) {
      const at = offsetOf(error, text, reporter);
      reporter.report(at, ruleOf(error), sentence(error, text, at));
      return null;
    }
    if (error instanceof Error && error.message.startsWith('driver:')) throw error;
    spoiled = !stillWorks();
    reporter.report(
      0,
      'text',
      'the file is nested too deeply to be read; split it into smaller functions',
    );
    return null;
  }
}

interface StripError {
  readonly code: string;
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
}

function isStripError(error: unknown): error is StripError {
  if (typeof error !== 'object' || error === null) return false;
  return 'code' in error && 'message' in error && 'startLine' in error && 'startColumn' in error;
}

function ruleOf(error: StripError): 'typescript' | 'syntax' {
  return error.code === 'UnsupportedSyntax' ? 'typescript' : 'syntax';
}

// The stripper's own wording on the left, what the learner should do on the right.
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/enum/, 'an enum is not only a type; write one const per value, as in: const NBD_CLOSED = 0'],
  [
    /namespace|module/,
    'a namespace is not only a type; put its functions and constants at the top level of the file',
  ],
  [
    /parameter property/,
    'a parameter property is not only a type, and a driver has no classes; describe the structure with struct()',
  ],
  [/import equals/, "import ... = require() is not supported; write import { names } from '#lib'"],
  [
    /export assignment/,
    'export = is not supported; put the word export before each function or constant',
  ],
  [/angle-bracket/, 'write the cast as (value as Type); the <Type>value form is not supported'],
];

function sentence(error: StripError, text: string, at: number): string {
  const known = SENTENCES.find(([pattern]) => pattern.test(error.message));
  if (ruleOf(error) === 'typescript') {
    return (
      known?.[1] ??
      'this TypeScript construct is not only a type and is not supported; write it as plain JavaScript with types'
    );
  }
  return syntaxSentence(error.message, text, at);
}

/** amaro's column is a width on screen, where a tab is four wide. */
function offsetOf(error: StripError, text: string, reporter: Reporter): number {
  const start = reporter.offsetOf(error.startLine, 1);
  let offset = start;
  for (
    let width = 0;
    width < error.startColumn && offset < text.length && text[offset] !== '\n';
    offset++
  ) {
    width += text[offset] === '\t' ? 4 : 1;
  }
  return offset;
}

function stillWorks(): boolean {
  try {
    return transformSync('let a: b', { mode: 'strip-only' }).code === 'let a   ';
  } catch {
    return false;
  }
}
