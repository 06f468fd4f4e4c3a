// SPDX-License-Identifier: GPL-2.0-only
/** Stacks in words, where it is us who write them. */

/**
 * Writes the lines of a stack as V8 does, but for places that `placeOf` gives, and for names of functions that would be read as
 * something else: the author of the code has chosen them.
 */
export function stackLines(
  sites: readonly NodeJS.CallSite[],
  placeOf: (file: string, site: NodeJS.CallSite) => string | null,
): string {
  return sites
    .map((site) => {
      const name = named(site.getFunctionName());
      const file = site.getScriptNameOrSourceURL();
      if (!file) return `\n    at ${site.isNative() ? 'native' : 'Object'}.${name} (<anonymous>)`;
      const place =
        placeOf(file, site) ??
        `${file}:${site.getLineNumber() ?? 1}:${site.getColumnNumber() ?? 1}`;
      return `\n    at ${name} (${place})`;
    })
    .join('');
}

/** Two words at most: `get value`. The functions of tasks are called as their tasks, `rbd-put/a`. */
const NAME = /^(?:[\w$]+ )?[\w$./-]{1,80}$/;

function named(name: string | null): string {
  if (name === null || name === '') return '<anonymous>';
  return NAME.test(name) ? name : '<unreadable>';
}
