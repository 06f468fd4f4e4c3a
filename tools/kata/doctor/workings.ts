// SPDX-License-Identifier: GPL-2.0-only
/** What has to work: files that can be read and written, a file system that tells, a judge that tells right from wrong. */
import fs from 'node:fs';
import { watch } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { codeOf } from '../../errno';
import { JudgePool } from '../judge-pool';
import { judgementOf } from '../judgement';
import { ownOf, requestOf } from '../judging';
import { allKatas, type Kata } from '../katas';
import type { Shell } from '../shell';
import { solvedDriverOf } from '../solutions';
import { shippedPort } from '../../answers/shipped';
import { parseFacts } from '../state/facts';
import { homeOf } from '../state/memory';
import { reason } from '../../errno';
import { bad, type DoctorFinding, note, ok } from './finding';

export function examineTerminal({ terminal }: Shell): DoctorFinding {
  if (terminal !== undefined) return ok('terminal', `${terminal.columns()} columns`);
  const remedy = 'every command works; watch and break take lines instead of keys';
  return note('terminal', 'input or output is not a terminal', remedy);
}

export function examineDrivers({ root }: Shell): DoctorFinding {
  const katas = allKatas(root);
  const problems = katas.flatMap(({ id, driver, manifest }) => {
    try {
      fs.accessSync(driver, fs.constants.R_OK | fs.constants.W_OK);
      return [];
    } catch (error) {
      return [`katas/${id}/${manifest.driver} ${reason(error, 'read and written')}`];
    }
  });
  const [first] = problems;
  if (first === undefined) return ok('drivers', `${katas.length} files to edit`);
  const remedy = 'chmod u+rw the file, or npx kata reset brings a lost one back';
  return bad('drivers', problems.length === 1 ? first : `${first}, and others`, remedy);
}

export function examineState(shell: Shell): DoctorFinding {
  const home = homeOf(shell);
  const file = path.join(home, 'state.txt');
  const remedy = `make ${home} writable, or keep it elsewhere with KATA_HOME=FOLDER`;
  try {
    fs.mkdirSync(home, { recursive: true });
    const probe = fs.mkdtempSync(path.join(home, 'doctor-'));
    fs.rmdirSync(probe);
  } catch (error) {
    return bad('progress', `${home} ${reason(error, 'written')}`, remedy);
  }
  try {
    // A named pipe is not even opened: that would wait for somebody at its other end.
    const plain = fs.statSync(file).isFile();
    const parsed = parseFacts(plain ? fs.readFileSync(file, 'utf8') : 'not a regular file');
    if ('facts' in parsed) return ok('progress', `kept in ${file}`);
    const found = 'nothing: the next command sets it aside and judges again';
    return note('progress', `${file} is damaged`, found);
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    if (missing) return ok('progress', `will be kept in ${file}`);
    return bad('progress', `${file} ${reason(error, 'read')}`, remedy);
  }
}

/** So long a file system may take to tell of a change. */
const TELL_MS = 2000;

/** Saves a file beside the drivers, where it matters. */
export async function examineEvents({ root }: Shell): Promise<DoctorFinding> {
  const remedy = 'nothing: npx kata watch looks at the driver ten times a second';
  let folder: string;
  try {
    fs.mkdirSync(path.join(root, '.kata'), { recursive: true });
    folder = fs.mkdtempSync(path.join(root, '.kata', 'doctor-'));
  } catch (error) {
    return note('watch', `a file to try it with ${reason(error, 'written')}`, remedy);
  }
  try {
    return (await tells(folder))
      ? ok('watch', 'a saved file is noticed at once')
      : note('watch', 'this file system does not tell when a file is saved', remedy);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function tells(folder: string): Promise<boolean> {
  const ended = new AbortController();
  const timer = setTimeout(() => {
    ended.abort();
  }, TELL_MS);
  try {
    const events = watch(folder, { signal: ended.signal });
    const first = events[Symbol.asyncIterator]().next();
    fs.writeFileSync(path.join(folder, 'probe.ts'), '');
    await first;
    return true;
  } catch {
    return false; // it cannot tell, or has not
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** A port that must fail and a solution that must hold. */
export async function examineJudge(shell: Shell): Promise<DoctorFinding> {
  const [kata] = allKatas(shell.root);
  if (kata === undefined) return bad('judge', 'there is no kata', 'take a fresh copy of katas/');
  const remedy = `please report this, with the output of kata --version on ${os.platform()}`;
  try {
    const fails = (await statusOf(shell, kata, shippedPort(shell.root, kata.manifest))) === 'fail';
    const solved = solvedDriverOf(shell.root, kata);
    const holds = solved === null || (await statusOf(shell, kata, solved)) === 'pass';
    if (fails && holds) return ok('judge', 'tells a race from its fix');
    const wrong = fails ? 'refuses a right driver' : 'misses a race that is known';
    return bad('judge', wrong, remedy);
  } catch (error) {
    return bad('judge', error instanceof Error ? error.message : String(error), remedy);
  }
}

async function statusOf(shell: Shell, kata: Kata, source: string): Promise<string> {
  const pool = new JudgePool({ size: 1 });
  try {
    const answers = await pool.judge(requestOf(shell, ownOf(kata), source));
    const { tool } = shell;
    const frame = { tool, manifest: kata.manifest, driver: kata.manifest.driver, durationMs: 0 };
    return judgementOf(frame, { ...answers, typeErrors: [] }).report.status;
  } finally {
    pool.stop();
  }
}
