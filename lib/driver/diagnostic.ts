// SPDX-License-Identifier: GPL-2.0-only
/** The message about a refused driver: one clear sentence at one place in the file, never a stack trace. */

/** The families of refusals; the name in parentheses at the end of a printed diagnostic. */
export type Rule =
  | 'text'
  | 'syntax'
  | 'typescript'
  | 'import'
  | 'hidden-state'
  | 'forbidden'
  | 'not-defined'
  | 'forgotten-yield'
  | 'slip';

/** One refusal. Lines and columns count from 1, columns in UTF-16 units, as editors do. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: Rule;
  readonly message: string;
}

/** `file:line:column: sentence (rule)`, which editors and terminals turn into a link. */
export function formatDiagnostic(d: Diagnostic): string {
  return `${d.file}:${String(d.line)}:${String(d.column)}: ${d.message} (${d.rule})`;
}

/** Collects diagnostics for one file; the rules know offsets, the reader wants lines. */
export class Reporter {
  readonly #file: string;
  readonly #lineStarts: readonly number[];
  readonly #found = new Map<number, Diagnostic>();
  readonly #settled: (readonly [start: number, end: number])[] = [];
  readonly #names = new Set<string>();

  constructor(file: string, text: string) {
    this.#file = file;
    this.#lineStarts = lineStarts(text);
  }

  /** Reports at an offset; one sentence is enough for one place, and the first one stands. */
  report(offset: number, rule: Rule, message: string): void {
    if (this.#settled.some(([start, end]) => offset >= start && offset < end)) return;
    const line = this.lineOf(offset);
    const column = offset - (this.#lineStarts[line - 1] ?? 0) + 1;
    if (!this.#found.has(offset))
      this.#found.set(offset, { file: this.#file, line, column, rule, message });
  }

  /** Reports what is wrong with a name, where it is first used. */
  reportName(name: string, offset: number, rule: Rule, message: string): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.report(offset, rule, message);
  }

  /** Reports, and takes whatever else might be found in this part of the text for a consequence. */
  settle({ start, end }: { start: number; end: number }, rule: Rule, message: string): void {
    this.report(start, rule, message);
    this.#settled.push([start, end]);
  }

  /** The line, counted from 1, that holds this offset. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** The offset of a line and column that both count from 1, kept inside that line. */
  offsetOf(line: number, column: number): number {
    const start = this.#lineStarts[line - 1] ?? 0;
    const next = this.#lineStarts[line] ?? Infinity;
    return Math.min(start + Math.max(column - 1, 0), next - 1);
  }

  /** Everything found so far, by position. */
  diagnostics(): Diagnostic[] {
    return [...this.#found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
