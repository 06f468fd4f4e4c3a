// SPDX-License-Identifier: GPL-2.0-only
/** Where a watch shows things: a screen that is redrawn, or lines that follow one another. */

export interface Screen {
  /** Shows a text in place of what was there. */
  show(text: string): void;
  /** Adds to what is there. */
  add(text: string): void;
  /** Says what is going on until the next text comes; terminals only. */
  status(line: string): void;
  /** Takes away what status() said: nothing comes any more. */
  close(): void;
}

const CLEAR = '\u001b[2J\u001b[3J\u001b[H';
const ERASE_LINE = '\r\u001b[K';
/** From the line below the foot to its beginning, and nothing left behind. */
const ERASE_FOOT = '\r\u001b[2A\u001b[J';

/** A screen for a person; below everything shown stand an empty line and the `foot`. */
export function terminalScreen(write: (text: string) => void, foot: string): Screen {
  const below = `\n${foot}\n`;
  let shown = false;
  let said = false;
  return {
    show(text) {
      shown = true;
      write(`${CLEAR}${text}${below}`);
    },
    add(text) {
      write(`${shown ? ERASE_FOOT : ''}${text}${below}`);
      shown = true;
    },
    status(line) {
      write(`${ERASE_LINE}${line}`);
      said = true;
    },
    close() {
      if (said) write(ERASE_LINE);
      said = false;
    },
  };
}

/** Lines for a pipe. */
export function lineScreen(write: (text: string) => void): Screen {
  return { show: write, add: write, status: () => undefined, close: () => undefined };
}
