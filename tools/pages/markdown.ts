// SPDX-License-Identifier: GPL-2.0-only
/** Markdown as the site shows it: headings that can be linked to, links to the site's own addresses, code in colours. */
import { Marked, type Tokens } from 'marked';
import { escapeHtml } from '../html';

export interface Heading {
  readonly depth: number;
  readonly id: string;
  readonly text: string;
}

/** A text, and what search and a table of contents need of it. */
export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** The plain words under each heading; those before the first have an empty id. */
  readonly sections: readonly {
    readonly id: string;
    readonly title: string;
    readonly words: string;
  }[];
}

export interface Rules {
  /** Turns a link of the page into one of the site. */
  readonly link: (href: string) => string;
  /** Code as HTML; null for a language without colours. */
  readonly code: (text: string, language: string) => string | null;
  /** The file with the execution of an example that the page draws as a report; null for a drawing that stays text, as all do without this. */
  readonly drawing?: (example: string) => string | null;
  /** Put before the ids of headings, where several texts share a page. */
  readonly prefix?: string;
}

/** Renders a text. */
export function render(markdown: string, rules: Rules): Rendered {
  const { link, code, drawing, prefix = '' } = rules;
  const headings: Heading[] = [];
  const ids = new Map<string, number>();
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading): string {
        const plain = plainOf(text);
        const id = prefix + unique(slug(plain), ids);
        headings.push({ depth, id, text: plain });
        const inner = this.parser.parseInline(tokens);
        const mark =
          depth === 1
            ? ''
            : ` <a class="anchor" href="#${id}" aria-label="Link to ${escapeHtml(plain)}">#</a>`;
        return `<h${depth} id="${id}">${inner}${mark}</h${depth}>\n`;
      },
      link({ href, tokens, title }: Tokens.Link): string {
        const named = title ? ` title="${escapeHtml(title)}"` : '';
        return `<a href="${escapeHtml(link(href))}"${named}>${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text }: Tokens.Image): string {
        return `<img src="${escapeHtml(link(href))}" alt="${escapeHtml(text)}" loading="lazy">`;
      },
      code({ text, lang = '' }: Tokens.Code): string {
        const language = lang.split(' ')[0] ?? '';
        const inner = code(text, language) ?? escapeHtml(text);
        return `<pre tabindex="0" class="code"><code>${inner}</code></pre>\n`;
      },
      table(token: Tokens.Table): string {
        const cells = (row: Tokens.TableCell[], tag: string): string =>
          row
            .map(
              (cell) =>
                `<${tag}${cell.align ? ` class="${cell.align}"` : ''}>${this.parser.parseInline(cell.tokens)}</${tag}>`,
            )
            .join('');
        const body = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
        return `<div class="table" tabindex="0" role="group" aria-label="Table"><table><thead><tr>${cells(token.header, 'th')}</tr></thead><tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  const text = markdown
    .replace(/^<!-- race (\d\d-[\w-]+) -->$/gm, (_, kata: string) => racePlace(kata, link))
    .replace(DRAWING, (whole, example: string, block: string) => {
      const file = drawing?.(example) ?? null;
      return file === null ? whole : drawingPlace(file, block);
    })
    .replace(/<!--[\s\S]*?-->\n*/g, '');
  const html = marked.parse(text, { async: false });
  return { html, headings, sections: sectionsOf(html) };
}

/** Where the page's script shows the race of a kata; until then, a link to it. A page has one. */
function racePlace(kata: string, link: Rules['link']): string {
  const page = link(`../katas/${kata}/README.md`);
  return `<div id="player" data-kata="${kata}"><a href="${page}#race">Watch the race of this kata</a></div>`;
}

/** A report that a program has written below its example. */
const DRAWING = /^<!-- example ([\w-]+): [^\n]* -->\n\n(```text\n[\s\S]*?^```)$/gm;

/** A drawing, and where the page's script finds the execution that it draws. */
function drawingPlace(file: string, block: string): string {
  return `<div class="drawing" data-execution="${escapeHtml(file)}">\n\n${block}\n\n</div>`;
}

/** As code hosts make them of headings. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function unique(id: string, ids: Map<string, number>): string {
  const before = ids.get(id);
  ids.set(id, (before ?? 0) + 1);
  return before === undefined ? id : `${id}-${before}`;
}

/** The words of a heading without its marks. */
function plainOf(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/(^|\s)_([^_]+)_(?=\s|$|[.,:?])/g, '$1$2');
}

function sectionsOf(html: string): Rendered['sections'] {
  const parts = html.split(/(?=<h[1-6] id=")/);
  return parts.flatMap((part) => {
    const [head = '', , id = '', title = ''] =
      /^<h([1-6]) id="([^"]*)">([\s\S]*?)<\/h\1>/.exec(part) ?? [];
    const words = wordsOf(part.slice(head.length));
    return id === '' && words === ''
      ? []
      : [{ id, title: wordsOf(title.replace(/<a class="anchor"[\s\S]*$/, '')), words }];
  });
}

/** The words of HTML that we have written. */
function wordsOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}
