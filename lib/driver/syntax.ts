// SPDX-License-Identifier: GPL-2.0-only
/** A parser's terse complaint as one sentence for the learner. Two parsers read a driver; both speak through here. */
import { closingOf, lineOf, neverClosed, openBrackets } from './brackets';
import { pieceOfC, type Told } from './c-syntax';
import { keywordMeant } from './keywords';
import { masked } from './masked';

/** The sentence for a syntax error at an offset of the text, and its place: the wrong piece may begin earlier. */
export function syntaxProblem(message: string, text: string, at: number): Told {
  const code = masked(text);
  const here = (sentence: string): Told => ({ at, sentence });
  if (message.includes('Not enough stack space'))
    return here('this is nested too deeply to be read; split it into smaller functions');
  if (/unterminated (?:string|template|comment)/i.test(message)) return here(openText(message));
  if (message.includes('<eof>') || at >= text.trimEnd().length) return endOfFile(code, at);
  return (
    misspeltHead(code, at) ??
    bracket(code, at) ??
    told(HINTS, text, at) ??
    pieceOfC(text, code, at) ??
    misspelt(code, at) ??
    here(general(message, text, at))
  );
}

/** A text or a comment that goes on to the end of the line or of the file. */
function openText(message: string): string {
  if (/comment/i.test(message)) return "this comment is never closed; write '*/' where it ends";
  return 'this text is never closed; write its second quote where it ends';
}

function endOfFile(code: string, at: number): Told {
  const open = neverClosed(code);
  if (open === null) {
    return { at, sentence: 'the file ends too early; its last statement is not finished' };
  }
  const closing = closingOf(open);
  return {
    at: open.at,
    sentence: `this '${open.character}' is never closed, and the file ends too early; write '${closing}' where it belongs`,
  };
}

const STATEMENT =
  /^(?:yield|return|const|let|if|for|while|do|switch|break|continue|function|export)\b/;

/** A bracket too many, or one that is missing before the place where the parser gave up. */
function bracket(code: string, at: number): Told | null {
  const here = (sentence: string): Told => ({ at, sentence });
  const token = code.slice(at, at + 10);
  const open = openBrackets(code, at);
  const innermost = open.at(-1);
  if (/^(?:import|export)\b/.test(token) && innermost !== undefined) {
    const { character, at: where } = neverClosed(code) ?? innermost;
    const missing = closingOf({ character, at: where });
    return here(
      `a '${missing}' is missing above: the '${character}' on line ${lineOf(code, where)} is not closed`,
    );
  }
  if (innermost === undefined) {
    if (/^[)\]}]/.test(token))
      return here(`this '${token.charAt(0)}' closes nothing; there is one too many, here or above`);
    const indented = /(?:^|\n)[ \t]+$/.test(code.slice(0, at));
    if (indented && STATEMENT.test(token))
      return here("this line stands outside of every function; there is a '}' too many above it");
    return null;
  }
  if (innermost.character === '{') return null;
  const closing = closingOf(innermost);
  if (/^[;{}]/.test(token))
    return here(`a '${closing}' is missing before this '${token.charAt(0)}'`);
  if (!STATEMENT.test(token) || isHead(code, innermost.at, at)) return null;
  return here(
    `a '${closing}' is missing: the '${innermost.character}' on line ${lineOf(code, innermost.at)} is not closed`,
  );
}

/** In the head of a for loop, and behind an arrow, words may follow that begin statements elsewhere. */
function isHead(code: string, open: number, at: number): boolean {
  return /\bfor\s*$/.test(code.slice(0, open)) || /(?:=>|yield\*?)\s*$/.test(code.slice(0, at));
}

function told(hints: readonly Hint[], text: string, at: number): Told | null {
  const sentence = hints.find(
    ({ before, after }) => before.test(text.slice(0, at)) && after.test(text.slice(at)),
  )?.sentence;
  return sentence === undefined ? null : { at, sentence };
}

interface Hint {
  readonly before: RegExp;
  readonly after: RegExp;
  readonly sentence: string;
}

const ANY = /(?:)/;
const YIELD =
  'yield* only works inside a function*; make the function around it a function*, and replace a callback (forEach, map) by a for loop';

