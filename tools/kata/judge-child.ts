// SPDX-License-Identifier: GPL-2.0-only
/**
 * The judging process: answers the requests on its standard input until that closes. A process of its own, because a driver can
 * loop where no tick is inserted, or use up the memory, and only a process can be stopped whatever it does. One process may
 * judge many drivers: what makes an execution independent of the one before it (statics that begin pristine, no hidden
 * state in a driver) makes a judgement independent of the one before it, too.
 */
import './optimise-late';
import '../pack/early';
import { realm } from './locked';
import fs from 'node:fs';
import readline from 'node:readline';
import { realJudge } from './real-judge';
import { ANSWER_FD, type JudgeMessage, type JudgeRequest } from './judge-protocol';
import { Session } from './judge-session';

/** Written at once, so that the last message before an endless loop is seen. */
function send(message: JudgeMessage): void {
  try {
    fs.writeSync(ANSWER_FD, `${JSON.stringify(message)}\n`);
  } catch {
    process.exit(0); // nobody listens any more
  }
}

const session = new Session(realJudge, send, realm);
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  session.answer(JSON.parse(line) as JudgeRequest); // the parent is this tool and has written the request
});
