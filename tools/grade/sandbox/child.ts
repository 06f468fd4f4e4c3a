// SPDX-License-Identifier: GPL-2.0-only
/**
 * The process a submission is judged in, and ends with. The order is all: the text is stripped and linked first (no parser
 * has to run in the locked realm), the realm is locked before the library is loaded (which so holds on to what no driver can
 * change), and the driver comes last.
 */
import '../../kata/optimise-late';
import '../../pack/early';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { linkSource } from '../../../lib/kata/linking';
import type * as judging from './judging';
import { lockRealm } from './realm';
import { ANSWER_FD, type JudgeJob, type JudgeLine } from './protocol';

// Held on to before any driver is loaded.
const { writeSync } = fs;
const { stringify } = JSON;
// Node does not declare what process.exit() itself calls.
const exit = (process as unknown as { reallyExit(code: number): never }).reallyExit.bind(process);

/** Writes a line of the answer, which is then safe from whatever comes next. */
function answer(nonce: string, what: JudgeLine): void {
  const bytes = Buffer.from(`${stringify({ nonce, ...what })}\n`, 'utf8');
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(ANSWER_FD, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') exit(1); // writeSync() throws system errors
    }
  }
}

function judge(job: JudgeJob, say: (line: JudgeLine) => void): void {
  const linked = linkSource(job.source, job.driver, job, job.libExports);
  if (!linked.ok) {
    say({ type: 'refused', problems: linked.problems });
    return;
  }
  const root = path.resolve(__dirname, '..', '..', '..');
  const realm = lockRealm(root);
  const { judgeLinked } = createRequire(__filename)('./judging') as typeof judging; // the file beside this one
  judgeLinked(job, linked, realm, say);
}

const job = JSON.parse(fs.readFileSync(0, 'utf8')) as JudgeJob; // the parent is this tool
const { nonce } = job;
try {
  judge(job, (line) => {
    answer(nonce, line);
  });
} catch (error) {
  const message = error instanceof Error ? error.message : 'an exception';
  answer(nonce, { type: 'fault', message });
}
// No exit handler runs, no promise, nothing that was to come later.
exit(0);
