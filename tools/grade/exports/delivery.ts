// SPDX-License-Identifier: GPL-2.0-only
/** What a platform's export says of one hand-in, beside its files. */
import type { Delivery, Source } from '../collect/handed-in';
import type { Student } from '../gradebook/gradebooks';

/** A file as it lies in an export. */
export interface Given {
  /** The student's name for it, with its folders: what the platform put in front is gone. */
  readonly name: string;
  /** Its bytes, or where they are. */
  readonly open: () => Promise<Source>;
  /** For zip files inside: what can be read whole, up to a bound. */
  readonly bytes: (max: number) => Promise<Source>;
}

/** One hand-in of one student, or of a group. */
export interface Part {
  readonly students: readonly Student[];
  readonly delivery: Delivery;
  readonly files: readonly Given[];
  /** Where the files are a folder on disk. */
  readonly folder: string | null;
}

/** A top-level name of an export. */
export interface Item {
  readonly name: string;
  /** A folder's files are named without it; a file is called by its own name. */
  readonly files: readonly Given[];
  readonly isFolder: boolean;
  /** On disk; null inside of a zip file. */
  readonly path: string | null;
}

/** An export as it was downloaded: what lies at its top. */
export interface Export {
  readonly items: readonly Item[];
}

/** What the names of an export say. */
export interface Recognised {
  /** `Moodle`, for what is said of it. */
  readonly platform: string;
  readonly parts: readonly Part[];
  /** Names of what belongs to nobody. */
  readonly strays: readonly string[];
}

/** Nothing is known of it. */
export const UNDATED: Delivery = { late: null, attempt: null, at: '' };
