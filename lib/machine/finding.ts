// SPDX-License-Identifier: GPL-2.0-only
/** A finding: something a detector saw, in a form that can be told once the failure has been replayed with its source lines. */
import type { Task } from './task';

/** One line of a stack, outermost last. */
export interface Frame {
  readonly name: string;
  /** Path as the loader knows it, shortened by the report. */
  readonly file: string;
  readonly line: number;
}

/** What a finding is told with: reads the stacks recorded during the replay. */
export interface Telling {
  /** Frames of the program under test, innermost first; empty when nothing was recorded. */
  frames(site: string): readonly Frame[];
  /** The function a stack is in: what the headline names. */
  where(site: string): string;
  /** The stack as report lines, each ` name file:line`. */
  stack(site: string): string[];
}

/** How grave a finding is; the gravest leads the report. docs/reports.md has the order, gravest first. */
export enum Gravity {
  /** Memory used after it was freed, a wild pointer, an oops. */
  Memory,
  /** What leads there: a count that went wrong, a value nobody wrote. */
  Misuse,
  Deadlock,
  Expectation,
  Leak,
  Context,
  DataRace,
  LockOrder,
}

/** Something a detector saw. */
export interface Finding {
  /** Short name: `slab-use-after-free`, `data-race`, `deadlock`. */
  readonly kind: string;
  readonly gravity: Gravity;
  readonly task: Task | null;
  /** The step of the execution in which it was seen. */
  readonly step: number;
  /** Seen to be possible in an execution that did not run into it; one that does replaces it. */
  readonly predicted?: boolean;
  /** First line of the report: tells the bug alone. */
  headline(telling: Telling): string;
  /** The rest, in the layout the kernel uses for it. */
  body(telling: Telling): string[];
}

/** Order of findings, gravest first; of equals what happened comes before what was only predicted. */
export function rankOf({ gravity, predicted }: Pick<Finding, 'gravity' | 'predicted'>): number {
  return gravity * 2 + (predicted === true ? 1 : 0);
}

/** The gravest of some findings; among equals the first. */
export function gravestOf(findings: readonly Finding[]): Finding | null {
  let gravest: Finding | null = null;
  for (const finding of findings) {
    if (gravest === null || rankOf(finding) < rankOf(gravest)) gravest = finding;
  }
  return gravest;
}
