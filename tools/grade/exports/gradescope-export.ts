// SPDX-License-Identifier: GPL-2.0-only
/** Gradescope's export: a folder for each hand-in, and submission_metadata.yml, which says whose it is. */
import { parse } from 'yaml';
import { Refusal } from '../../kata/errors';
import type { Student } from '../gradebook/gradebooks';
import type { Export, Part, Recognised } from './delivery';
import { withName } from './platforms';

const METADATA = 'submission_metadata.yml';
/** It also holds the results of an earlier autograder. */
const BYTES_MAX = 64 << 20;

type Fields = Readonly<Record<string, unknown>>;

/** Reads it; null if there is no such file. */
export async function gradescopeExport({ items }: Export): Promise<Recognised | null> {
  const file = items.find(({ name }) => name === METADATA)?.files[0];
  if (file === undefined) return null;
  const read = await file.bytes(BYTES_MAX);
  if (!('bytes' in read)) throw new Refusal(`${METADATA} cannot be read`);
  const listed = fieldsOf(parsed(read.bytes.toString('utf8')));
  const parts: Part[] = [];
  const strays: string[] = [];
  for (const item of items) {
    if (item.name === METADATA) continue;
    const about = fieldsOf(listed[item.name]);
    const submitters = listOf(about[':submitters']).map(studentOf);
    if (!item.isFolder || submitters.length === 0) strays.push(item.name);
    else {
      const at = about[':created_at'];
      parts.push({
        students: submitters,
        delivery: { late: null, attempt: null, at: at === undefined ? '' : timeOf(at) },
        files: item.files,
        folder: item.path,
      });
    }
  }
  return { platform: 'Gradescope', parts: numbered(parts), strays };
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent', maxAliasCount: 100 });
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'it is not YAML';
    throw new Refusal(`${METADATA}: ${why}`);
  }
}

function studentOf(value: unknown): Student {
  const fields = fieldsOf(value);
  const text = (name: string): string => {
    const found = fields[name];
    return typeof found === 'string' || typeof found === 'number' ? String(found).trim() : '';
  };
  const email = text(':email');
  const sid = text(':sid');
  return { ...withName(sid === '' ? email : sid, text(':name')), email };
}

/** `2026-02-01 10:00:00.000000000 Z`, as others write it. */
function timeOf(value: unknown): string {
  const text = value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : '';
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/.exec(text) ?? [];
  return day === undefined || clock === undefined ? '' : `${day}T${clock}Z`;
}

/** Attempts of the same people, in the order they were made in. */
function numbered(parts: readonly Part[]): Part[] {
  const times = new Map<string, number>();
  const inOrder = [...parts].sort((a, b) => (a.delivery.at < b.delivery.at ? -1 : 1));
  return inOrder.map((part) => {
    const who = part.students
      .map(({ id }) => id)
      .sort()
      .join('\0');
    const attempt = (times.get(who) ?? 0) + 1;
    times.set(who, attempt);
    return { ...part, delivery: { ...part.delivery, attempt } };
  });
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
