// SPDX-License-Identifier: GPL-2.0-only
/** Differences: a patch in colour, and two texts side by side. */
import { structuredPatch } from 'diff';
import type { Style } from './style';

/** A unified diff with its lines coloured as git does it. */
export function paintPatch(patch: string, style: Style): string {
  return patch
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return style.bold(line);
      if (line.startsWith('@@')) return style.cyan(line);
      if (line.startsWith('+')) return style.green(line);
      return line.startsWith('-') ? style.red(line) : line;
    })
    .join('\n');
}

/** Two texts and what they are called. */
export interface Sides {
  readonly left: string;
  readonly right: string;
  readonly names: readonly [left: string, right: string];
  /** Columns there are for both. */
  readonly width: number;
}

const WIDTH_MIN = 60;
const CONTEXT = 3;
const SEPARATOR = ' | ';

/** The places in which two texts differ, side by side. */
export function sideBySide({ left, right, names, width }: Sides, style: Style): string {
  const column = Math.floor((Math.max(width, WIDTH_MIN) - SEPARATOR.length) / 2);
  const row = (a: string, b: string): string =>
    `${cut(a, column).padEnd(column)}${SEPARATOR}${cut(b, column)}`.trimEnd();
  const { hunks } = structuredPatch('', '', left, right, '', '', { context: CONTEXT });
  if (hunks.length === 0) return 'They are the same, to the letter.\n';
  const lines = [style.bold(row(...names))];
  for (const { oldStart, newStart, lines: changes } of hunks) {
    lines.push(style.cyan(row(`line ${oldStart}`, `line ${newStart}`)));
    for (const [a, b] of paired(changes)) lines.push(paintRow(row(a ?? '', b ?? ''), a, b, style));
  }
  return `${lines.join('\n')}\n`;
}

/** The lines of a hunk in pairs; null where one side has nothing. */
function paired(changes: readonly string[]): (readonly [string | null, string | null])[] {
  const pairs: (readonly [string | null, string | null])[] = [];
  let [removed, added]: [string[], string[]] = [[], []];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      pairs.push([removed[i] ?? null, added[i] ?? null]);
    }
    [removed, added] = [[], []];
  };
  for (const change of changes) {
    const text = change.slice(1);
    if (change.startsWith('-')) removed.push(text);
    else if (change.startsWith('+')) added.push(text);
    else if (!change.startsWith('\\')) {
      flush();
      pairs.push([text, text]);
    }
  }
  flush();
  return pairs;
}

function paintRow(line: string, a: string | null, b: string | null, style: Style): string {
  if (a === b) return style.dim(line);
  if (a === null) return style.green(line);
  return b === null ? style.red(line) : style.yellow(line);
}

function cut(line: string, width: number): string {
  const plain = line.replace(/\t/g, '  ');
  return plain.length > width ? `${plain.slice(0, width - 3)}...` : plain;
}
