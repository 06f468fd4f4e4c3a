// SPDX-License-Identifier: GPL-2.0-only
/**
 * Footprints: which locations a step touches, and how. Two steps are dependent if a location is in both footprints,
 * unless both only read it or both only add to it. Additions whose results are not used commute, as reads do.
 */

/** Locations with the kind of access, each encoded as one number. */
export type Footprint = readonly number[];

const READ = 0;
const WRITE = 1;
const ADD = 2;

/** The location is read. */
export function reading(location: number): number {
  return location * 4 + READ;
}

/** The location is written, or read and written. */
export function writing(location: number): number {
  return location * 4 + WRITE;
}

/** The location is added to, and the result is not used. */
export function adding(location: number): number {
  return location * 4 + ADD;
}

/** The location of an access. */
export function locationOf(access: number): number {
  return access >> 2;
}

/** Whether an access changes the location. */
export function changes(access: number): boolean {
  return (access & 3) !== READ;
}

/** Whether an access excludes every other access to the location. */
export function excludes(access: number): boolean {
  return (access & 3) === WRITE;
}

/** Whether two accesses to one location commute. */
export function swappable(a: number, b: number): boolean {
  return ((a ^ b) & 3) === 0 && (a & 3) !== WRITE;
}

/** Whether two footprints conflict. */
export function conflict(a: Footprint, b: Footprint): boolean {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    for (let j = 0; j < b.length; j++) {
      const y = b[j] ?? 0;
      if (x >> 2 === y >> 2 && (x !== y || (x & 3) === WRITE)) return true;
    }
  }
  return false;
}
