// SPDX-License-Identifier: GPL-2.0-only
/** The formats a single submission's result can be written in, by the names --format takes. */
import type { KataReportV1 } from '../../../lib/kata/verdict';
import { Refusal } from '../../kata/errors';
import { autolab } from '../emit/autolab';
import { check50 } from '../emit/check50';
import { classroom50, type Classroom50Context, classroom50Context } from '../emit/classroom50';
import { exercism } from '../emit/exercism';
import { gradescope } from '../emit/gradescope';
import { junit } from '../emit/junit';

/** A format. */
export interface Format {
  /** How its files end. */
  readonly extension: 'json' | 'xml' | 'txt';
  /** It needs to know of the one submission what only the platform knows. */
  readonly onPlatform?: boolean;
  /** The document for the reports of one submission; most formats know one kata at a time. */
  readonly text: (reports: readonly KataReportV1[], env: NodeJS.ProcessEnv) => string;
}

/** All formats. */
export const FORMATS: Readonly<Record<string, Format>> = {
  kata: json(single),
  gradescope: json(gradescope),
  classroom50: {
    ...json((reports, env) => classroom50(reports, contextFrom(env))),
    onPlatform: true,
  },
  exercism: json((reports) => exercism(single(reports))),
  check50: json((reports) => check50(single(reports))),
  autolab: { extension: 'txt', text: (reports) => autolab(reports) },
  junit: { extension: 'xml', text: (reports) => junit(reports) },
};

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
  document: (reports: readonly KataReportV1[], env: NodeJS.ProcessEnv) => unknown,
): Format {
  return {
    extension: 'json',
    text: (reports, env) => `${JSON.stringify(document(reports, env), null, 2)}\n`,
  };
}

function single(reports: readonly KataReportV1[]): KataReportV1 {
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
