// SPDX-License-Identifier: GPL-2.0-only
/** The formats a single submission's result can be written in, by the names --format takes. */
import { jsonText } from '../odd';
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { Refusal } from '../../kata/errors';
import { unscored } from '../batch/results';
import { autolab, autolabFault } from '../emit/autolab';
import { check50, check50Fault } from '../emit/check50';
import { classroom50, type Classroom50Context, classroom50Context } from '../emit/classroom50';
import { exercism, exercismFault } from '../emit/exercism';
import { gradescope } from '../emit/gradescope';
import { junit } from '../emit/junit';
import { looked, type SoundReport } from '../faults';

/** A format. */
export interface Format {
  /** How its files end. */
  readonly extension: 'json' | 'xml' | 'txt';
  /** It needs to know of the one submission what only the platform knows. */
  readonly onPlatform?: boolean;
  /** The document for the reports of one submission; most formats know one kata at a time. */
  readonly grade: (reports: readonly SoundReport[], env: NodeJS.ProcessEnv) => string;
  /** What it has for a fault of ours, in which there is no number; left out where there must not be a document at all. */
  readonly fault?: (reports: readonly KataReportV1[], why: string) => string;
}

/** All formats. */
export const FORMATS: Readonly<Record<string, Format>> = {
  kata: {
    ...json((reports) => single(reports)),
    fault: (reports) => text(unscored(single(reports))),
  },
  gradescope: json(gradescope),
  classroom50: {
    ...json((reports, env) => classroom50(reports, contextFrom(env))),
    onPlatform: true,
  },
  exercism: {
    ...json((reports) => exercism(single(reports))),
    fault: (_reports, why) => text(exercismFault(why)),
  },
  check50: {
    ...json((reports) => check50(single(reports))),
    fault: (reports, why) => text(check50Fault(single(reports), why)),
  },
  autolab: {
    extension: 'txt',
    grade: (reports) => autolab(reports),
    fault: (_reports, why) => autolabFault(why),
  },
  junit: {
    extension: 'xml',
    grade: (reports) => junit(reports),
    fault: (reports) => junit(reports),
  },
};

/** A document, if the format has one, and why it holds no grade. */
export interface Written {
  readonly text: string | null;
  readonly fault: string | null;
}

/** The document of one submission. A fault in one of its katas is a fault in all: they share a score. */
export function documentOf(
  format: Format,
  reports: readonly KataReportV1[],
  env: NodeJS.ProcessEnv,
): Written {
  const sound: SoundReport[] = [];
  for (const report of reports) {
    const found = looked(report);
    if (found.fault !== null)
      return { text: format.fault?.(reports, found.fault) ?? null, fault: found.fault };
    sound.push(found.report);
  }
  return { text: format.grade(sound, env), fault: null };
}

/** The format with a name. */
export function formatNamed(name: string): Format {
  const format = FORMATS[name];
  if (format !== undefined && Object.hasOwn(FORMATS, name)) return format;
  throw new Refusal(`there is no format '${name}': ${Object.keys(FORMATS).join(', ')}`);
}

/** The formats that a whole class can be written in; a Refusal names one that is something else. */
export function classFormats(names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (formatNamed(name).onPlatform !== true) continue;
    throw new Refusal(`--format ${name} is for one submission at a time, on the platform itself`);
  }
  return names;
}

function json(
  document: (reports: readonly SoundReport[], env: NodeJS.ProcessEnv) => unknown,
): Format {
  return { extension: 'json', grade: (reports, env) => text(document(reports, env)) };
}

function text(document: unknown): string {
  return `${jsonText(document)}\n`;
}

function single<T>(reports: readonly T[]): T {
  const [report, second] = reports;
  if (report !== undefined && second === undefined) return report;
  throw new Refusal('this format holds one kata: name it with --kata');
}

function contextFrom(env: NodeJS.ProcessEnv): Classroom50Context {
  const context = classroom50Context(env, new Date());
  if ('missing' in context) {
    const names = context.missing.join(', ');
    throw new Refusal(`--format classroom50: the runner of Classroom 50 sets ${names}`);
  }
  return context;
}
