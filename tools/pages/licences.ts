// SPDX-License-Identifier: GPL-2.0-only
/**
 * The notices of the libraries in the site, which their licences ask for. Vite writes those of the pages' own scripts; what only a worker
 * has, the locked realm and the compiler, is added here.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite' with { 'resolution-mode': 'import' };

/** Where they are in the site. */
export const LICENCES = 'assets/licences.txt';

/** Remembers the packages of every bundle it sees. */
export class Packages {
  readonly #folders = new Set<string>();

  /** A plugin for one bundle. */
  plugin(): Plugin {
    return {
      name: 'kata-packages',
      generateBundle: (_, files) => {
        for (const file of Object.values(files)) {
          if (file.type === 'chunk') file.moduleIds.forEach((id) => this.#see(id));
        }
      },
    };
  }

  #see(id: string): void {
    const [, folder] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id) ?? [];
    if (folder !== undefined) this.#folders.add(folder);
  }

  /** Adds the notices that are missing in the file that Vite has written. */
  complete(file: string): void {
    let text = fs.readFileSync(file, 'utf8');
    for (const folder of [...this.#folders].sort()) {
      const { name, version, license } = JSON.parse(
        fs.readFileSync(path.join(folder, 'package.json'), 'utf8'),
      ) as Record<string, string>; // npm has read it, too
      if (text.includes(`\n## ${name} - `)) continue;
      text += `\n## ${name} - ${version} (${license})\n\n${noticeIn(folder)}`;
    }
    fs.writeFileSync(file, text);
  }
}

function noticeIn(folder: string): string {
  return fs
    .readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|thirdpartynotice)/i.test(name))
    .sort()
    .map((name) => `${fs.readFileSync(path.join(folder, name), 'utf8').trim()}\n`)
    .join('\n');
}
