// SPDX-License-Identifier: GPL-2.0-only
/** Colour: none unless a person is looking. */
import pc from 'picocolors';

export type Style = Pick<
  ReturnType<typeof pc.createColors>,
  'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'
>;

/** What decides about colour. */
export interface ColourFacts {
  readonly isTTY: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
}

/** Colours for this run. */
export function styleFor({ isTTY, env, argv }: ColourFacts): Style {
  const unwanted = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  // A pipe has no isTTY at all, and picocolors would then decide by itself.
  return pc.createColors(isTTY === true && !unwanted && !argv.includes('--no-color'));
}

/** No colours. */
export const PLAIN: Style = pc.createColors(false);
