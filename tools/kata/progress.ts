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

interface Running {
  readonly began: number;
  executions: number;
}

/** Shows nothing where nobody looks, and nothing within the first second of a scenario; of several, the one begun first. */
export function progressLine(stream: ProgressStream, now: () => number = Date.now): ProgressLine {
  const running = new Map<string, Running>();
  let shown = false;
  const begin = (scenario: string): Running => {
    const about = { began: now(), executions: 0 };
    running.set(scenario, about);
    return about;
  };
  const erase = (): void => {
    if (shown) stream.write(ERASE);
    shown = false;
  };
  const show = (): void => {
    const [first] = running;
    if (first === undefined) return;
    const [scenario, { began, executions }] = first;
    const elapsed = now() - began;
    if (elapsed < QUIET_MS) return;
    const rate = Math.round((executions / elapsed) * 1000);
    stream.write(
      `${ERASE}${scenario}: ${executions} interleavings explored so far, ${rate} a second`,
    );
    shown = true;
  };
  return {
    clear() {
      running.clear();
      erase();
    },
    see(message) {
      if (stream.isTTY !== true) return;
      if (message.type === 'begin') begin(message.scenario);
      if (message.type === 'verdict') running.delete(message.verdict.id);
      if (message.type !== 'alive') {
        erase();
        return;
      }
      (running.get(message.scenario) ?? begin(message.scenario)).executions += message.executions;
      show();
    },
  };
}
