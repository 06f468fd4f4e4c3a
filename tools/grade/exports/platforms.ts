// SPDX-License-Identifier: GPL-2.0-only
/**
 * The names that platforms give to what they export. Each is recognised by most of the names at the top, so that one odd file
 * changes nothing.
 */
import type { Student } from '../gradebook/gradebooks';
import {
  type Export,
  type Given,
  type Item,
  type Part,
  type Recognised,
  UNDATED,
} from './delivery';

/** Whose an item is, and what its owner called it. */
interface Named {
  readonly student: Student;
  readonly late: boolean | null;
  readonly attempt: number | null;
  /** What is left of a file's name; empty for a folder. */
  readonly rest: string;
}

/** `Ada Lovelace_123_assignsubmission_file_/rbd.ts`, or flat `Ada Lovelace_123_assignsubmission_file_rbd.ts`. */
export function moodle(found: Export): Recognised | null {
  return byNames('Moodle', found, (name) => {
    const match = /^(.+?)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_(.*))?$/.exec(name);
    if (match === null) return null;
    const [, full = '', id = '', rest = ''] = match;
    return { student: withName(id, full), late: null, attempt: null, rest };
  });
}

/** `lovelaceada_LATE_123_456_rbd-1.ts`: name, user, hand-in; the number in the name counts the attempts after the first. */
export function canvas(found: Export): Recognised | null {
  return byNames('Canvas', found, (name) => {
    const match = /^([^_]+)_(?:(late)_)?(\d+)_(\d+)_(.+)$/i.exec(name);
    if (match === null) return null;
    const [, sortable = '', late, id = '', , rest = ''] = match;
    const again = /-(\d+)\.[^.]*$/.exec(rest)?.[1];
    const student = { ...withName(id, ''), lastName: sortable, canvasId: id };
    return { student, late: late !== undefined, attempt: Number(again ?? 0) + 1, rest };
  });
}

/** `rbd-kata-octocat/`, a clone for each: GitHub Classroom, and Classroom 50. What all begin with is the assignment. */
export function classroom(found: Export): Recognised | null {
  const clones = found.items.filter(isClone);
  if (clones.length < 2) return null;
  const prefix = commonPrefix(clones.map(({ name }) => name)).replace(/[^-]*$/, '');
  if (prefix === '') return null;
  return byNames('GitHub Classroom', found, (name) => {
    const user = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (user === '') return null;
    const student = { id: user, email: '', lastName: '', firstName: '' };
    return { student, late: null, attempt: null, rest: '' };
  });
}

function isClone({ isFolder, files }: Item): boolean {
  return isFolder && files.some(({ name }) => /^(katas\/\d\d-|\.git\/|package\.json$)/.test(name));
}

function commonPrefix(names: readonly string[]): string {
  const [first = '', ...rest] = names;
  let length = first.length;
  for (const name of rest) {
    while (!name.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}

/** First names, then the last one: a guess, and the roster knows better. */
export function withName(id: string, full: string): Student {
  const words = full.trim().split(/\s+/);
  const lastName = words.pop() ?? '';
  return { id, email: '', lastName, firstName: words.join(' ') };
}

function byNames(
  platform: string,
  { items }: Export,
  read: (name: string) => Named | null,
): Recognised | null {
  const named = items.map((item) => ({ item, named: read(item.name) }));
  const known = named.filter((one) => one.named !== null);
  if (known.length === 0 || known.length * 2 < items.length) return null;
  const parts = new Map<string, Part>();
  for (const { item, named: owner } of known) {
    if (owner === null) continue;
    const { student, late, attempt, rest } = owner;
    const key = JSON.stringify([student.id, attempt]);
    const before = parts.get(key);
    const files = item.isFolder ? item.files : item.files.map((file) => renamed(file, rest));
    parts.set(key, {
      students: [student],
      delivery: { ...UNDATED, late: before?.delivery.late === true ? true : late, attempt },
      files: [...(before?.files ?? []), ...files],
      folder: before === undefined && item.isFolder ? item.path : null,
    });
  }
  const strays = named.filter((one) => one.named === null).map(({ item }) => item.name);
  return { platform, parts: [...parts.values()], strays };
}

function renamed(file: Given, name: string): Given {
  return name === '' ? file : { ...file, name };
}
