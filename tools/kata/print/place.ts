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
  const drawn = drawing.includes(`with lines of ${file}:`) ? drawing : '';
  const numbered = [...drawn.matchAll(/(?:^|\|) *(?:[A-Z][a-z]* )?(\d+) {2,}.*$/gm)];
  const marked = numbered.find(([text]) => text.includes('<--'));
  return lineOf(file, first) ?? marked?.[1] ?? lineOf(file, body) ?? numbered.at(-1)?.[1] ?? null;
}

function lineOf(file: string, text: string): string | null {
  const name = file.replace(/[.$]/g, '\\$&');
  return new RegExp(`(?<![\\w/])${name}:(\\d+)`).exec(text)?.[1] ?? null;
}
