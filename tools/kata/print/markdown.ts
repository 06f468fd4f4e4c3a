// SPDX-License-Identifier: GPL-2.0-only
/**
 * Markdown for a terminal: marked takes it apart, and this lays it out. Headings are underlined, paragraphs, lists and tables
 * wrap at words, code stays as it is, and what only a browser needs goes.
 */
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { fitTable, visible, wrapped } from './fit';
import type { Style } from './style';

/** Longer lines are hard to read, however wide a terminal is. */
const WIDTH_MAX = 100;

/** The text as a terminal shows it. */
export function markdown(text: string, style: Style): string {
  const width = Math.min(style.width, WIDTH_MAX);
  return `${blocks(lexer(text), width, style).join('\n\n')}\n`;
}

/** One text for each block that shows anything. */
function blocks(tokens: readonly Token[], width: number, style: Style): string[] {
  return tokens.flatMap((token) => {
    // No extension is used, so the lexer makes no other tokens.
    const lines = block(token as MarkedToken, width, style);
    return lines.length === 0 ? [] : [lines.join('\n')];
  });
}

function block(token: MarkedToken, width: number, style: Style): string[] {
  switch (token.type) {
    case 'heading':
      return heading(token, width, style);
    case 'paragraph':
    case 'text':
      return paragraph(inline(token.tokens ?? [token], style), width);
    case 'code':
      return token.text.split('\n').map((line) => `  ${style.cyan(line)}`.trimEnd());
    case 'blockquote':
      return blocks(token.tokens, width - 2, style)
        .join('\n\n')
        .split('\n')
        .map((line) => `  ${line}`.trimEnd());
    case 'list':
      return list(token, width, style);
    case 'table':
      return table(token, width, style);
    case 'hr':
      return [style.dim('-'.repeat(width))];
    default:
      return [];
  }
}

function heading({ depth, tokens }: Tokens.Heading, width: number, style: Style): string[] {
  const lines = paragraph(inline(tokens, style), width).map(style.bold);
  if (depth > 2) return lines;
  const longest = Math.max(...lines.map(visible));
  return [...lines, style.dim((depth === 1 ? '=' : '-').repeat(longest))];
}

/** Line breaks of the source mean nothing, those that are asked for stay. */
function paragraph(text: string, width: number): string[] {
  return text.split(BREAK).flatMap((part) => wrapped(part.replace(/\s+/g, ' ').trim(), width));
}

const BREAK = '\u0000';

function list({ ordered, start, items }: Tokens.List, width: number, style: Style): string[] {
  const isLoose = items.some(({ loose }) => loose);
  return items.flatMap((item, i) => {
    const mark = ordered ? `${(start === '' ? 1 : start) + i}. ` : '- ';
    const inside = blocks(item.tokens, width - mark.length, style);
    const text = inside.join(isLoose ? '\n\n' : '\n').split('\n');
    const lines = text.map((line, n) =>
      `${n === 0 ? mark : ' '.repeat(mark.length)}${line}`.trimEnd(),
    );
    return isLoose && i < items.length - 1 ? [...lines, ''] : lines;
  });
}

/** Rows of several lines stand apart. */
function table({ header, rows }: Tokens.Table, width: number, style: Style): string[] {
  const cells = [header, ...rows].map((row) => row.map(({ tokens }) => inline(tokens, style)));
  const [head = [], ...body] = fitTable(cells, width);
  const ruler = style.dim('-'.repeat(Math.max(...[head, ...body].flat().map(visible))));
  const below = body.flatMap((lines, i) => {
    const isApart = i > 0 && Math.max(lines.length, body[i - 1]?.length ?? 0) > 1;
    return isApart ? ['', ...lines] : lines;
  });
  return [...head.map(style.bold), ruler, ...below];
}

/** Text within a line. Colours are put on each word, so that lines can be broken between them. */
function inline(tokens: readonly Token[], style: Style): string {
  return tokens.map((token) => span(token as MarkedToken, style)).join(''); // as above
}

function span(token: MarkedToken, style: Style): string {
  switch (token.type) {
    case 'strong':
      return eachWord(inline(token.tokens, style), style.bold);
    case 'em':
    case 'del':
      return inline(token.tokens, style);
    case 'codespan':
      return code(token.text, style);
    case 'link':
      return link(token, style);
    case 'image':
      return `[${token.text}]`;
    case 'br':
      return BREAK;
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens === undefined ? token.text : inline(token.tokens, style);
    default:
      return '';
  }
}

/** Without colours the quotes are all that tells code from words. */
function code(text: string, style: Style): string {
  return style.cyan('') === '' ? `\`${text}\`` : eachWord(text, style.cyan);
}

function eachWord(text: string, paint: (word: string) => string): string {
  return text.split(' ').map(paint).join(' ');
}

/** Where a link leads, unless its text says so: a path as it is from the root of the repository. */
function link({ href, tokens }: Tokens.Link, style: Style): string {
  const text = inline(tokens, style);
  const target = href.replace(/^mailto:/, '').replace(/^(?:\.\.?\/)+/, '');
  const isSaid = text.includes(target) || href.startsWith('#');
  return isSaid ? text : `${text} (${target})`;
}
