// SPDX-License-Identifier: GPL-2.0-only
/** A finding: something that a detector saw. Its text is made later, when the failure has been replayed with source lines. */
import type { Task } from './task';

/** One line of a stack, outermost last. */
export interface Frame {
  readonly name: string;
  /** Path as the loader knows it; the report shortens it. */
  readonly file: string;
  readonly line: number;
}

/** Reads the stacks that the replay recorded, for the text of a finding. */
export interface Telling {
  /** Frames of the program under test, innermost first; empty when nothing was recorded. */
  frames(site: string): readonly Frame[];
  /** The function that a stack is in, for the headline. */
  where(site: string): string;
  /** The stack as report lines, each ` name file:line`. */
  stack(site: string): string[];
}

/** How grave a finding is; the gravest is the headline of the report. docs/reports.md has the order, gravest first. */
export enum Gravity {
  /** Memory used after it was freed, a wild pointer, an oops. */
  Memory,
  /** What leads there: a wrong count, a value that nobody wrote. */
  Misuse,
  Deadlock,
  Expectation,
  Leak,
  Context,
  DataRace,
  LockOrder,
}

/** Something that a detector saw. */
export interface Finding {
  /** Short name: `slab-use-after-free`, `data-race`, `deadlock`. */
  readonly kind: string;
  readonly gravity: Gravity;
  readonly task: Task | null;
  /** The step of the execution in which it was seen. */
  readonly step: number;
  /** Possible, but it did not happen in this execution. A finding that did happen replaces it. */
  readonly predicted?: boolean;
  /** First line of the report, which names the bug. */
  headline(telling: Telling): string;
  /** The rest of the report, in the kernel's layout. */
  body(telling: Telling): string[];
}

/** Order of findings, gravest first. Of two equally grave ones, the one that happened comes before the predicted one. */
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
