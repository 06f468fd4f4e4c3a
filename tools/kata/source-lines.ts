// SPDX-License-Identifier: GPL-2.0-only
/**
 * Stacks that name the lines of katas/NN-slug/scenarios.ts and not of what the build made of it. Node can do so itself, for
 * every file and with a look into the sources for each stack: far too slow for a replay, which takes a stack at every access.
 */
import fs from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';

let mapped = '';

/** Makes stacks taken from here on speak of the source of one compiled file. */
export function mapStacks(compiled: string): void {
  if (compiled === mapped) return;
  mapped = compiled;
  Error.prepareStackTrace = stackText(compiled);
}

/** Writes stacks as Node does, but for the lines of one compiled file. */
export function stackText(
  compiled: string,
): (error: Error, sites: readonly NodeJS.CallSite[]) => string {
  const places = new Map<string, string>();
  const map = sourceMapOf(compiled);
  const folder = path.dirname(compiled);
  const place = (site: NodeJS.CallSite): string => {
    const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
    const key = `${line}:${column}`;
    let found = places.get(key);
    if (found === undefined) {
      const entry = map?.findEntry(line - 1, column - 1);
      found =
        entry !== undefined && 'originalSource' in entry
          ? `${path.resolve(folder, entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
          : `${compiled}:${key}`;
      places.set(key, found);
    }
    return found;
  };
  return (error, sites) => {
    const lines = sites.map((site) => {
      // eslint-disable-next-line @typescript-eslint/no-base-to-string -- V8's own, as stacks have it
      const text = site.toString();
      if (site.getFileName() !== compiled) return `\n    at ${text}`;
      return `\n    at ${text.replace(/[^( ]*:\d+:\d+/, () => place(site))}`;
    });
    return `${error.name}: ${error.message}${lines.join('')}`;
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
