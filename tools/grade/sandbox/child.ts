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
import { ANSWER_FD, type JudgeAnswer, type JudgeJob } from './protocol';

// Held on to before any driver is loaded.
const { writeSync } = fs;
const { stringify } = JSON;
// Node does not declare what process.exit() itself calls.
const exit = (process as unknown as { reallyExit(code: number): never }).reallyExit.bind(process);

/** Writes the one answer and is gone: no exit handler runs, no promise, nothing that was to come later. */
function answer(nonce: string, what: JudgeAnswer): never {
  const bytes = Buffer.from(`${stringify({ nonce, ...what })}\n`, 'utf8');
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(ANSWER_FD, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return exit(1); // writeSync() throws system errors
    }
  }
  return exit(0);
}

function judge(job: JudgeJob): JudgeAnswer {
  const linked = linkSource(job.source, job.driver, job.exports, job.libExports);
  if (!linked.ok) return { type: 'refused', problems: linked.problems };
  const root = path.resolve(__dirname, '..', '..', '..');
  const realm = lockRealm(root);
  const { judgeLinked } = createRequire(__filename)('./judging') as typeof judging; // the file beside this one
  return judgeLinked(job, linked, realm);
}

const job = JSON.parse(fs.readFileSync(0, 'utf8')) as JudgeJob; // the parent is this tool
let result: JudgeAnswer;
try {
  result = judge(job);
} catch (error) {
  const message = error instanceof Error ? error.message : 'an exception';
  result = { type: 'fault', message };
}
answer(job.nonce, result);