const HINTS: readonly Hint[] = [
  { before: ANY, after: /^yield\b/, sentence: YIELD },
  { before: /\byield\s*\*?\s*$/, after: ANY, sentence: YIELD },
  {
    before: /\busing\s+$/,
    after: ANY,
    sentence:
      'using is not supported; release what you took with the function the kernel has for it',
  },
  {
    before: ANY,
    after: /^await\b/,
    sentence: 'there is no await in a driver; operations run with yield* inside a function*',
  },
  {
    before: ANY,
    after: /^@/,
    sentence: 'decorators are not supported; call the function yourself',
  },
  {
    before: /\bif\s*\([^;{}\n]*\)\s*then\s*$/,
    after: ANY,
    sentence: 'there is no then here; leave the word out',
  },
  {
    before: /\bunless\s*\([^;{}\n]*\)\s*$/,
    after: ANY,
    sentence: 'there is no unless here; write if (!(...))',
  },
  {
    before: /\b(?:loop|repeat|forever)\s*$/,
    after: /^\{/,
    sentence: 'there is no such loop here; write for (;;) { ... }',
  },
  {
    before:
      /\b(?:synchronized|lock)\s*\([^;{}\n]*\)\s*$|\bscoped_guard\s*\([^;{}\n]*$|\bguard\s*\(\w+\)\s*\([^;{}\n]*$/,
    after: /^[{&]/,
    sentence: 'no lock belongs to a block here; take it, and release it on every way out',
  },
  {
    before: /\?[^;{}\n]*$/,
    after: /^(?:return|break|continue)\b/,
    sentence: 'nothing is returned from within an expression; write if (condition) return value;',
  },
  {
    before: ANY,
    after: /^with\b/,
    sentence: 'the with statement is not supported; name the object',
  },
];

/** A word right before the place which is nearly one of the language. */
function misspelt(code: string, at: number): Told | null {
  return nearKeyword(/\b([A-Za-z]\w*)[\s*]*$/.exec(code.slice(0, at)));
}

/** The same of the word in front of brackets that end, or are still open, before the place. */
function misspeltHead(code: string, at: number): Told | null {
  return nearKeyword(/(?<=[;{}]\s*)\b([A-Za-z]\w*)\s*\([^;{}]*$/.exec(code.slice(0, at)));
}

function nearKeyword(found: RegExpExecArray | null): Told | null {
  const [, word = ''] = found ?? [];
  const meant = keywordMeant(word);
  if (found === null || meant === null) return null;
  return { at: found.index, sentence: `there is no word '${word}' here; did you mean '${meant}'?` };
}

/** The parser's own wording: its first sentence, without the position acorn appends. */
function general(message: string, text: string, at: number): string {
  const left = /^Unsyntactic (break|continue)/i.exec(message)?.[1];
  if (left !== undefined)
    return `this ${left} stands in no loop${left === 'break' ? ' and no switch' : ''}; write return to leave the function`;
  if (/^Deleting local variable/i.test(message))
    return `nothing is deleted here; write yield* kfree(${/^\s*delete\s+(\w+)/.exec(text.slice(at))?.[1] ?? 'object'})`;
  if (/'return' outside of function/.test(message))
    return 'this return stands outside of every function; only declarations stand there';
  const token = /^(?:[\w$]+|=>|[^\s\w])/.exec(text.slice(at))?.[0] ?? '';
  if (/missing initializer/i.test(message))
    return "a const is given its value where it is declared; write '= value', or let in place of const";
  const twice = /Identifier '(\w+)' has already been declared/.exec(message)?.[1];
  if (twice !== undefined)
    return `'${twice}' is declared twice; keep one of the two, choose another name, or assign without const or let`;
  if (/^expected ';'/.test(message)) return `a ';' or an operator is missing before '${token}'`;
  const wanted = /^expected '(.+)', got/.exec(message)?.[1];
  if (wanted !== undefined) return `'${wanted}' is expected here, and not '${token}'`;
  if (/^(?:case|default)$/.test(token))
    return `this ${token} stands outside of the braces of a switch`;
  if (/^unexpected token/i.test(message)) return `'${token}' cannot stand here`;
  const first = (message.split('\n')[0] ?? '')
    .replace(/ \(\d+:\d+\)$/, '')
    .replace(/\.(?: .*)?$/, '');
  const short = first.length > 120 ? `${first.slice(0, 120)}...` : first;
  return `syntax error: ${short.charAt(0).toLowerCase()}${short.slice(1)}`;
}
