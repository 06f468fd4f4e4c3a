// SPDX-License-Identifier: GPL-2.0-only
/**
 * The judging process: `node judge-child.js REQUEST`. A process of its own, because a driver can loop where no tick is
 * inserted, or use up the memory, and only a process can be stopped whatever it does.
 */
import fs from 'node:fs';
import { realJudge } from './real-judge';
import { ANSWER_FD, type JudgeMessage, type JudgeRequest } from './judge-protocol';
import { answer } from './judge-session';

/** Written at once, so that the last message before an endless loop is seen. */
function send(message: JudgeMessage): void {
  try {
    fs.writeSync(ANSWER_FD, `${JSON.stringify(message)}\n`);
  } catch {
    process.exit(0); // nobody listens any more
  }
}

// The parent is this tool and has written the request.
answer(JSON.parse(process.argv[2] ?? '') as JudgeRequest, realJudge, send);
