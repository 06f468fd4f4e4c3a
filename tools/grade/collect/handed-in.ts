// SPDX-License-Identifier: GPL-2.0-only
/** What was handed in: whose it is, for which kata, and where its bytes are. Nothing is read of a driver here. */
import type { Student } from '../gradebook/gradebooks';

/** A file to be graded, bytes out of an archive, or why there is nothing to grade. */
export type Source =
  { readonly file: string } | { readonly bytes: Buffer } | { readonly problem: string };

/** One driver, or a problem of one student; without a kata, the problem concerns all of them. */
export interface HandedIn {
  readonly student: Student;
  readonly kata: string | null;
  readonly source: Source;
  readonly delivery?: Delivery;
  /** Earlier attempts, where the best of all counts. */
  readonly others?: readonly Source[];
}

/** What a platform says of when and how often. */
export interface Delivery {
  /** Null where nobody says. */
  readonly late: boolean | null;
  /** Counted from 1. */
  readonly attempt: number | null;
  /** `2026-02-01T10:00:00Z`; empty where nobody says. */
  readonly at: string;
}

/** Somebody of whom there is nothing to grade, and why. */
export interface Absent {
  readonly student: Student;
  readonly why: string;
  /** It is a mistake of the list's author, and not of the student. */
  readonly ours: boolean;
}

/** What collecting gives; remarks are about what was passed over, or taken for what it was not called. */
export interface Collected {
  readonly handedIn: readonly HandedIn[];
  readonly remarks: readonly string[];
  readonly absent: readonly Absent[];
}

/** A kata that may be handed in. */
export interface KataName {
  /** NN-slug. */
  readonly id: string;
  /** Name of the driver file. */
  readonly driver: string;
}

/** What to look for. */
export interface Wanted {
  readonly katas: readonly KataName[];
  /** Only one kata was asked for, so that a driver may also lie where no folder names its kata. */
  readonly flat: boolean;
}

/** One driver of one student. */
export interface Assigned {
  readonly student: Student;
  readonly kata: string;
  readonly source: Source;
  readonly delivery?: Delivery;
  readonly others?: readonly Source[];
}

/** A student of whom only the name is known. */
export function studentNamed(id: string): Student {
  return { id, email: '', lastName: '', firstName: '' };
}

/** With the name, where an export or a roster has one: many know their students by a number alone. */
export function nameOf({ id, lastName, firstName }: Student): string {
  const name = `${firstName} ${lastName}`.trim();
  return name === '' ? id : `${name} (${id})`;
}

/** Every student's drivers in an order of their own, each kata once. */
export function inOrder(handedIn: readonly HandedIn[], katas: readonly string[]): Assigned[] {
  const found = new Set(handedIn.flatMap(({ kata }) => (kata === null ? [] : [kata])));
  // A problem without a kata costs its student what the others could hand in.
  const given = found.size > 0 ? katas.filter((kata) => found.has(kata)) : katas;
  const all = new Map<string, Assigned>();
  for (const { student, kata, source, delivery, others } of handedIn) {
    for (const id of kata === null ? given : [kata]) {
      const key = JSON.stringify([student.id, id]);
      const twice = { problem: `${id} was handed in more than once` };
      all.set(key, {
        ...{ student, kata: id, source: all.has(key) ? twice : source },
        ...(delivery === undefined ? {} : { delivery }),
        ...(others === undefined ? {} : { others }),
      });
    }
  }
  return [...all.values()].sort(
    (a, b) => compare(a.student.id, b.student.id) || compare(a.kata, b.kata),
  );
}

/** By code units: the same on every machine, whatever its language. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
