// SPDX-License-Identifier: GPL-2.0-only
/** What a report needs of a replayed execution; the explorer's Replay is one. */
import type { Finding, Footprint } from '../machine';

export interface RecordedOperation {
  readonly operation: string;
  /** Label of the object or field it is about; empty if there is none. */
  readonly object: string;
  readonly site: string;
}

export interface RecordedAccess {
  readonly object: string;
  readonly field: string;
  readonly location: number;
  readonly write: boolean;
  readonly value: string | null;
  readonly site: string;
}

export interface RecordedPrint {
  readonly text: string;
  readonly site: string;
  /** How many of the step's accesses came before it. */
  readonly behind: number;
}

export interface RecordedState {
  readonly type: string;
  readonly before: number;
  readonly after: number;
}

export interface RecordedStep extends RecordedOperation {
  readonly task: number;
  /** What names the task in this execution; empty for the final check. */
  readonly letter: string;
  readonly comm: string;
  readonly outcome: number;
  /** What the field it is about holds afterwards; null for an operation on a whole object. */
  readonly value: string | null;
  readonly state: RecordedState | null;
  /** What the operation gave; null if nothing that has a short form. */
  readonly result: string | null;
  readonly footprint: Footprint;
  readonly accesses: readonly RecordedAccess[];
  readonly prints: readonly RecordedPrint[];
  /** Labels of what the task holds behind the operation. */
  readonly held: readonly string[];
  readonly findings: readonly Finding[];
  readonly born: readonly number[];
  readonly waits: RecordedOperation | null;
}

export interface Recorded {
  readonly steps: readonly RecordedStep[];
  /** What was checked when all tasks had ended. */
  readonly check: readonly RecordedStep[];
  readonly findings: readonly Finding[];
  readonly waiting: readonly (RecordedOperation & {
    readonly letter: string;
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

/** How many lines the code printed on its way to a finding. */
export function printedUpTo(recorded: Recorded, finding: Finding | null): number {
  const steps = [...recorded.steps.slice(0, stepsUpTo(recorded, finding)), ...recorded.check];
  return steps.reduce((sum, { prints }) => sum + prints.length, 0);
}
