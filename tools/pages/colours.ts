// SPDX-License-Identifier: GPL-2.0-only
/** Code in colours: TypeScript by the editor's own parser, diffs by their first characters. */
import { escapeHtml } from '../html';

/** Highlights code; null for a language that is shown as it is. */
export type Highlight = (text: string, language: string) => string | null;

/** Loads the parser, which exists as an ECMAScript module only. */
export async function highlighter(): Promise<Highlight> {
  const [{ javascriptLanguage, typescriptLanguage }, { classHighlighter, highlightCode }] =
    await Promise.all([import('@codemirror/lang-javascript'), import('@lezer/highlight')]);
  const parsers = new Map([
    ['ts', typescriptLanguage.parser],
    ['js', javascriptLanguage.parser],
  ]);
  return (text, language) => {
    if (language === 'diff') return diffLines(text);
    const parser = parsers.get(language);
    if (parser === undefined) return null;
    let html = '';
    highlightCode(
      text,
      parser.parse(text),
      classHighlighter,
      (code, classes) => {
        html +=
          classes === '' ? escapeHtml(code) : `<span class="${classes}">${escapeHtml(code)}</span>`;
      },
      () => {
        html += '\n';
      },
    );
    return html;
  };
}

function diffLines(text: string): string {
  const kinds: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place' };
  return text
    .split('\n')
    .map((line) => {
      const kind = kinds[line[0] ?? ''];
      return kind === undefined
        ? escapeHtml(line)
        : `<span class="${kind}">${escapeHtml(line)}</span>`;
    })
    .join('\n');
}
