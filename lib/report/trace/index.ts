// SPDX-License-Identifier: GPL-2.0-only
/** An execution written down for other programs and other people: text, mermaid, Chrome trace. */
import { chromeTrace } from './chrome';
import { mermaidTrace } from './mermaid';
import { textTrace } from './text';
import type { Traced } from './traced';

export { told, type Traced } from './traced';

/** Ways to write a trace. */
export const TRACE_FORMATS = ['text', 'mermaid', 'chrome'] as const;

export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** A traced execution as a document. */
export function writeTrace(traced: Traced, format: TraceFormat): string {
  switch (format) {
    case 'text':
      return textTrace(traced);
    case 'mermaid':
      return mermaidTrace(traced);
    case 'chrome':
      return chromeTrace(traced);
  }
}
