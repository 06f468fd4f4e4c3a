// SPDX-License-Identifier: GPL-2.0-only
/** How text looks: colours, none unless a person is looking, and how long its lines are. */
import pc from 'picocolors';
import { widthFor } from '../../../lib/report';

export interface Style extends Colours {
  /** Characters of a line. */
  readonly width: number;
  /** The same for a line that names a place in a file: programs want to read those whole. */
  readonly problemWidth: number;
}

type Colours = Pick<
  ReturnType<typeof pc.createColors>,
  'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'
>;

/** What decides about colour and width. */
export interface StyleFacts {
  readonly isTTY: boolean | undefined;
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
}

/** The style of this run. */
export function styleFor({ isTTY, columns, env, argv }: StyleFacts): Style {
  const unwanted = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  // A pipe has no isTTY at all, and picocolors would then decide by itself.
  const colours = pc.createColors(isTTY === true && !unwanted && !argv.includes('--no-color'));
  const width = widthFor(isTTY === true ? columns : undefined);
  const isRead = isTTY !== true || env['TERM_PROGRAM'] === 'vscode';
  return { ...colours, width, problemWidth: isRead ? Infinity : width };
}

/** No colours, and lines as in a pipe. */
export const PLAIN: Style = {
  ...pc.createColors(false),
  width: widthFor(undefined),
  problemWidth: Infinity,
};
