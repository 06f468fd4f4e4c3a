// SPDX-License-Identifier: GPL-2.0-only
/** How far somebody has come: a bar, what each level has left, what it took. */
import type { Kata } from '../katas';
import { isDone, type Standing } from '../state/standing';
import { tallyOf } from './list';
import type { Style } from './style';
import { columns, count } from './words';

const BAR_WIDTH = 40;
const LEVELS = ['easy', 'medium', 'hard'] as const;

export function printProgress(
  all: readonly Standing[],
  current: Kata | null,
  style: Style,
): string {
  const done = all.filter(isDone);
  const full = all.length === 0 ? 0 : Math.floor((BAR_WIDTH * done.length) / all.length);
  const bar = `[${style.green('#'.repeat(full))}${'-'.repeat(BAR_WIDTH - full)}]`;
  const levels = columns(
    LEVELS.map((level) => {
      const katas = all.filter(({ kata }) => kata.manifest.difficulty === level);
      return [`  ${level}`, `${katas.filter(isDone).length} of ${katas.length}`];
    }),
  );
  const lines = [`${bar} ${tallyOf(all)}`, '', ...levels, '', ...leftLines(all), ...wayBack(all)];
  if (current !== null) {
    lines.push(`You are at ${current.id}. It is shown by npx kata; npx kata next goes on.`);
  }
  return `${lines.join('\n')}\n`;
}

function leftLines(all: readonly Standing[]): string[] {
  const left = all.filter((standing) => !isDone(standing));
  const minutes = left.reduce((sum, { kata }) => sum + kata.manifest.minutes, 0);
  const hints = all.reduce((sum, standing) => sum + standing.hints, 0);
  const lines = [`${count(hints, 'hint')} read.`];
  if (left.length > 0) lines.unshift(`About ${count(minutes, 'minute')} of work are left.`);
  return lines;
}

/** Katas that held once and do not any more. */
function wayBack(all: readonly Standing[]): string[] {
  const lost = all.filter((standing) => standing.solved && !isDone(standing));
  if (lost.length === 0) return [];
  return [`Held once, but not as they are now: ${lost.map(({ kata }) => kata.id).join(', ')}.`];
}

/** The same for programs. */
export function progressDocument(
  all: readonly Standing[],
  tool: string,
  current: Kata | null,
): unknown {
  const left = all.filter((standing) => !isDone(standing));
  return {
    schema: 'kata-progress/v1',
    tool,
    done: all.length - left.length,
    total: all.length,
    current: current?.id ?? null,
    minutesLeft: left.reduce((sum, { kata }) => sum + kata.manifest.minutes, 0),
    katas: all.map((standing) => ({
      id: standing.kata.id,
      state: isDone(standing) ? 'done' : 'pending',
      solved: standing.solved,
      hints: standing.hints,
    })),
  };
}
