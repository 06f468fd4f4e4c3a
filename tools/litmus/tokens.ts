// SPDX-License-Identifier: GPL-2.0-only
/** The tokens of a litmus test: those of C and of herd's conditions, without comments and strings. */
import { LitmusProblem } from './problem';

export interface Token {
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly line: number;
}

/** `(*` opens a comment of herd, except within a thread, where it is C. */
const COMMENT = /\(\*[\s\S]*?\*\)/y;
const WORD =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"\n]*"|[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|->|\+\+|--|<<=|>>=|<<|>>|[<>=!+\-*/%&|^]=|&&|\|\||\/\\|\\\/|[{}()[\];:,*&|^~!<>=+\-/%?.]/y;

/** Splits a text into tokens; the last one is of kind 'end'. */
export function tokensOf(text: string, firstLine = 1): Token[] {
  const tokens: Token[] = [];
  let line = firstLine;
  let depth = 0;
  let inThread = false;
  for (let at = 0; at < text.length;) {
    const word = wordAt(text, at, inThread);
    if (word === null) throw new LitmusProblem(line, unreadable(text.charAt(at)));
    const token = tokenOf(word, line);
    if (token !== null) tokens.push(token);
    if (depth === 0 && /^P\d+$/.test(word)) inThread = true;
    if (word === '{') depth++;
    if (word === '}' && --depth === 0) inThread = false;
    line += word.split('\n').length - 1;
    at += word.length;
  }
  tokens.push({ kind: 'end', text: 'the end of the file', line });
  return tokens;
}

function unreadable(character: string): string {
  if (character === '#') return 'preprocessor lines are not supported: write the value itself';
  return `cannot read '${character}'`;
}

function wordAt(text: string, at: number, inThread: boolean): string | null {
  COMMENT.lastIndex = WORD.lastIndex = at;
  return ((inThread ? null : COMMENT.exec(text)) ?? WORD.exec(text))?.[0] ?? null;
}

/** Null for spaces, comments and strings. */
function tokenOf(word: string, line: number): Token | null {
  if (/^(\s|\/\/|\/\*|\(\*|")/.test(word)) return null;
  if (/^[A-Za-z_]/.test(word)) return { kind: 'name', text: word, line };
  return { kind: /^\d/.test(word) ? 'number' : 'sign', text: word, line };
}

/** Reads tokens one after another. */
export class Tokens {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get next(): Token {
    return this.ahead(0);
  }

  get line(): number {
    return this.next.line;
  }

  /** The token after this many others. */
  ahead(count: number): Token {
    const found = this.tokens[Math.min(this.#at + count, this.tokens.length - 1)];
    if (found === undefined) throw new LitmusProblem(0, 'the file is empty');
    return found;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Takes the next token if it matches. */
  accept(text: string): boolean {
    if (this.next.kind === 'end' || this.next.text !== text) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected '${text}' before '${this.next.text}'`);
  }

  name(what: string): string {
    if (this.next.kind !== 'name') this.fail(`expected ${what} before '${this.next.text}'`);
    return this.take().text;
  }

  number(): number {
    const sign = this.accept('-') ? -1 : 1;
    if (this.next.kind !== 'number') this.fail(`expected a number before '${this.next.text}'`);
    return sign * Number(this.take().text);
  }

  fail(sentence: string): never {
    throw new LitmusProblem(this.line, sentence);
  }
}
