// SPDX-License-Identifier: GPL-2.0-only
/**
 * Stacks that name the lines of katas/NN-slug/scenarios.ts and its world, and not of what the build made of them. Node can do so
 * itself, for every file and with a look into the sources for each stack: far too slow for a replay, which takes a stack at every
 * access.
 */
import fs from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { stackLines } from './stack-lines';
import { suiteFiles } from './suite-files';

let mapped = '';

/** Makes stacks taken from here on speak of the sources of a kata's compiled scenarios. */
export function mapStacks(scenarios: string): void {
  if (scenarios === mapped) return;
  mapped = scenarios;
  const written = stackWriter(scenarios);
  Error.prepareStackTrace = ({ name, message }, sites) => `${name}: ${message}${written(sites)}`;
}

/** Writes the lines of a stack, those of a kata's compiled scenarios with the places in their sources. */
export function stackWriter(scenarios: string): (sites: readonly NodeJS.CallSite[]) => string {
  const places = new Map(suiteFiles(scenarios).map((file) => [file, placesIn(file)]));
  return (sites) => stackLines(sites, (file, site) => places.get(file)?.(site) ?? null);
}

/** Where in its source a place of a compiled file is. */
function placesIn(compiled: string): (site: NodeJS.CallSite) => string {
  const known = new Map<string, string>();
  const map = sourceMapOf(compiled);
  const folder = path.dirname(compiled);
  return (site) => {
    const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
    const key = `${line}:${column}`;
    let found = known.get(key);
    if (found === undefined) {
      const entry = map?.findEntry(line - 1, column - 1);
      found =
        entry !== undefined && 'originalSource' in entry
          ? `${path.resolve(folder, entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
          : `${compiled}:${key}`;
      known.set(key, found);
    }
    return found;
  };
}

function sourceMapOf(compiled: string): SourceMap | null {
  try {
    const text = fs.readFileSync(`${compiled}.map`, 'utf8');
    return new SourceMap(JSON.parse(text) as SourceMapPayload); // the compiler wrote it
  } catch {
    return null; // the lines are then those of the compiled file
  }
}
