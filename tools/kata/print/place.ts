// SPDX-License-Identifier: GPL-2.0-only
/** A finding as compilers write one: the file, a line, and what is wrong there. Editors list those, and it stands below a long report. */
import type { KataReportV1, TestVerdict } from '../../../lib/kata/verdict';

/** `katas/00-lost-update/tally.ts:20: EXPECTATION FAILED: ...`; null if the failure leads to no line of the driver. */
export function findingLine({ driver }: KataReportV1, { failure }: TestVerdict): string | null {
  // The lines of a patch are not those of what it makes.
  if (failure === undefined || !driver.endsWith('.ts')) return null;
  const line = lineIn(failure.report, driver.slice(driver.lastIndexOf('/') + 1));
  return line === null ? null : `${driver}:${line}: ${failure.headline}`;
}

/**
 * The driver's line in the stack of the failure; else the marked row of the interleaving, another stack, or the last row. A use
 * after free by somebody else leads to the line that freed.
 */
function lineIn(report: string, file: string): string | null {
  const [body = '', ...rows] = report.split(/^(?=interleaving, )/m);
  const [first = ''] = body.split(/^(?=Allocated by|Freed by)/m);
  const drawing = rows.join('').split(/^then check\(\):/m)[0] ?? '';
  const drawn = /with lines of ([^;:]+)[;:]/.exec(drawing)?.[1] === file ? drawing : '';
  const { marked, last } = rowsIn(drawn);
  return lineOf(file, first) ?? marked ?? lineOf(file, body) ?? last;
}

/** The lines of the driver that the first marked row and the last row are about. */
function rowsIn(drawing: string): { readonly marked: string | null; readonly last: string | null } {
  let marked: string | null = null;
  let last: string | null = null;
  /** For each column, the line of its last row. */
  const lines = new Map<number, string | null>();
  for (const text of drawing.split('\n').slice(1)) {
    text.split(' | ').forEach((cell, column) => {
      const [, number] = /^ *(?:[A-Z][a-z]* +)?(\d+) {2,}/.exec(cell) ?? [];
      last = number ?? last;
      // A mark may stand below its row. A row of another file has no number, but says where it is.
      if (number !== undefined) lines.set(column, number);
      else if (/\(\S+:\d+\)/.test(cell)) lines.set(column, null);
      if (cell.includes('<--')) marked ??= lines.get(column) ?? null;
    });
  }
  return { marked, last };
}

function lineOf(file: string, text: string): string | null {
  const name = file.replace(/[.$]/g, '\\$&');
  return new RegExp(`(?<![\\w/])${name}:(\\d+)`).exec(text)?.[1] ?? null;
}
