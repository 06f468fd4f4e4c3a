// SPDX-License-Identifier: GPL-2.0-only
/** What a report needs of a replayed execution; the explorer's Replay is one. */
import type { Finding, Footprint } from '../machine';

export interface RecordedOperation {
  readonly operation: string;
  readonly object: string;
  readonly site: string;
}

export interface RecordedAccess {
  readonly object: string;
  readonly field: string;
  readonly location: number;
  readonly write: boolean;
  readonly site: string;
}

export interface RecordedStep extends RecordedOperation {
  readonly task: number;
  readonly path: string;
  readonly comm: string;
  readonly outcome: number;
  readonly state: { readonly type: string; readonly before: number; readonly after: number } | null;
  readonly footprint: Footprint;
  readonly accesses: readonly RecordedAccess[];
  readonly findings: readonly Finding[];
  readonly waits: RecordedOperation | null;
}

export interface Recorded {
  readonly steps: readonly RecordedStep[];
  readonly findings: readonly Finding[];
  readonly waiting: readonly (RecordedOperation & {
    readonly path: string;
    readonly comm: string;
  })[];
  readonly stacks: readonly string[];
}

/** How many steps lead to a finding: none if it was seen at boot, all if at the end or if there is none. */
export function stepsUpTo({ steps }: Recorded, finding: Finding | null): number {
  if (finding === null) return steps.length;
  const seen = steps.findIndex(({ findings }) => findings.includes(finding));
  if (seen >= 0) return seen + 1;
  return finding.step === 0 ? 0 : steps.length;
}
