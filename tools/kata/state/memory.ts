// SPDX-License-Identifier: GPL-2.0-only
/** What commands ask of the state file, and what they have it remember. */
import fs from 'node:fs';
import path from 'node:path';
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { isShipped } from '../../answers/shipped';
import { sha256 } from '../../answers/text';
import type { JudgeRequest } from '../judge-protocol';
import type { Kata } from '../katas';
import type { Shell } from '../shell';
import { DIGEST_LENGTH, type Facts, verdictOf } from './facts';
import { StateFile } from './state-file';

const files = new WeakMap<Shell, StateFile>();

/** The state file of a run; one for each shell, so that a problem with it is reported once. */
export function stateOf(shell: Shell): StateFile {
  const known = files.get(shell) ?? new StateFile(homeOf(shell), shell.complain);
  files.set(shell, known);
  return known;
}

/** Where what belongs to the learner is kept. */
export function homeOf({ home, root }: Shell): string {
  return home ?? path.join(root, '.kata');
}

/** Remembers the verdict of a kata's own driver, all scenarios and types included. */
export function remember(
  shell: Shell,
  { root, kata, source }: Pick<JudgeRequest, 'root' | 'kata' | 'source'>,
  status: KataReportV1['status'],
): void {
  const judge = judgeDigest(root);
  const holds = status === 'pass';
  if (judge === '' || !(holds || status === 'fail' || status === 'rejected')) return;
  const driver = sha256(source).slice(0, DIGEST_LENGTH);
  const verdict = { about: kata, what: 'verdict', holds, driver, judge } as const;
  if (holds) stateOf(shell).add(verdict, { about: kata, what: 'solved' });
  else stateOf(shell).add(verdict);
}

/** How a driver fares, as far as that is known without judging it. */
export type Known = 'holds' | 'fails' | 'as shipped' | 'unknown';

/** What is known of a driver: the port as shipped fails, which is why it is a kata, and others may have been judged before. */
export function knownOf(facts: Facts, root: string, kata: Kata, source: string): Known {
  if (isShipped(kata.manifest, source)) return 'as shipped';
  const driver = sha256(source).slice(0, DIGEST_LENGTH);
  const holds = verdictOf(facts, kata.id, { driver, judge: judgeDigest(root) });
  if (holds === null) return 'unknown';
  return holds ? 'holds' : 'fails';
}

/** Names engine and scenarios as they are built; empty if they are not. */
function judgeDigest(root: string): string {
  try {
    const stamp = fs.readFileSync(path.join(root, 'dist', '.stamp'), 'utf8');
    return stamp.trim().slice(0, DIGEST_LENGTH);
  } catch {
    return '';
  }
}
