// SPDX-License-Identifier: GPL-2.0-only
/** Whatever a platform exports, as it was downloaded: whose hand-ins there are, and the attempt of each that counts. */
import fs from 'node:fs';
import {
  type Absent,
  type Collected,
  type HandedIn,
  nameOf,
  type Source,
  type Wanted,
} from '../collect/handed-in';
import { fromClassZip, fromFolder } from '../collect/folder';
import { placeOf } from '../collect/places';
import { exportOnDisk } from './on-disk';
import type { Export, Part, Recognised } from './delivery';
import { driversIn, type Found, katasOf } from './drivers';
import { gradescopeExport } from './gradescope-export';
import { plain } from './plain';
import { canvas, classroom, moodle } from './platforms';
import { exportInZip } from './zipped';

/** Which of several attempts counts. */
export type Attempt = 'last' | 'first' | 'best';

/** Everything that was handed in; a sentence if nothing can be read. */
export async function fromExport(
  given: string,
  wanted: Wanted,
  attempt: Attempt,
): Promise<Collected | string> {
  if (fs.statSync(given).isDirectory()) {
    const found = exportOnDisk(given);
    const platform = await platformOf(found);
    if (platform !== null) return collected(platform, wanted, attempt);
    return withOdd(await fromFolder(given, wanted), found, wanted);
  }
  const zip = await exportInZip(given);
  if (typeof zip === 'string') return zip;
  try {
    const platform = await platformOf(zip);
    if (platform !== null) return await collected(platform, wanted, attempt);
    const plainly = await fromClassZip(given, wanted);
    return typeof plainly === 'string' ? plainly : await withOdd(plainly, zip, wanted);
  } finally {
    zip.close();
  }
}

async function platformOf(found: Export): Promise<Recognised | null> {
  return (await gradescopeExport(found)) ?? moodle(found) ?? canvas(found) ?? classroom(found);
}

/** What lies in plain folders but not quite where it should, or under another name. */
async function withOdd(plainly: Collected, found: Export, wanted: Wanted): Promise<Collected> {
  const { parts } = plain(found);
  const whole = new Set(
    plainly.handedIn.filter(({ source }) => !isMissing(source)).map(({ student }) => student.id),
  );
  const odd = parts.filter(
    ({ students, files }) =>
      !students.some(({ id }) => whole.has(id)) &&
      !files.some(({ name }) => placeOf(name, wanted) !== null),
  );
  const more = await collected({ platform: '', parts: odd, strays: [] }, wanted, 'last');
  const again = new Set(more.handedIn.map(({ student, kata }) => `${student.id} ${kata ?? ''}`));
  const kept = plainly.handedIn.filter(
    ({ student, kata }) => !again.has(`${student.id} ${kata ?? ''}`),
  );
  const known = new Set(kept.map(({ student }) => student.id));
  return {
    handedIn: [...kept, ...more.handedIn],
    remarks: [...plainly.remarks, ...more.remarks],
    absent: more.absent.filter(({ student }) => !known.has(student.id)),
  };
}

/** A kata's folder without its driver: it may be there under another name. */
function isMissing(source: HandedIn['source']): boolean {
  return 'problem' in source && / holds no /.test(source.problem);
}

async function collected(
  recognised: Recognised,
  wanted: Wanted,
  attempt: Attempt,
): Promise<Collected> {
  const gathering = new Gathering(wanted);
  for (const part of recognised.parts) gathering.add(part, await driversIn(part.files, wanted));
  return gathering.collected(recognised, attempt);
}

interface Of {
  readonly part: Part;
  readonly found: readonly Found[];
}

/** What is found of each student, attempt by attempt. */
class Gathering {
  readonly #students = new Map<string, Of[]>();
  readonly #wanted: Wanted;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  add(part: Part, found: readonly Found[]): void {
    for (const { id } of part.students) {
      const all = this.#students.get(id) ?? [];
      all.push({ part, found });
      this.#students.set(id, all);
    }
  }

  collected({ platform, strays }: Recognised, attempt: Attempt): Collected {
    const handedIn: HandedIn[] = [];
    const absent: Absent[] = [];
    const remarks = strays.map((name) => `${name}: belongs to nobody`);
    if (platform !== '') remarks.unshift(`this is an export of ${platform}`);
    for (const [id, all] of this.#students) {
      const student = all[0]?.part.students.find((one) => one.id === id);
      if (student === undefined) continue;
      const counting = countingOf(all, attempt);
      for (const { of, found } of counting) {
        const { kata, source, called } = found;
        const { delivery } = of.part;
        const others = attempt === 'best' ? othersOf(all, of, kata) : [];
        const [first = source, ...rest] = [source, ...others].filter((one) => !('problem' in one));
        const one = { student, kata, source: first, delivery };
        handedIn.push(rest.length === 0 ? one : { ...one, others: rest });
        if (called !== null)
          remarks.push(`${nameOf(student)}: took ${called} for the driver of ${kata ?? ''}`);
      }
      if (counting.length === 0)
        absent.push({ student, why: nothingIn(all, this.#wanted), ours: false });
    }
    return { handedIn, remarks, absent };
  }
}

/** For each kata what the attempt that counts has of it. */
function countingOf(
  all: readonly Of[],
  attempt: Attempt,
): { readonly of: Of; readonly found: Found }[] {
  const order = [...all].sort(
    (a, b) => (a.part.delivery.attempt ?? 0) - (b.part.delivery.attempt ?? 0),
  );
  if (attempt !== 'first') order.reverse();
  const katas = new Set(order.flatMap(({ found }) => found.map(({ kata }) => kata)));
  return [...katas].flatMap((kata) => {
    const of = order.find(({ found }) => found.some((one) => one.kata === kata));
    const found = of?.found.filter((one) => one.kata === kata) ?? [];
    return of === undefined ? [] : found.map((one) => ({ of, found: one }));
  });
}

/** The drivers of all other attempts. */
function othersOf(all: readonly Of[], counting: Of, kata: string | null): Source[] {
  return all
    .filter((of) => of !== counting)
    .flatMap(({ found }) => found.filter((one) => one.kata === kata).map(({ source }) => source));
}

const NAMES_TOLD = 5;

/** What lay there instead. */
function nothingIn(all: readonly Of[], wanted: Wanted): string {
  const names = [...new Set(all.flatMap(({ part }) => part.files.map(({ name }) => name)))];
  if (names.length === 0) return 'nothing was handed in';
  const more = names.length > NAMES_TOLD ? ` and ${names.length - NAMES_TOLD} more` : '';
  const there = `there was ${names.slice(0, NAMES_TOLD).join(', ')}${more}`;
  const several = names.map((name) => katasOf(name, wanted)).find(({ length }) => length > 1);
  if (several === undefined) return `nothing to grade; ${there}`;
  return `of which kata? ${there}, which ${several.join(' and ')} have; say it with --kata`;
}
