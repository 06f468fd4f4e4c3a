// SPDX-License-Identifier: GPL-2.0-only
/** Keys: single ones from a terminal, the first letter of each line from anything else. */
import readline from 'node:readline';
import type { ReadStream } from 'node:tty';

/** What somebody typed; 'end' when the input has ended, 'interrupt' for Ctrl-C. */
export type Key = { readonly letter: string } | 'end' | 'interrupt';

export interface Keys {
  /** Lets somebody else read for a while. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Listens to an input, key by key where it is a terminal that shows a screen. */
export function listen(input: NodeJS.ReadStream, byKey: boolean, onKey: (key: Key) => void): Keys {
  return byKey && input.isTTY ? terminalKeys(input, onKey) : lineKeys(input, onKey);
}

const CONTROL: Readonly<Record<string, Key>> = { '\u0003': 'interrupt', '\u0004': 'end' };

function terminalKeys(input: ReadStream, onKey: (key: Key) => void): Keys {
  const heard = (chunk: Buffer): void => {
    const text = chunk.toString('utf8');
    // Arrow keys and the like come as one sequence, and mean nothing here.
    if (text.startsWith('\u001b')) return;
    for (const letter of text) onKey(CONTROL[letter] ?? { letter: letter.toLowerCase() });
  };
  const resume = (): void => {
    input.setRawMode(true);
    input.on('data', heard);
    input.resume();
  };
  const pause = (): void => {
    input.off('data', heard);
    input.pause();
    input.setRawMode(false);
  };
  resume();
  return { pause, resume, close: pause };
}

function lineKeys(input: NodeJS.ReadStream, onKey: (key: Key) => void): Keys {
  let lines: readline.Interface;
  let paused = false;
  const resume = (): void => {
    paused = false;
    lines = readline.createInterface({ input });
    lines.on('line', (line) => {
      onKey({ letter: line.trim().slice(0, 1).toLowerCase() });
    });
    lines.on('close', () => {
      if (!paused) onKey('end');
    });
  };
  const pause = (): void => {
    paused = true;
    lines.close();
  };
  resume();
  return { pause, resume, close: pause };
}
