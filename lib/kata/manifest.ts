// SPDX-License-Identifier: GPL-2.0-only
/** kata.json, which describes a kata. Hand-written rules check it, so that each mistake gets one sentence. */
import { UsageError } from '../machine';

/** A task of a kata: its goal, and the scenarios that prove it. */
export interface KataTask {
  readonly id: number;
  readonly title: string;
  readonly points: number;
  /** Tasks whose scenarios must also hold before this one scores: removing functionality scores nothing. */
  readonly needs: readonly string[];
}

/** The upstream commit of the patch. */
export interface Upstream {
  readonly subject: string;
  readonly commit: string;
  readonly file: string;
  readonly link: string;
  readonly year: number;
}

export interface Manifest {
  /** NN-slug, the name of the folder. */
  readonly id: string;
  readonly title: string;
  /** One sentence for the list of katas. */
  readonly blurb: string;
  readonly difficulty: 'easy' | 'medium' | 'hard';
  readonly minutes: number;
  readonly concepts: readonly string[];
  readonly prerequisites: readonly string[];
  readonly upstream: Upstream | null;
  /** The name of the driver file, the only file that a learner edits. */
  readonly driver: string;
  /** The exports that the scenarios need. */
  readonly exports: readonly string[];
  /** The structures that its port declares static, by name: a driver may declare no others. */
  readonly statics: readonly string[];
  /** sha256 of the driver as shipped. */
  readonly shipped: string;
  readonly tasks: readonly KataTask[];
  /** The result of the driver as shipped in each scenario: 'passes', or the first line of its report. */
  readonly scenarios: Readonly<Record<string, string>>;
}

type Json = Readonly<Record<string, unknown>>;

/** Parses a kata.json; messages name `file`. */
export function parseManifest(text: string, file: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: not JSON`);
  }
  const fail = (field: string, want: string): never => {
    throw new UsageError(`${file}: ${field} must be ${want}`);
  };
  if (!isObject(json)) return fail('the file', 'a JSON object');
  const read = reader(json, '', fail);
  const { upstream, scenarios } = json;
  return {
    id: read.text('id'),
    title: read.text('title'),
    blurb: read.text('blurb'),
    difficulty: read.oneOf('difficulty', ['easy', 'medium', 'hard']),
    minutes: read.number('minutes'),
    concepts: read.texts('concepts'),
    prerequisites: read.texts('prerequisites'),
    upstream: upstream === null ? null : upstreamOf(upstream, fail),
    driver: read.text('driver'),
    exports: read.texts('exports'),
    statics: 'statics' in json ? read.texts('statics') : [],
    shipped: read.text('shipped'),
    tasks: tasksOf(json['tasks'], fail),
    scenarios: textsByName(scenarios, fail),
  };
}

type Fail = (field: string, want: string) => never;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Reader {
  text(field: string): string;
  number(field: string): number;
  texts(field: string): string[];
  oneOf<T extends string>(field: string, values: readonly T[]): T;
}

function reader(json: Json, path: string, fail: Fail): Reader {
  return {
    text(field) {
      const value = json[field];
      return typeof value === 'string' && value !== '' ? value : fail(path + field, 'a text');
    },
    number(field) {
      const value = json[field];
      const whole = typeof value === 'number' && Number.isInteger(value);
      return whole ? value : fail(path + field, 'a whole number');
    },
    texts(field) {
      const value = json[field];
      if (!Array.isArray(value)) return fail(path + field, 'a list of texts');
      return value.map((entry: unknown) =>
        typeof entry === 'string' ? entry : fail(path + field, 'a list of texts'),
      );
    },
    oneOf(field, values) {
      const found = values.find((value) => value === json[field]);
      return found ?? fail(path + field, `one of ${values.join(', ')}`);
    },
  };
}

function upstreamOf(json: unknown, fail: Fail): Upstream {
  if (!isObject(json)) return fail('upstream', 'an object or null');
  const read = reader(json, 'upstream.', fail);
  return {
    subject: read.text('subject'),
    commit: read.text('commit'),
    file: read.text('file'),
    link: read.text('link'),
    year: read.number('year'),
  };
}

function tasksOf(json: unknown, fail: Fail): KataTask[] {
  if (!Array.isArray(json) || json.length === 0)
    return fail('tasks', 'a list with at least one task');
  return json.map((entry: unknown, i) => {
    const path = `tasks[${i}].`;
    if (!isObject(entry)) return fail(`tasks[${i}]`, 'an object');
    const read = reader(entry, path, fail);
    if (read.number('id') !== i + 1) return fail(`${path}id`, `${i + 1}`);
    return {
      id: i + 1,
      title: read.text('title'),
      points: read.number('points'),
      needs: read.texts('needs'),
    };
  });
}

function textsByName(json: unknown, fail: Fail): Record<string, string> {
  if (!isObject(json)) return fail('scenarios', 'an object of scenario ids and what each gives');
  const entries = Object.entries(json).map(([id, value]): [string, string] => [
    id,
    typeof value === 'string' && value !== ''
      ? value
      : fail(`scenarios.${id}`, "'passes' or the first line of a report"),
  ]);
  return Object.fromEntries(entries);
}
