// SPDX-License-Identifier: GPL-2.0-only
/** A driver, or a kata.json, in the form of all others here. */
import path from 'node:path';
import { Refusal } from '../errors';

/** Formats a text as `npm run format` would; `shown` names it in messages, and is the name of a JSON file if it ends so. */
export async function formatted(root: string, text: string, shown: string): Promise<string> {
  const prettier = await import('prettier');
  const file = path.join(root, 'katas', shown.endsWith('.json') ? 'x.json' : 'x.ts'); // where it would lie
  try {
    return await prettier.format(text, { ...(await prettier.resolveConfig(file)), filepath: file });
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const [, what = first, at = ''] = /^(.*) \((\d+:\d+)\)$/.exec(first) ?? [];
    throw new Refusal(`${shown}${at === '' ? '' : `:${at}`}: ${what}`);
  }
}
