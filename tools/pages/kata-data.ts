// SPDX-License-Identifier: GPL-2.0-only
/** What the engine of the site must know of a kata, read from the repository. */
import fs from 'node:fs';
import path from 'node:path';
import type { Manifest } from '../../lib/kata/manifest';
import { shippedPort } from '../answers/shipped';
import { suiteFiles } from '../kata/suite-files';
import { shortFile } from '../../lib/report/frames';
import { type Script, scriptOf } from './script';

/** The data of one kata, as web/engine/suites.ts declares it. */
export interface EngineData {
  readonly manifest: Manifest;
  readonly source: string;
  readonly scripts: readonly Script[];
  readonly sources: Readonly<Record<string, string>>;
}

/** Reads a kata. Its port is the one that was shipped, whatever a learner has made of the file. */
export function engineData(root: string, manifest: Manifest): EngineData {
  const scenarios = path.join(root, 'katas', manifest.id, 'scenarios.ts');
  const files = suiteFiles(scenarios)
    .reverse()
    .map((file) => ({
      file: path.relative(root, file).split(path.sep).join('/'),
      text: fs.readFileSync(file, 'utf8'),
    }));
  return {
    manifest,
    source: shippedPort(root, manifest),
    scripts: files.map(({ file, text }) => scriptOf(text, file)),
    sources: Object.fromEntries(files.map(({ file, text }) => [shortFile(file), text])),
  };
}
