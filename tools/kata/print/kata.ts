// SPDX-License-Identifier: GPL-2.0-only
/** A kata's own texts: its page, its hints, and the welcome that leads to it. */
import type { Manifest } from '../../../lib/kata/manifest';
import { type Named, nextAfterFailure } from './next';
import type { Style } from './style';
import { wrapped, fitColumns } from './fit';
import { markdown } from './markdown';
import { count } from './words';

/** For somebody who is here for the first time. */
export function printWelcome(style: Style): string {
  const text = `Each kata is a race that Linux once had, in a small TypeScript port of its driver. You are shown
the report and the interleaving that leads to it; edit the one file that is named until it holds in every interleaving.
npx kata watch judges at every save, npx kata break lets you be the scheduler.`;
  return `${style.bold('Kernel race katas: real Linux races, to be fixed by you.')}\n\n${wrapped(text.replace(/\n/g, ' '), style.width).join('\n')}\n`;
}

/** A kata that holds. */
export function printDone({ id, title }: Manifest, style: Style): string {
  const words = 'Your driver holds in every interleaving.';
  return `${style.bold(`${id}: ${title}`)}\n${style.green(words)}\n`;
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
  const lines = (text: string): string[] => wrapped(text, style.width);
  const title = lines(`${manifest.id}: ${manifest.title}`).map(style.bold);
  const about = [...title, ...lines(facts).map(style.dim), '', ...lines(manifest.blurb)];
  return `${about.join('\n')}\n`;
}

/** The kata's README, its tasks, and where to work on them. */
export function printPage(
  page: { readonly readme: string; readonly manifest: Manifest; readonly file: string } & Named,
  style: Style,
): string {
  const tasks = fitColumns(
    page.manifest.tasks.map(({ id, title, points }) => [
      `Task ${id}`,
      count(points, 'point'),
      title,
    ]),
    style.width,
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
      ? `Still stuck?  npx kata hint ${number}  (hint ${level + 1} of ${hints.length})`
      : 'This was the last hint.';
  return `${shown.join('\n')}\n${more}\n`;
}
