// SPDX-License-Identifier: GPL-2.0-only
/** What a watch shows: the report above, the verdict below, where a small terminal still has it in view. */
import type { Judgement } from '../judgement';
import type { Kata } from '../katas';
import { failureBlocks, verdictLine } from './judgement';
import { wrapped } from './fit';
import { markdown } from './markdown';
import type { Named } from './next';
import type { Style } from './style';
import { count, firstOf } from './words';

/** The keys, as the last line of a terminal shows them. */
export function keysLine(style: Style): string {
  const keys = ['run', 'hint', 'next', 'list', 'break', 'quit'];
  return style.dim(keys.map((word) => `[${word.slice(0, 1)}]${word.slice(1)}`).join('  '));
}

/** Which kata, which file. */
export function printHead({ id, manifest }: Kata, shown: string, style: Style): string {
  return `${style.bold(`${id}: ${manifest.title}`)}\n${style.dim(shown)}\n\n`;
}

/** The verdict before its reasons: one failing interleaving decides. */
export function printFirst(scenario: string, kind: string, style: Style): string {
  const fails = style.bold(style.red('The driver fails'));
  const text = `${fails}: ${kind} in ${scenario}; looking for the shortest interleaving ...`;
  return `${wrapped(text, style.width).join('\n')}\n`;
}

/** A judgement whose types are not known yet. */
export function printWatched(judgement: Judgement, command: string, style: Style): string {
  const { report, problems } = judgement;
  const refused = report.tests.length === 0;
  const lines = firstOf(refused ? [...problems] : [], PROBLEMS_MAX);
  if (refused && lines.length === 0) lines.push(report.message ?? report.status);
  const blocks = [
    lines
      .flatMap((line) => wrapped(line, style.problemWidth, '    '))
      .map(style.red)
      .join('\n'),
    ...failureBlocks({ judgement, title: null, command, all: false }, style),
    refused ? '' : verdictLine(report, 0, style),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const PROBLEMS_MAX = 5;

/** What the type check found; empty where there is nothing to say. */
export function printTypes(problems: readonly string[], style: Style): string {
  if (problems.length === 0) return '';
  const lines = firstOf(problems, PROBLEMS_MAX)
    .flatMap((line) => wrapped(line, style.problemWidth, '    '))
    .map(style.red);
  const points = 'a driver that does not type-check earns no points';
  return `\n${lines.join('\n')}\n${count(problems.length, 'type error')}: ${points}.\n`;
}

export interface Green {
  readonly kata: Named;
  /** solutions/NN-slug/README.md; empty where this repository has none. */
  readonly explanation: string;
  readonly hintsLeft: readonly string[];
  readonly next: { readonly id: string; readonly shown: string } | null;
}

/** After a success: what it was about, the hints not needed, and the next kata, which waits until it is asked for. */
export function printGreen({ kata, explanation, hintsLeft, next }: Green, style: Style): string {
  const hints = hintsLeft.map((hint) => markdown(hint, style)).join('\n');
  const blocks = [
    explanation === '' ? '' : markdown(explanation, style),
    hints === '' ? '' : `${style.bold('The hints you did not need')}\n\n${hints}`,
    `Side by side with ours: npx kata solution ${kata.number}\n`,
    `${style.green(`${kata.id} is done: it holds in every interleaving.`)}\n${
      next === null
        ? 'No kata is left: npx kata progress\n'
        : `Next: ${next.id}, ${next.shown} (press n, or npx kata next)\n`
    }`,
  ];
  return blocks.filter((block) => block !== '').join('\n');
}
