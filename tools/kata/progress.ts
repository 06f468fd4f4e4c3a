// SPDX-License-Identifier: GPL-2.0-only
/** A line on a terminal's standard error for explorations that take longer than a second: how far, and how fast. */
import type { JudgeMessage } from './judge-protocol';

/** Where the line goes: process.stderr is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressLine {
  see(message: JudgeMessage): void;
  /** Takes the line away. */
  clear(): void;
}

const QUIET_MS = 1000;
const ERASE = '\r\u001b[K';

/** Shows nothing where nobody looks, and nothing within the first second of a scenario. */
export function progressLine(stream: ProgressStream, now: () => number = Date.now): ProgressLine {
  let scenario = '';
  let began = 0;
  let executions = 0;
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write(ERASE);
    shown = false;
  };
  return {
    clear,
    see(message) {
      if (stream.isTTY !== true) return;
      if (message.type === 'begin') [scenario, began, executions] = [message.scenario, now(), 0];
      if (message.type !== 'alive') {
        clear();
        return;
      }
      executions += message.executions;
      const elapsed = now() - began;
      if (elapsed < QUIET_MS) return;
      const rate = Math.round((executions / elapsed) * 1000);
      stream.write(
        `${ERASE}${scenario}: ${executions} interleavings explored so far, ${rate} a second`,
      );
      shown = true;
    },
  };
}
