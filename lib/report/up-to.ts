// SPDX-License-Identifier: GPL-2.0-only
/** How much of an execution leads to a finding. */
import type { Finding, PrintedLine, Replay } from '../machine';

/** How many steps lead to a finding: none if it was found at boot, all if it was found at the end or there is none. */
export function stepsUpTo({ steps }: Replay, finding: Finding | null): number {
  if (finding === null) return steps.length;
  const seen = steps.findIndex(({ findings }) => findings.includes(finding));
  if (seen >= 0) return seen + 1;
  return finding.step === 0 ? 0 : steps.length;
}

/** How many lines the code had printed before a finding. */
export function printedUpTo(replay: Replay, finding: Finding | null): number {
  const steps = [...replay.steps.slice(0, stepsUpTo(replay, finding)), ...replay.check];
  return steps.reduce((sum, { prints }) => sum + linesOf(prints), 0);
}

function linesOf(prints: readonly PrintedLine[]): number {
  return prints.reduce((sum, { more }) => sum + 1 + more, 0);
}
