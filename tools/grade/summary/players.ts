// SPDX-License-Identifier: GPL-2.0-only
/** Which findings a page shows step by step: those of most students first, as far as there is room. */
import fs from 'node:fs';
import { type Execution, shortFile } from '../../../lib/report';
import { executionData } from '../../trace-page/parts';
import type { Executions } from '../batch/executions';
import type { FailureTally } from './tally';

/** Characters of all executions in a page. A browser reads one of them when it is opened, but the file must be loaded. */
const PAGE_MAX = 4 << 20;

/** The elements with executions, as text, by the keys of findings. As objects they would take many times as much memory. */
export type Players = ReadonlyMap<string, string>;

/** Chooses the executions for a page. `suiteFiles` are the files that a kata's scenarios are written in. */
export function playersFor(
  failures: readonly FailureTally[],
  executions: Pick<Executions, 'get'>,
  suiteFiles: (kata: string) => readonly string[],
): Players {
  const players = new Map<string, string>();
  let room = PAGE_MAX;
  const byWeight = [...failures].sort((a, b) => b.students.length - a.students.length);
  for (const { key, kata, text, submissions } of byWeight) {
    const kept = executions.get(key);
    // What an earlier run has left may be of a driver that was handed in again since.
    if (kept === null || !submissions.includes(kept.sha256)) continue;
    const { execution } = kept;
    const whole = { ...execution, sources: [...execution.sources, ...sourcesIn(suiteFiles(kata))] };
    const { finding } = execution;
    const shown = { ...whole, finding: finding === null ? null : { ...finding, report: text } };
    const data = executionData(shown);
    room -= data.length;
    if (room < 0) break;
    players.set(key, data);
  }
  return players;
}

function sourcesIn(files: readonly string[]): Execution['sources'] {
  return files.map((file) => ({
    file: shortFile(file),
    lines: fs.readFileSync(file, 'utf8').split(/\r?\n/),
  }));
}
