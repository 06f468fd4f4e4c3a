// SPDX-License-Identifier: GPL-2.0-only
/** Runs ESLint on a fixture in a separate process: the rules are ES modules, which Jest does not load. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

interface Result {
  readonly messages: readonly {
    readonly line: number;
    readonly messageId?: string;
    readonly message: string;
  }[];
  readonly output?: string;
}

const eslint = path.join(path.dirname(require.resolve('eslint/package.json')), 'bin', 'eslint.js');

/** ESLint's result for a file in a folder, with the configuration of that folder. */
export function lint(folder: string, file: string, ...options: string[]): Result {
  const run = spawnSync(process.execPath, [eslint, '--format', 'json', ...options, file], {
    cwd: folder,
    encoding: 'utf8',
  });
  // ESLint's own format has one result per file.
  const [result] = JSON.parse(run.stdout || `not JSON: ${run.stderr}`) as Result[];
  if (result === undefined) throw new Error(`eslint said nothing about ${file}`);
  return result;
}
