// SPDX-License-Identifier: GPL-2.0-only
/** Writes an execution for other programs and other people: as text, mermaid or Chrome trace. */
import { chromeTrace } from './chrome';
import { mermaidTrace } from './mermaid';
import { textTrace } from './text';
import type { Traced } from './traced';

export { told, type Traced } from './traced';

/** The formats of a trace. */
export const TRACE_FORMATS = ['text', 'mermaid', 'chrome'] as const;

export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** Writes a traced execution in a format; only text has lines of a width. */
export function writeTrace(traced: Traced, format: TraceFormat, width?: number): string {
  switch (format) {
    case 'text':
      return textTrace(traced, width);
    case 'mermaid':
      return mermaidTrace(traced);
    case 'chrome':
      return chromeTrace(traced);
  }
}
