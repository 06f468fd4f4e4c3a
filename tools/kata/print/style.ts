// SPDX-License-Identifier: GPL-2.0-only
/** Colour: none unless a person is looking. */
import pc from 'picocolors';

export type Style = Pick<
  ReturnType<typeof pc.createColors>,
  'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'
>;

/** What decides about colour. */
export interface ColourFacts {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
}

/** Colours for this run. */
export function styleFor({ isTTY, env, argv }: ColourFacts): Style {
  const unwanted = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return pc.createColors(isTTY && !unwanted && !argv.includes('--no-color'));
}

/** No colours. */
export const PLAIN: Style = pc.createColors(false);
