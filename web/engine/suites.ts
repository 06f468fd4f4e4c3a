// SPDX-License-Identifier: GPL-2.0-only
/** A kata as the engine needs it, in one file of the site; and its suite, evaluated in the realm. */
import * as lib from '../../lib';
import type { Manifest } from '../../lib/kata/manifest';
import type { Suite } from '../../lib/scenario/scenario';

/** A file of scenarios, as tools/pages/script.ts writes it. */
export interface SuiteScript {
  readonly file: string;
  readonly code: string;
}

/** What is known of a kata: `data/NN-slug/kata.json` of the site. */
export interface KataData {
  readonly manifest: Manifest;
  /** The port as shipped. */
  readonly source: string;
  /** The worlds it imports, and its scenarios last. */
  readonly scripts: readonly SuiteScript[];
  /** The texts of those files, by the names places have for them. */
  readonly sources: Readonly<Record<string, string>>;
}

type Exports = Readonly<Record<string, unknown>>;
type Module = (load: (name: string) => Exports) => Exports;

/** Evaluates the scripts of a kata, in order; the last one exports its suite. */
export function suiteOf(
  { scripts }: KataData,
  evaluate: (code: string) => unknown,
): Suite<unknown> {
  const loaded = new Map<string, Exports>([['#lib', lib]]);
  let last: Exports = {};
  for (const { file, code } of scripts) {
    const module = evaluate(code) as Module; // the site's builder has written this text
    last = module((name) => {
      const found = loaded.get(name);
      if (found === undefined) throw new Error(`${file} imports ${name}, which is not there`);
      return found;
    });
    loaded.set(`../worlds/${baseName(file)}`, last);
  }
  return last['default'] as Suite<unknown>; // a scenarios.ts exports its suite as default
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.ts$/, '');
}
