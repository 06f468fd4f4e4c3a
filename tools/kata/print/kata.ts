// SPDX-License-Identifier: GPL-2.0-only
/** A kata's own texts: its page, its hints, and the welcome that leads to it. */
import type { Manifest } from '../../../lib/kata/manifest';
import { type Named, nextAfterFailure } from './next';
import type { Style } from './style';
import { columns, count, wrap } from './words';

/** Two lines for somebody who has typed nothing but `npx kata`. */
export function printWelcome(held: number, total: number, style: Style): string {
  const first = 'Kernel race katas: real Linux races, each to be fixed in one TypeScript file.';
  const done = `${held} of ${count(total, 'kata')} ${held === 1 ? 'holds' : 'hold'}`;
  return `${style.bold(first)}\n${done}; npx kata list shows them, npx kata --help every command.\n`;
}

/** When all katas hold. */
export function printAllHold(total: number, style: Style): string {
  const all = total === 1 ? 'The only kata holds' : `All ${total} katas hold`;
  return style.bold(style.green(`${all} in every interleaving. Congratulations!\n`));
}

/** What a kata is about, in a few lines. */
export function printIntroduction(manifest: Manifest, style: Style): string {
  const { difficulty, minutes, upstream } = manifest;
  const from = upstream === null ? '' : `, from Linux ${upstream.year} (${upstream.file})`;
  const facts = `${difficulty}, about ${count(minutes, 'minute')}${from}`;
  const title = style.bold(`${manifest.id}: ${manifest.title}`);
  return `${title}\n${style.dim(facts)}\n\n${wrap(manifest.blurb)}\n`;
}

/** The kata's README, its tasks, and where to work on them. */
export function printPage(
  page: { readonly readme: string; readonly manifest: Manifest; readonly file: string } & Named,
  style: Style,
): string {
  const tasks = columns(
    page.manifest.tasks.map(({ id, title, points }) => [
      `Task ${id}`,
      count(points, 'point'),
      title,
    ]),
  );
  const next = nextAfterFailure(page, page.file).split('\n');
  const commands = next.filter((line) => !line.startsWith('Story'));
  return `${markdown(page.readme, style)}\n${tasks.join('\n')}\n\n${commands.join('\n')}`;
}

/** Hints up to a level, and how to get the next. */
export function printHints(
  { hints, level, number }: { hints: readonly string[]; level: number; number: string },
  style: Style,
): string {
  const shown = hints.slice(0, level).map((hint) => markdown(hint, style));
  const more =
    level < hints.length
      ? `Still stuck? npx kata hint ${number} --level ${level + 1} (of ${hints.length})`
      : 'This was the last hint.';
  return `${shown.join('\n')}\n${more}\n`;
}

/** Markdown reads well as it is; headings stand out, and what only a browser needs goes. */
export function markdown(text: string, style: Style): string {
  const lines = text
    .replace(/\r\n/g, '\n')
    .replace(/<!--[\s\S]*?-->\n*/g, '')
    .trim()
    .split('\n');
  let code = false;
  const out = lines.map((line) => {
    if (line.startsWith('```')) code = !code;
    return !code && /^#{1,6} /.test(line) ? style.bold(line) : line;
  });
  return `${out.join('\n')}\n`;
}
