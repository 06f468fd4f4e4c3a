// SPDX-License-Identifier: GPL-2.0-only
/** `kata hint ID`: the first hint, or as many as asked for. */
import { EXIT } from '../exit-code';
import { Fault, Refusal } from '../errors';
import { parseHints } from '../hints';
import { kataAt, kataIds, kataText } from '../katas';
import { printHints } from '../print/kata';
import { resolveId } from '../resolve-id';
import type { Shell } from '../shell';

export function hint(
  { root, style, write }: Shell,
  name: string,
  { level: typed = '1' }: { readonly level?: string },
): Promise<number> {
  const kata = kataAt(root, resolveId(name, kataIds(root)));
  const hints = parseHints(kataText(kata, 'hints.md'));
  if (hints.length === 0) throw new Fault(`katas/${kata.id}/hints.md holds no hints`);
  const level = /^\d{1,3}$/.test(typed) ? Number(typed) : 0;
  if (level < 1 || level > hints.length) {
    throw new Refusal(`--level ${typed}: this kata has hints 1 to ${hints.length}`);
  }
  write(printHints({ hints, level, number: kata.number }, style));
  return Promise.resolve(EXIT.holds);
}
