// SPDX-License-Identifier: GPL-2.0-only
/** `kata dev differ`: reads two drivers, hunts for a client that tells them apart, and tells what it found. */
import { loadSource } from '../../../lib/kata/files';
import { sourceOf } from '../../answers/source';
import { readDriver } from '../driver-source';
import { Refusal } from '../errors';
import type { Kata } from '../katas';
import { count } from '../print/words';
import { givenDriver, type Shell } from '../shell';
import { clientOf, WITH_CLIENTS } from './differ/calls';
import { type Extent, type Hunt, hunt } from './differ/differ';

/** What a hunt between two files came to. */
export function differ(shell: Shell, kata: Kata, a: string, b: string, extent: Extent): Hunt {
  const { driver: file } = kata.manifest;
  const one = loaded(shell, kata, a);
  const client = clientOf(file, one);
  if (client === null) {
    throw new Refusal(
      `nobody has said how ${file} is called: tools/kata/dev/differ/calls.ts has ${WITH_CLIENTS.join(', ')}`,
    );
  }
  return hunt({ file, client, a: one, b: loaded(shell, kata, b) }, extent);
}

function loaded(shell: Shell, kata: Kata, typed: string): Readonly<Record<string, unknown>> {
  const { file, shown } = givenDriver(shell.cwd, typed);
  const { text } = sourceOf(shell.root, kata.manifest, { text: readDriver(file, shown), shown });
  const driver = loadSource(text, kata.manifest, shown);
  if (!driver.ok) throw new Refusal(driver.problems.join('\n'));
  return driver.driver; // its exports by name
}

/** The report of a hunt. */
export function huntText(id: string, { difference, tried, unfinished }: Hunt): string {
  const left = unfinished === 0 ? '' : `, ${unfinished} more not explored to their end`;
  if (difference === null)
    return `${count(tried, 'client program')} tried${left}: none tells the two apart\n`;
  const { suite, onlyA, onlyB } = difference;
  const side = (name: string, outcomes: readonly string[]): string[] =>
    outcomes.length === 0 ? [] : [`only ${name}:`, ...outcomes.map((line) => `  ${line}`)];
  return [
    `The two differ, after ${count(tried, 'client program')}${left}.`,
    '',
    ...side('the first', onlyA),
    ...side('the second', onlyB),
    '',
    suite,
    '',
    `This is a whole katas/${id}/scenarios.ts, which accepts what the first driver gives. Its scenario and functions may go into the one there is.`,
    '',
  ].join('\n');
}
