// SPDX-License-Identifier: GPL-2.0-only
/** The site as `npm run site` builds it, built once for all tests of a state of the sources. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../../tools/kata/katas';
import { digestOf, kept, textsBelow } from '../../tools/pages/cache';

export const root = repositoryRoot();

const SOURCES = [
  ...['lib', 'tools', 'web', 'katas', 'solutions', 'docs', 'LICENSES'],
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'CODE_OF_CONDUCT.md', 'SECURITY.md'],
  ...['package-lock.json', 'tsconfig.json', 'typedoc.config.mjs', 'tsconfig.docs.json'],
];

/** The folder of the built site. */
export function builtSite(): Promise<string> {
  return kept(root, 'built', digestOf(textsBelow(root, SOURCES)), async (folder) => {
    await run('tools/house/build.js');
    await run('dist/tools/pages/main.js', folder);
  });
}

/** Runs a script of the repository. */
function run(script: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [path.join(root, script), ...args], { cwd: root });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${script} fails:\n${said}`));
    });
  });
}
