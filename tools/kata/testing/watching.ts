// SPDX-License-Identifier: GPL-2.0-only
/** `kata watch` without a terminal, for tests that save files and wait for words. */
import { spawn } from 'node:child_process';
import type { Checkout } from './checkout';

export interface Watching {
  /** Resolves when the output has these words, after what was waited for before; returns what came before them. */
  says(words: string): Promise<string>;
  type(line: string): void;
  end(): void;
  kill(): void;
  readonly code: Promise<number | null>;
}

/** Starts it in a checkout, with some arguments. */
export function watching({ root, bin }: Checkout, args: readonly string[]): Watching {
  const child = spawn(process.execPath, [bin, 'watch', ...args], { cwd: root });
  let text = '';
  let look = (): void => undefined;
  const heard = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    look();
  };
  child.stdout.on('data', heard);
  child.stderr.on('data', heard);
  return {
    says: (words) =>
      new Promise((resolve) => {
        look = () => {
          const at = text.indexOf(words);
          if (at < 0) return;
          const before = text.slice(0, at);
          text = text.slice(at + words.length);
          resolve(before);
        };
        look();
      }),
    type: (line) => child.stdin.write(`${line}\n`),
    end: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
    code: new Promise((resolve) => child.once('close', resolve)),
  };
}
